// The tables of docs/lot-language.md say what the schema says.
#include <doctest/doctest.h>

#include <fmt/core.h>

#include "compiler/sema/schema.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::sema;

namespace {

std::string value_of(const KeySchema& key) {
    switch (key.type) {
        case ValueType::Text: return key.secret ? "text, secret |" : "text |";
        case ValueType::Address: return "host name, IPv4 or IPv6 |";
        case ValueType::ClientId:
            return fmt::format("1 to {} printable ASCII characters |", key.max);
        case ValueType::Integer: return fmt::format("{} to {} ", key.min, key.max);
        case ValueType::Boolean: return "boolean |";
        case ValueType::Choice: break;
    }
    std::string words;
    for (const std::string_view choice : key.choices)
        words += fmt::format("{}`\"{}\"`", words.empty() ? "" : ", ", choice);
    return words + " |";
}

std::string default_of(const KeySchema& key) {
    if (key.required) return "required";
    return key.default_text.empty() ? "none" : std::string(key.default_text);
}

}  // namespace

TEST_CASE("the reference page has a row for each key of the schema, and no other one") {
    const std::string page = test::read_text(LOTMESH_SOURCE_DIR "/docs/lot-language.md");
    const std::string tables = page.substr(0, page.find("## Other parts"));
    std::size_t rows = 0;
    for (const BlockSchema& block : cluster_blocks()) {
        const std::size_t heading = tables.find(
            fmt::format("## MQTT_CLUSTER: `ADD {}` {}({})\n", block.name,
                        block.portable ? "" : "* ", block.required ? "required" : "optional"));
        CAPTURE(block.name);
        REQUIRE(heading != std::string::npos);
        for (const KeySchema& key : block.keys) {
            CAPTURE(key.name);
            const std::string begin =
                fmt::format("| `{}`{} | {}", key.name, key.portable ? "" : " *", value_of(key));
            const std::size_t row = tables.find(begin, heading);
            REQUIRE(row != std::string::npos);
            const std::string line = tables.substr(row, tables.find('\n', row) - row);
            CHECK(line.ends_with(fmt::format("| {} | {} |", default_of(key), key.meaning)));
            ++rows;
        }
    }
    std::size_t written = 0;
    for (std::size_t at = 0; (at = tables.find("\n| `", at)) != std::string::npos; ++at)
        ++written;
    CHECK(written == rows);
}
