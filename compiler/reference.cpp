#include "compiler/reference.h"

#include <fmt/core.h>

#include "base/assert.h"
#include "compiler/sema/schema.h"

namespace lotmesh {

namespace {

using sema::BlockSchema;
using sema::KeySchema;
using sema::ValueType;

std::string choices_of(const KeySchema& key) {
    std::string words;
    for (const std::string_view choice : key.choices)
        words += fmt::format("{}`\"{}\"`", words.empty() ? "" : ", ", choice);
    return words;
}

// "milliseconds" of "a number of milliseconds".
std::string_view unit_of(const KeySchema& key) {
    constexpr std::string_view kBegin = "a number of ";
    return key.expected.starts_with(kBegin) ? key.expected.substr(kBegin.size()) : "";
}

std::string value_of(const KeySchema& key) {
    switch (key.type) {
        case ValueType::Text: return key.secret ? "text, secret" : "text";
        case ValueType::Address: return "host name, IPv4 or IPv6";
        case ValueType::ClientId: return fmt::format("1 to {} printable ASCII characters", key.max);
        case ValueType::Topic: return "topic or topic filter";
        case ValueType::Integer: {
            const std::string_view unit = unit_of(key);
            return fmt::format("{} to {}{}{}", key.min, key.max, unit.empty() ? "" : " ", unit);
        }
        case ValueType::Boolean: return "boolean";
        case ValueType::Choice: return choices_of(key);
        case ValueType::Self: return "`SELF`";
    }
    UNREACHABLE();
}

std::string_view default_of(const KeySchema& key) {
    if (key.spared_by_self) return "required, not with `BROKER SELF`";
    if (key.required) return "required";
    return key.default_text.empty() ? "none" : key.default_text;
}

std::string_view how_often(const BlockSchema& block) {
    if (block.named) return block.required ? "one or more" : "any number";
    return block.required ? "required" : "optional";
}

std::string render_block(std::string_view type, const BlockSchema& block) {
    std::string out = fmt::format(
        "## {}: `ADD {}{}` {}({})\n\n| key | value | default | meaning |\n|---|---|---|---|\n",
        type, block.name, block.named ? " name" : "", block.portable ? "" : "* ", how_often(block));
    for (const KeySchema& key : block.keys)
        out += fmt::format("| `{}`{} | {} | {} | {} |\n", key.name, key.portable ? "" : " *",
                           value_of(key), default_of(key), key.meaning);
    return out;
}

}  // namespace

std::string render_reference(std::string_view type) {
    const sema::RouteSchema* const route = sema::find_route(type);
    ASSERT(route != nullptr);
    std::string out;
    for (const BlockSchema& block : route->blocks)
        out += (out.empty() ? "" : "\n") + render_block(type, block);
    return out;
}

}  // namespace lotmesh
