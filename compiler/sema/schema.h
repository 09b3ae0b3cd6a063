// The table of what the language knows: route types, blocks, keys, what values they take, their
// defaults and ranges. Validation, defaults, did-you-mean, lowering and the reference page
// (docs/lot-language.md) all follow from it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "compiler/ir/plan.h"

namespace lotmesh::sema {

enum class ValueType : std::uint8_t { Text, Address, ClientId, Integer, Boolean, Choice };

// A value that passed: the one member that its type names.
struct Setting {
    std::string text = {};
    std::uint32_t number = 0;
    bool flag = false;
};

struct KeySchema {
    std::string_view name;
    ValueType type = ValueType::Text;
    bool required = false;
    bool secret = false;    // the value is never shown
    bool portable = true;   // false: only this broker knows it
    std::uint32_t min = 0;  // of integers
    std::uint32_t max = 0;
    std::string_view default_text = {};  // for people; "" is none
    std::string_view sample = {};        // a good value, as written
    std::string_view expected = {};      // "a port number"
    std::string_view meaning = {};
    std::span<const std::string_view> choices = {};  // in the order of the enum that apply() makes
    void (*apply)(ir::Link& link, const Setting& setting) = nullptr;
};

struct BlockSchema {
    std::string_view name;
    bool required = false;
    bool portable = true;
    std::span<const KeySchema> keys = {};
};

// The blocks of MQTT_CLUSTER, the one type that this broker runs.
std::span<const BlockSchema> cluster_blocks();
inline constexpr std::string_view kClusterType = "MQTT_CLUSTER";

const BlockSchema* find_cluster_block(std::string_view name);
const KeySchema* find_key(const BlockSchema& block, std::string_view name);

// Every route type of the language.
std::span<const std::string_view> route_types();
// Blocks of other route types: known, but not for a cluster route.
std::span<const std::string_view> foreign_blocks();

// The key that other route types or other products call by this name; none: no such synonym.
std::optional<std::string_view> synonym_of(std::string_view name);

bool contains(std::span<const std::string_view> words, std::string_view word);

}  // namespace lotmesh::sema
