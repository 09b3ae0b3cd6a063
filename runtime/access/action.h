// What rules of access are about.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace lotmesh::access {

enum class Action : std::uint8_t {
    Connect,
    Publish,
    Subscribe,
    Receive,
    Retain,
    Will,
    Sys,  // to see what is below $SYS; subscribe and receive are about all other topics
    Admin,
    Cluster,
};

inline constexpr std::array kActions = {
    Action::Connect, Action::Publish, Action::Subscribe, Action::Receive, Action::Retain,
    Action::Will,    Action::Sys,     Action::Admin,     Action::Cluster,
};

std::string_view to_string(Action action);  // "connect"
std::optional<Action> parse_action(std::string_view word);

// The others are about the whole node.
constexpr bool has_topic(Action action) {
    switch (action) {
        case Action::Connect:
        case Action::Admin:
        case Action::Cluster: return false;
        case Action::Publish:
        case Action::Subscribe:
        case Action::Receive:
        case Action::Retain:
        case Action::Will:
        case Action::Sys: return true;
    }
    return false;
}

class ActionSet {
public:
    constexpr ActionSet() = default;
    constexpr ActionSet(std::initializer_list<Action> actions) {
        for (const Action action : actions)
            add(action);
    }

    constexpr void add(Action action) { bits_ |= bit(action); }
    constexpr void add(ActionSet other) { bits_ |= other.bits_; }
    constexpr bool has(Action action) const { return (bits_ & bit(action)) != 0; }
    constexpr bool has_all(ActionSet other) const { return (bits_ & other.bits_) == other.bits_; }
    constexpr void remove(ActionSet other) { bits_ &= static_cast<std::uint16_t>(~other.bits_); }
    constexpr bool empty() const { return bits_ == 0; }
    bool operator==(const ActionSet&) const = default;

private:
    static constexpr std::uint16_t bit(Action action) {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(action));
    }
    std::uint16_t bits_ = 0;
};

// What two words stand for that most people need.
inline constexpr ActionSet kRead = {Action::Subscribe, Action::Receive};
inline constexpr ActionSet kWrite = {Action::Publish, Action::Retain, Action::Will};

}  // namespace lotmesh::access
