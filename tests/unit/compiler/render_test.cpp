#include "compiler/diag/render_text.h"

#include <doctest/doctest.h>

#include <fmt/core.h>

#include <cstdlib>
#include <fstream>

#include "compiler/compile.h"
#include "compiler/diag/display_width.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using diag::Code;

namespace {

diag::Diagnostic at(std::uint32_t begin, std::uint32_t end, std::string message) {
    return diag::draft(Code::UnexpectedText, {0, begin, end}, std::move(message));
}

source::SourceSet sources_of(std::string text) {
    source::SourceSet sources;
    sources.emplace_back(SourceText{"a.lot", std::move(text)});
    return sources;
}

std::string render_route(std::string_view lines) {
    const SourceText file{"a.lot", "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER\n ADD CLUSTER_CONFIG\n" +
                                       std::string(lines)};
    return diag::render_text(compile({&file, 1}).report);
}

}  // namespace

TEST_CASE("a diagnostic shows its line, carets, a second place, notes and help") {
    diag::Diagnostic diagnostic = at(5, 9, "this is wrong");
    diagnostic.caption = "expected better";
    diagnostic.related.push_back({{0, 12, 15}, "because of this"});
    diagnostic.notes.push_back("it is so");
    diagnostic.help = "write it right";
    CHECK(diag::render_text(diagnostic, sources_of("some text\nor two\n")) ==
          "error[LOT0102]: this is wrong\n"
          "  --> a.lot:1:6\n"
          "   |\n"
          " 1 | some text\n"
          "   |      ^^^^ expected better\n"
          " 2 | or two\n"
          "   |   --- because of this\n"
          "   = note: it is so\n"
          "   = help: write it right\n");
}

TEST_CASE("lines between two places are left out") {
    diag::Diagnostic diagnostic = at(0, 1, "first");
    diagnostic.related.push_back({{0, 6, 7}, "last"});
    CHECK(diag::render_text(diagnostic, sources_of("a\nb\nc\nd\n")) ==
          "error[LOT0102]: first\n  --> a.lot:1:1\n   |\n 1 | a\n   | ^\n....\n 4 | d\n   | - "
          "last\n");
}

TEST_CASE("tabs and wide characters keep carets below what they mean") {
    const diag::Diagnostic diagnostic = at(1 + 6, 1 + 9, "x");
    CHECK(diag::render_text(diagnostic, sources_of("\t\u65e5\u672c\u8a9e!")) ==
          "error[LOT0102]: x\n  --> a.lot:1:4\n   |\n 1 |     \u65e5\u672c\u8a9e!\n"
          "   |         ^^\n");
    CHECK(diag::display_width("e\u0301") == 1);
}

TEST_CASE("colour is there only when asked for") {
    const diag::Diagnostic diagnostic = at(0, 1, "x");
    const auto sources = sources_of("a");
    CHECK(diag::render_text(diagnostic, sources).find('\x1b') == std::string::npos);
    const std::string coloured = diag::render_text(diagnostic, sources, {.colour = true});
    CHECK(coloured.find("\x1b[1;31merror[LOT0102]\x1b[0m") != std::string::npos);
}

TEST_CASE("a long line is cut around the mark, in 80 columns and in 200") {
    const std::string line = std::string(300, 'a') + "B" + std::string(300, 'c');
    const auto sources = sources_of(line);
    for (const std::size_t columns : {std::size_t{80}, std::size_t{200}}) {
        const std::string text =
            diag::render_text(at(300, 301, "x"), sources, {.colour = false, .columns = columns});
        std::size_t begin = 0;
        for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
            CHECK(end - begin <= columns);
        CHECK(text.find("aaaBccc") != std::string::npos);
    }
}

TEST_CASE("a position at the very end of a text can be shown") {
    CHECK(diag::render_text(at(2, 2, "end"), sources_of("a\n")) ==
          "error[LOT0102]: end\n  --> a.lot:2:1\n   |\n 2 | \n   | ^\n");
    CHECK(diag::render_text(at(0, 0, "nothing"), sources_of("")) ==
          "error[LOT0102]: nothing\n  --> a.lot:1:1\n   |\n 1 | \n   | ^\n");
}

TEST_CASE("a place in another file is shown below its name") {
    source::SourceSet sources = sources_of("first\n");
    sources.emplace_back(SourceText{"b.lot", "second\n"});
    diag::Diagnostic diagnostic = at(0, 5, "x");
    diagnostic.span.file = 1;
    diagnostic.related.push_back({{0, 0, 5}, "here"});
    CHECK(diag::render_text(diagnostic, sources).find("   ::: a.lot:1:1\n") == std::string::npos);
    CHECK(diag::render_text(diagnostic, sources).find("  ::: a.lot:1:1\n   |\n 1 | first\n") !=
          std::string::npos);
}

TEST_CASE("one line for a log names file, place, code and message") {
    CHECK(diag::render_line(at(3, 4, "x"), sources_of("a\nbc")) == "a.lot:2:2: error[LOT0102]: x");
}

TEST_CASE("control characters of a source reach neither a terminal nor a log") {
    const diag::Diagnostic diagnostic = at(0, 1, "`\x1b[31m\u009b\x7f` is odd");
    const auto sources = sources_of("\x1b]0;title\a \u009b31m\n");
    CHECK(diag::render_line(diagnostic, sources) ==
          "a.lot:1:1: error[LOT0102]: `\\x1b[31m\\xc2\\x9b\\x7f` is odd");
    const std::string text = diag::render_text(diagnostic, sources);
    for (const char* const odd : {"\x1b", "\a", "\x7f", "\u009b"})
        CHECK(text.find(odd) == std::string::npos);
    source::SourceSet named;
    named.emplace_back(SourceText{"\x1b.lot", "a"});
    CHECK(diag::render_line(at(0, 1, "x"), named) == "\\x1b.lot:1:1: error[LOT0102]: x");
}

TEST_CASE("a message has its largest size; of one byte more the middle is left out") {
    const auto sources = sources_of("a");
    const std::string most(kRemarkBytesMax, 'a');
    CHECK(diag::render_line(at(0, 1, most), sources).ends_with(": " + most));
    const std::string line = diag::render_line(at(0, 1, most + "b"), sources);
    CHECK(line.find("a...a") != std::string::npos);
    CHECK(line.ends_with("ab"));
    CHECK(line.size() < kRemarkBytesMax + 40);
    const SourceText file{"a.lot",
                          "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER ADD CLUSTER_CONFIG WITH " +
                              std::string(1'000'000, 'K') + " 1"};
    CHECK(diag::render_text(compile({&file, 1}).report).size() < 20'000);
}

TEST_CASE("passwords are not shown, however they are written") {
    for (const char* const line : {
             "WITH PASSWORD \"hunter2\" \"more\"\n",
             "WITH PASSWORD hunter2\n",
             "WITH PASSWORD \"hunter2\n",
             "WITH PASSWRD \"hunter2\"\n",
             "WITH PASSWRD\n \"hunter2\" 'x'\n",
             "PASSWORD \"hunter2\"\n",
             "WITH API_KEY 'hunter2'\n",
             "WITH CLIENT_CERT_PASS \"hunter2\" + + \"hunter2\"\n",
             "WITH \"PASSWORD\" \"hunter2\"\n",
             "WITH PASSWORD = \"hunter2\"\n",
             "PASSWORD\"hunter2\"\n",
             "WITH PASSWORD \"one\"\n\"hunter2\"\nWITH X 1\n",
             "WITH PASSWORD \"one\"\n\"hunter2\"\nDEFINE ROUTE B",
             "WITH PASSWORD\nhunter2 'x'\n",
             "WITH PASSWORD 'x'\n= hunter2\n",
         }) {
        CAPTURE(line);
        const std::string text = render_route(line);
        CHECK(text.find("hunter2") == std::string::npos);
        CHECK(text.find("PASS") != std::string::npos);
    }
}

TEST_CASE("a second place outside of what is shown of a long line stands at its edge") {
    const auto sources = sources_of(std::string(500, 'a'));
    diag::Diagnostic diagnostic = at(10, 12, "x");
    diagnostic.related.push_back({{0, 400, 410}, "far away"});
    const std::string text =
        diag::render_text(diagnostic, sources, {.colour = false, .columns = 80});
    CHECK(text.find(" -\n   | ") != std::string::npos);
    CHECK(text.find("  far away\n") != std::string::npos);
    std::swap(diagnostic.span, diagnostic.related[0].span);
    CHECK(diag::render_text(diagnostic, sources, {.colour = false, .columns = 80})
              .find("- far away\n") != std::string::npos);
}

TEST_CASE("captions, notes and help go on in the next line of a terminal, and nowhere else") {
    const auto sources = sources_of(std::string(60, 'a') + "b");
    diag::Diagnostic diagnostic = at(10, 12, "x");
    diagnostic.caption = "a caption that has more words than one line of the terminal takes";
    diagnostic.notes = {"a note that has more words than one line of the terminal takes, and more"};
    diagnostic.help = std::string(90, 'w') + " x";
    const std::string wrapped =
        diag::render_text(diagnostic, sources, {.colour = false, .columns = 60});
    CHECK(wrapped.find("\n   |           ^^ a caption that has more words than one\n"
                       "   |              line of the terminal takes\n"
                       "   = note: a note that has more words than one line of the\n"
                       "           terminal takes, and more\n"
                       "   = help: " +
                       std::string(90, 'w') + "\n           x\n") != std::string::npos);
    const std::string whole = diag::render_text(diagnostic, sources);
    CHECK(whole.find("^^ " + diagnostic.caption + "\n") != std::string::npos);
    CHECK(whole.find("= note: " + diagnostic.notes[0] + "\n") != std::string::npos);
    CHECK(whole.find("= help: " + diagnostic.help + "\n") != std::string::npos);
}

TEST_CASE("beside a mark at the right edge there is no room for its text: it stands below") {
    const auto sources = sources_of(std::string(38, 'a') + "bb");
    diag::Diagnostic diagnostic = at(38, 40, "x");
    diagnostic.caption = "twelve cells";
    const auto shown = [&] {
        return diag::render_text(diagnostic, sources, {.colour = false, .columns = 50});
    };
    CHECK(shown().find("aabb\n   | " + std::string(38, ' ') + "^^\n   | " + std::string(33, ' ') +
                       "twelve cells\n") != std::string::npos);
    diagnostic.caption = "more words than ever fit beside one line of the terminal";
    CHECK(shown().find("^^\n   | more words than ever fit beside one line of\n"
                       "   | the terminal\n") != std::string::npos);
}

TEST_CASE("a mark at the edge of a cut line is seen as a whole") {
    const auto sources = sources_of(std::string(200, 'a'));
    const auto shown = [&](std::uint32_t begin, std::uint32_t end) {
        return diag::render_text(at(begin, end, "x"), sources, {.colour = false, .columns = 80});
    };
    const std::string ten = "^^^^^^^^^^\n";
    for (const std::uint32_t begin : {0U, 58U, 59U, 60U, 65U, 69U, 70U, 190U})
        CHECK(shown(begin, begin + 10).find(" " + ten) != std::string::npos);
    CHECK(shown(59, 69).find("| " + std::string(69, 'a') + "...") != std::string::npos);
    CHECK(shown(60, 70).find("| ..." + std::string(69, 'a') + "...") != std::string::npos);
    // Of one that no line has room for, half a line is seen at least.
    CHECK(shown(68, 168).find(std::string(34, '^')) != std::string::npos);
}

// What a terminal of 80 columns and one of 200 show of one file: tests/golden/render/*.txt.
TEST_CASE("a report in 80 and in 200 columns is as the golden files have it") {
    const std::string text =
        "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER\n\tADD CLUSTER_CONFIG\n"
        "\t\tWITH BROKER_ADDRESS \"\u65e5\u672c\u8a9e.example\" or\n"
        "\t\tWITH BROKER_PORT\n\t\tWITH CLIENT_ID \"" +
        std::string(150, 'c') + "\"\n\t\tWITH USERNAME /* \u65e5\u672c */ " +
        "\"u\" WITH PASSWORD \"hunter2\" WITH USERNAM \"v\" // " + std::string(90, '.') +
        " WITH WHAT\n";
    const SourceText file{"wide.lot", text};
    const diag::Report report = compile({&file, 1}).report;
    for (const std::size_t columns : {std::size_t{80}, std::size_t{200}}) {
        const std::string path =
            fmt::format("{}/tests/golden/render/wide_{}.txt", LOTMESH_SOURCE_DIR, columns);
        const std::string shown = diag::render_text(report, {.colour = false, .columns = columns});
        if (std::getenv("LOTMESH_UPDATE_GOLDEN") != nullptr)
            std::ofstream(path, std::ios::binary) << shown;
        else
            CHECK(shown == test::read_text(path));
        CHECK(shown.find("hunter2") == std::string::npos);
    }
}
