#include "compiler/route_template.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "compiler/sema/schema.h"

namespace lotmesh {

namespace {

constexpr std::array kTypes = {sema::kClusterType, sema::kBridgeType};

std::string_view type_word(sema::ValueType type) {
    switch (type) {
        case sema::ValueType::Integer: return "int";
        case sema::ValueType::Boolean: return "bool";
        case sema::ValueType::Text:
        case sema::ValueType::Topic:
        case sema::ValueType::Self:
        case sema::ValueType::Address:
        case sema::ValueType::ClientId:
        case sema::ValueType::Choice: return "string";
    }
    UNREACHABLE();
}

std::string_view quote(sema::ValueType type) {
    switch (type) {
        case sema::ValueType::Integer: return "'";
        case sema::ValueType::Self:
        case sema::ValueType::Boolean: return "";
        case sema::ValueType::Text:
        case sema::ValueType::Topic:
        case sema::ValueType::Address:
        case sema::ValueType::ClientId:
        case sema::ValueType::Choice: return "\"";
    }
    UNREACHABLE();
}

// Commas part the members of a field.
std::string member(std::string_view text) {
    std::string result(text);
    std::ranges::replace(result, ',', ';');
    return result;
}

std::string field(const sema::KeySchema& key) {
    std::string validation = member(key.expected);
    if (key.type == sema::ValueType::Integer) validation = fmt::format("{}-{}", key.min, key.max);
    return fmt::format("#{},{},{},{},{}#", key.name, type_word(key.type), member(key.meaning),
                       validation, key.required);
}

// One end of a bridge is this broker: as most are, and so that no field stands there twice.
std::string block_template(const sema::BlockSchema& block) {
    std::string text = fmt::format("    ADD {}{}\n", block.name, block.named ? " First" : "");
    if (block.target == sema::BlockTarget::Source) return text + "        WITH BROKER SELF\n";
    for (const sema::KeySchema& key : block.keys)
        if (key.type != sema::ValueType::Self)
            text += fmt::format("        WITH {} {}{}{}\n", key.name, quote(key.type), field(key),
                                quote(key.type));
    return text;
}

}  // namespace

std::span<const std::string_view> template_types() { return kTypes; }

std::optional<std::string> route_template(std::string_view type) {
    if (!sema::contains(kTypes, type)) return std::nullopt;
    std::string text = fmt::format(
        "DEFINE ROUTE #NAME,identifier,the name of the route,letters digits _ . -,true# WITH TYPE "
        "{}\n",
        type);
    for (const sema::BlockSchema& block : sema::find_route(type)->blocks)
        if (block.required) text += block_template(block);
    return text;
}

}  // namespace lotmesh
