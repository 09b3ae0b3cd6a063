// Source text: bytes with a name, and the way from a byte offset to a line and a column.
//
// A byte order mark is dropped; offsets count from behind it. Invalid UTF-8 is found here, with its
// position; parse_text() has blanks in its place, so that nobody stumbles over it twice. A Source
// owns its text and lives as long as the diagnostics that point into it (SourceSet, in the result).
// What may not be shown (passwords) is marked with redact(); display_line() honours it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotmesh::source {

// The cell of a notebook that a text comes from, see notebook.h.
struct CellPlace {
    std::string notebook;     // the file's name
    std::size_t number = 0;   // from 0, of all cells
    std::uint32_t begin = 0;  // in the file, of `raw`
    std::string raw;          // the text as JSON writes it
    bool operator==(const CellPlace&) const = default;
};

// A file as it was read.
struct SourceText {
    std::string name;  // as the user wrote it: a path, "<stdin>", "command"
    std::string text;
    std::optional<CellPlace> cell = std::nullopt;
};

// Half-open range of bytes in one file of a SourceSet.
struct Span {
    std::uint32_t file = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool operator==(const Span&) const = default;
};

// Both count from 1; columns count code points.
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    bool operator==(const Position&) const = default;
};

// Bytes [begin, end) of the text.
struct ByteRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool operator==(const ByteRange&) const = default;
};

class Source {
public:
    explicit Source(SourceText input);

    const std::string& name() const { return name_; }
    std::string_view text() const { return text_; }
    std::string_view parse_text() const { return parse_text_ ? *parse_text_ : text_; }
    const std::vector<ByteRange>& invalid_utf8() const { return invalid_; }
    const std::optional<CellPlace>& cell() const { return cell_; }

    std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }
    std::uint32_t line_of(std::uint32_t offset) const;
    std::uint32_t line_begin(std::uint32_t line) const;  // offset of its first byte
    std::uint32_t line_end(std::uint32_t line) const;  // behind its last byte, without the newline
    Position position(std::uint32_t offset) const;

    // Nothing of it is parsed: what is wrong with it as a whole has been said.
    void blank() { parse_text_.emplace(text_.size(), ' '); }

    void redact(ByteRange range) { redacted_.push_back(range); }
    // The line as it may be shown: redacted bytes are stars, invalid ones question marks. As long
    // in bytes as the line, so that offsets hold.
    std::string display_line(std::uint32_t line) const;

private:
    void find_lines();
    void find_invalid_utf8();

    std::string name_;
    std::string text_;
    std::optional<std::string> parse_text_;  // where it is not the text itself
    std::optional<CellPlace> cell_;
    std::vector<std::uint32_t> line_starts_;
    std::vector<ByteRange> invalid_;
    std::vector<ByteRange> redacted_;
};

// The files of one compilation; Span::file is an index into it.
using SourceSet = std::vector<Source>;

Position position_of(const SourceSet& sources, const Span& span);

}  // namespace lotmesh::source
