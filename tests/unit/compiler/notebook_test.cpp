#include "compiler/source/notebook.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "compiler/compile.h"
#include "compiler/diag/render.h"
#include "compiler/format_file.h"

using namespace lotmesh;
using source::lot_cells;
using source::notebook_offset;
using source::with_cells;

namespace {

constexpr const char* kRoute =
    R"(DEFINE ROUTE A WITH TYPE MQTT_CLUSTER\n    ADD CLUSTER_CONFIG\n)"
    R"(        WITH BROKER_ADDRESS \"a\"\n        WITH BROKER_PORT '1'\n)"
    R"(        WITH CLIENT_ID \"a\")";

std::string lot_cell(const std::string& raw) {
    return R"({"kind": 2, "language": "lot", "value": ")" + raw + "\"}";
}

source::SourceText notebook(std::string text) { return {"n.lotnb", std::move(text)}; }

std::string error_of(const std::string& text) {
    const auto cells = lot_cells(notebook(text));
    REQUIRE_FALSE(cells.has_value());
    return std::to_string(cells.error().offset) + " " + cells.error().message;
}

}  // namespace

TEST_CASE("only files of that name are notebooks") {
    CHECK(source::is_notebook("a/b.lotnb"));
    CHECK_FALSE(source::is_notebook("a/b.lot"));
    CHECK_FALSE(source::is_notebook("b.lotnb#cell1"));
}

TEST_CASE("an empty or blank file is an empty notebook") {
    for (const char* text : {"", " \r\n\t", "\xEF\xBB\xBF", "[]"}) {
        const auto cells = lot_cells(notebook(text));
        REQUIRE(cells.has_value());
        CHECK(cells->empty());
        CHECK(with_cells(notebook(text), {}) == text);
        CHECK(format_file(notebook(text)).text == text);
    }
}

TEST_CASE("lot cells are counted over all cells, and others are left alone") {
    const auto cells = lot_cells(notebook(
        R"([{"kind":1,"language":"markdown","value":"x"},{"language":"lot","value":"one"},)"
        R"({"kind":2,"language":"python","value":"y"},{"kind":2,"value":"two","language":"lot",)"
        R"("extra":{"value":["deep", 1.5, null, true]}}])"));
    REQUIRE(cells.has_value());
    REQUIRE(cells->size() == 2);
    CHECK((*cells)[0].name == "n.lotnb#cell1");
    CHECK((*cells)[0].text == "one");
    CHECK((*cells)[1].name == "n.lotnb#cell3");
    CHECK((*cells)[1].text == "two");
}

TEST_CASE("what is no notebook is told with its place") {
    CHECK(error_of("{}") == "0 a notebook is a JSON array of cells");
    CHECK(error_of(" 7") == "0 a notebook is a JSON array of cells");
    CHECK(error_of("[ 12]") == "2 a cell is a JSON object");
    CHECK(error_of("[{\"kind\":1}, [") == "13 a cell is a JSON object");
    CHECK(error_of("[{\"kind\":1}, {\"kind\":2}]") == "13 this cell has no `language`");
    CHECK(error_of("[{\"language\":\"lot\"}]") == "1 this cell has no `value`");
    CHECK(error_of("[{\"language\":1}]") == "11 `language` is not a string");
    CHECK(error_of("[{\"value\":{}}]") == "8 `value` is not a string");
    CHECK(error_of("[{\"kind\" 2}]") == "9 this is not JSON");
    CHECK(error_of("[] x") == "3 this is not JSON");
    CHECK(error_of("[").ends_with(" this is not JSON"));
}

TEST_CASE("a notebook has so many cells and no more") {
    std::string text = "[";
    for (std::size_t i = 0; i < source::kNotebookCellsMax; ++i)
        text += "{\"kind\":1},";
    text.back() = ']';
    CHECK(lot_cells(notebook(text)).has_value());
    text.back() = ',';
    CHECK(error_of(text + "{\"kind\":1}]").ends_with("more than 10000 cells"));
}

TEST_CASE("deep nesting is no danger") {
    const std::string deep(1'000'000, '[');
    CHECK(error_of("[{\"x\":" + deep) == "68 this is nested more than 64 deep");
}

TEST_CASE("a changed cell changes nothing beside it") {
    const std::string text = "\xEF\xBB\xBF[ " + lot_cell(R"(a\u00e9\/)") + " ,\r\n" +
                             lot_cell("b") + R"(, {"kind" : 1, "odd": 1e5 } ])" + "\n";
    const std::vector<std::string> same = {"a\xC3\xA9/", "b"};
    CHECK(with_cells(notebook(text), same) == text);
    const std::vector<std::string> changed = {"a\xC3\xA9/", "c \"d\"\n"};
    std::string expected = text;
    expected.replace(expected.find("\"b\""), 3, R"("c \"d\"\n")");
    CHECK(with_cells(notebook(text), changed) == expected);
}

TEST_CASE("offsets in a cell are found again in its notebook") {
    const std::string raw = R"(a\n\"\u00e9\u20ac\ud83d\ude00x)";
    const std::string text = "[" + lot_cell(raw) + "]";
    const auto cells = lot_cells(notebook(text));
    REQUIRE(cells.has_value());
    const source::SourceText& cell = cells->front();
    REQUIRE(cell.cell.has_value());
    const auto raw_at = [&](std::string_view part) { return text.find(raw) + raw.find(part); };
    const auto offset_of = [&](std::string_view part) {
        return notebook_offset(*cell.cell, static_cast<std::uint32_t>(cell.text.find(part)));
    };
    CHECK(offset_of("a") == raw_at("a"));
    CHECK(offset_of("\n") == raw_at("\\n"));
    CHECK(offset_of("\"") == raw_at("\\\""));
    CHECK(offset_of("\xE2\x82\xAC") == raw_at("\\u20ac"));
    CHECK(offset_of("\xF0\x9F") == raw_at("\\ud83d"));
    CHECK(offset_of("x") == raw_at("x"));
    CHECK(notebook_offset(*cell.cell, static_cast<std::uint32_t>(cell.text.size())) ==
          raw_at("x") + 1);
}

TEST_CASE("all cells of a notebook make one plan") {
    std::string second = kRoute;
    second.replace(second.find(" A "), 3, " B ");
    second.replace(second.find("CLIENT_ID \\\"a"), 13, "CLIENT_ID \\\"b");
    const auto file = notebook("[" + lot_cell(kRoute) + "," + lot_cell(second) + "]");
    const CompileResult result = compile({&file, 1});
    REQUIRE(result.ok());
    CHECK(result.plan->links.size() == 2);
}

TEST_CASE("JSON findings name the cell and the place in the notebook") {
    const auto file = notebook("[" + lot_cell("x\\n# y") + "]");
    const auto json = nlohmann::json::parse(diag::render_json(compile({&file, 1}).report));
    const auto& finding = json["diagnostics"].back();
    CHECK(finding["file"] == "n.lotnb#cell0");
    CHECK(finding["line"] == 2);
    CHECK(finding["notebook"]["file"] == "n.lotnb");
    CHECK(finding["notebook"]["cell"] == 0);
    CHECK(finding["notebook"]["begin"] == file.text.find('#'));
}

TEST_CASE("a notebook that is too large is refused as every file is") {
    const auto file = notebook("[" + lot_cell(kRoute) + "]");
    CompileOptions options;
    options.limits.file_bytes_max = file.text.size();
    CHECK(compile({&file, 1}, options).ok());
    options.limits.file_bytes_max -= 1;
    const CompileResult result = compile({&file, 1}, options);
    REQUIRE(result.report.diagnostics.size() == 1);
    CHECK(result.report.diagnostics.front().code == diag::Code::FileTooLarge);
}

TEST_CASE("formatting writes each lot cell anew, in its place, without a last line's end") {
    std::string untidy = kRoute;
    untidy.replace(untidy.find("    ADD"), 7, " ADD");
    const std::string python = R"({"kind":2,"language":"python","value":"if x:\n  y"})";
    const std::string before = "[" + python + ", " + lot_cell(untidy) + "]\n";
    const std::string after = "[" + python + ", " + lot_cell(kRoute) + "]\n";
    CHECK(format_file(notebook(before)).text == after);
    CHECK(format_file(notebook(after)).text == after);
    const std::string route = kRoute;
    const std::string unclosed = route.substr(0, route.size() - 2);
    const auto broken = format_file(notebook("[" + lot_cell(unclosed) + "]"));
    CHECK_FALSE(broken.text.has_value());
    CHECK(broken.report.has_errors());
}
