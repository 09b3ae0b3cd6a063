// The table of what the language knows: route types, blocks, keys, what values they take, their
// defaults and ranges. Validation, defaults, did-you-mean, lowering and the reference page
// (docs/lot-language.md) all follow from it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "compiler/ir/plan.h"

namespace lotmesh::sema {

enum class ValueType : std::uint8_t {
    Text,
    Address,
    ClientId,
    Topic,
    Integer,
    Boolean,
    Choice,
    Self,  // the word SELF and nothing else
};

// A value that passed: the one member that its type names.
struct Setting {
    std::string text = {};
    std::uint32_t number = 0;
    bool flag = false;         // also of an address that is SELF
    bool placeholder = false;  // a reference without a value stands in the text
};

// Where a value goes: a key of a block of the one kind, or of the other.
using Apply =
    std::variant<void (*)(ir::Link&, const Setting&), void (*)(ir::BridgeEnd&, const Setting&),
                 void (*)(ir::Mapping&, const Setting&), void (*)(ir::Overload&, const Setting&)>;

struct KeySchema {
    std::string_view name;
    ValueType type = ValueType::Text;
    bool required = false;
    bool spared_by_self = false;  // not required where BROKER SELF stands
    bool takes_self = false;      // of an address: SELF is one
    bool secret = false;          // the value is never shown
    bool portable = true;         // false: only this broker knows it
    std::uint32_t min = 0;        // of integers
    std::uint32_t max = 0;
    std::string_view default_text = {};  // for people; "" is none
    std::string_view sample = {};        // a good value, as written
    std::string_view expected = {};      // "a port number"
    std::string_view meaning = {};
    std::string_view statement = "WITH ";            // stands before the name in a text that helps
    std::span<const std::string_view> choices = {};  // in the order of the enum that apply makes
    Apply apply = static_cast<void (*)(ir::Link&, const Setting&)>(nullptr);
};

// What part of a route the keys of a block are applied to; `apply` of all of them is of that type.
enum class BlockTarget : std::uint8_t {
    Link,
    LinkOverload,
    Source,
    Destination,
    Mapping,
    BridgeOverload,
};

struct BlockSchema {
    std::string_view name;
    BlockTarget target = BlockTarget::Link;
    bool required = false;
    bool named = false;  // stands any number of times, each time with another name
    bool portable = true;
    std::span<const KeySchema> keys = {};
};

struct RouteSchema {
    std::string_view type;
    std::string_view about;
    // The one block that every route of this type has, so that its keys tell where it is missing;
    // "" where there are several.
    std::string_view main_block;
    std::span<const BlockSchema> blocks = {};
};

// The route types that this broker understands.
std::span<const RouteSchema> route_schemas();
inline constexpr std::string_view kClusterType = "MQTT_CLUSTER";
inline constexpr std::string_view kBridgeType = "MQTT_BRIDGE";

const RouteSchema* find_route(std::string_view type);
const BlockSchema* find_block(const RouteSchema& route, std::string_view name);
const KeySchema* find_key(const BlockSchema& block, std::string_view name);
// A block of another type: known, but not for this one.
bool is_foreign_block(const RouteSchema& route, std::string_view name);

// Every route type of the language.
std::span<const std::string_view> route_types();

// The key that other route types or other products call by this name; none: no such synonym.
std::optional<std::string_view> synonym_of(std::string_view name);

bool contains(std::span<const std::string_view> words, std::string_view word);

}  // namespace lotmesh::sema
