#include "compiler/source/notebook.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/assert.h"

namespace lotmesh::source {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kExtension = ".lotnb";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::uint64_t kMarkdownKind = 1;

std::size_t mark_size(std::string_view text) {
    return text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
}

// Tells how far the reader of the JSON has come, which nothing else does.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* at, const char** seen) : at_(at), seen_(seen) {}

    const char& operator*() const { return *at_; }
    CountingIterator& operator++() {
        *seen_ = ++at_;
        return *this;
    }
    CountingIterator operator++(int) {
        const CountingIterator before = *this;
        ++*this;
        return before;
    }
    bool operator==(const CountingIterator& other) const { return at_ == other.at_; }

private:
    const char* at_;
    const char** seen_;
};

struct Cell {
    std::size_t begin = 0;  // its brace
    std::optional<std::uint64_t> kind;
    std::optional<std::string> language;
    std::optional<std::string> text;
    ByteRange raw;  // the text as it is written, without the quotes

    bool is_text() const { return kind == kMarkdownKind; }
    bool is_lot() const { return !is_text() && language == "lot"; }
};

// Takes the events of the JSON reader; its names are that library's.
class NotebookReader final : public nlohmann::json_sax<Json> {
public:
    explicit NotebookReader(std::string_view text) : text_(text), seen_(text.data()) {}

    bool read() {
        const char* const end = text_.data() + text_.size();
        return Json::sax_parse(CountingIterator(text_.data(), &seen_),
                               CountingIterator(end, &seen_), this);
    }

    const NotebookError& error() const { return error_; }
    std::vector<Cell>& cells() { return cells_; }

    bool null() override { return other(); }
    bool boolean(bool /*value*/) override { return other(); }
    bool number_integer(std::int64_t /*value*/) override { return other(); }
    bool number_float(double /*value*/, const std::string& /*text*/) override { return other(); }
    bool binary(Json::binary_t& /*value*/) override { return other(); }

    bool number_unsigned(std::uint64_t value) override {
        if (depth_ != 2 || key_ != "kind") return other();
        cells_.back().kind = value;
        return true;
    }

    bool string(std::string& value) override {
        if (depth_ == 2 && key_ == "language") {
            cells_.back().language = std::move(value);
            return true;
        }
        if (depth_ != 2 || key_ != "value") return other();
        const std::size_t quote = text_.find('"', key_end_);
        cells_.back().text = std::move(value);
        cells_.back().raw = {static_cast<std::uint32_t>(quote + 1),
                             static_cast<std::uint32_t>(offset() - 1)};
        return true;
    }

    bool key(std::string& value) override {
        if (depth_ == 2) key_ = std::move(value);
        key_end_ = offset();
        return true;
    }

    bool start_object(std::size_t /*size*/) override {
        if (depth_ == 0) return fail(offset() - 1, "a notebook is a JSON array of cells");
        if (depth_ == 1) {
            if (cells_.size() == kNotebookCellsMax)
                return fail(offset() - 1,
                            fmt::format("this notebook has more than {} cells", kNotebookCellsMax));
            cells_.emplace_back().begin = offset() - 1;
        } else if (!other()) {
            return false;
        }
        return enter();
    }

    bool end_object() override {
        --depth_;
        if (depth_ != 1) return true;
        cell_end_ = offset();
        const Cell& cell = cells_.back();
        if (cell.is_text()) return true;
        if (!cell.language) return fail(cell.begin, "this cell has no `language`");
        if (!cell.text) return fail(cell.begin, "this cell has no `value`");
        return true;
    }

    bool start_array(std::size_t /*size*/) override {
        if (depth_ != 0 && !other()) return false;
        if (depth_ == 0) cell_end_ = offset();
        return enter();
    }

    bool end_array() override {
        --depth_;
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*last_token*/,
                     const Json::exception& /*error*/) override {
        return fail(std::min(position, text_.size()) - (position == 0 ? 0 : 1), "this is not JSON");
    }

private:
    std::size_t offset() const { return static_cast<std::size_t>(seen_ - text_.data()); }

    // An array or an object.
    bool enter() {
        if (depth_ == kNotebookNestingMax)
            return fail(offset() - 1,
                        fmt::format("this is nested more than {} deep", kNotebookNestingMax));
        ++depth_;
        return true;
    }

    // A value that says nothing to us; where a cell or one of its texts should be, it is wrong.
    bool other() {
        if (depth_ == 0) return fail(0, "a notebook is a JSON array of cells");
        if (depth_ == 1)
            return fail(text_.find_first_not_of(" \t\r\n,", cell_end_), "a cell is a JSON object");
        if (depth_ == 2 && (key_ == "language" || key_ == "value"))
            return fail(key_end_ - 1, fmt::format("`{}` is not a string", key_));
        return true;
    }

    bool fail(std::size_t at, std::string message) {
        error_ = {static_cast<std::uint32_t>(at), std::move(message)};
        return false;
    }

    std::string_view text_;
    const char* seen_;
    std::size_t depth_ = 0;
    std::string key_;
    std::size_t key_end_ = 0;
    std::size_t cell_end_ = 0;  // of the last one, or where the first may begin
    std::vector<Cell> cells_;
    NotebookError error_;
};

Result<std::vector<Cell>, NotebookError> read_cells(std::string_view text) {
    if (text.find_first_not_of(kBlanks) == std::string_view::npos) return std::vector<Cell>{};
    NotebookReader reader(text);
    if (!reader.read()) return failure(reader.error());
    return std::move(reader.cells());
}

std::string_view unmarked(const SourceText& notebook) {
    return std::string_view(notebook.text).substr(mark_size(notebook.text));
}

std::size_t utf8_size(std::uint32_t value) {
    if (value < 0x80) return 1;
    return value < 0x800 ? 2 : 3;
}

}  // namespace

bool is_notebook(std::string_view file_name) { return file_name.ends_with(kExtension); }

Result<std::vector<SourceText>, NotebookError> lot_cells(const SourceText& notebook) {
    const std::string_view text = unmarked(notebook);
    auto cells = read_cells(text);
    if (!cells) return failure(cells.error());
    std::vector<SourceText> result;
    for (std::size_t i = 0; i < cells->size(); ++i) {
        Cell& cell = (*cells)[i];
        if (!cell.is_lot()) continue;
        const std::string_view raw = text.substr(cell.raw.begin, cell.raw.end - cell.raw.begin);
        const auto begin = static_cast<std::uint32_t>(mark_size(notebook.text)) + cell.raw.begin;
        result.push_back({fmt::format("{}#cell{}", notebook.name, i), std::move(*cell.text),
                          CellPlace{notebook.name, i, begin, std::string(raw)}});
    }
    return result;
}

std::vector<SourceText> expand_notebooks(std::span<const SourceText> files, std::size_t bytes_max) {
    std::vector<SourceText> result;
    result.reserve(files.size());
    for (const SourceText& file : files) {
        if (is_notebook(file.name) && file.text.size() <= bytes_max) {
            if (auto cells = lot_cells(file)) {
                std::ranges::move(*cells, std::back_inserter(result));
                continue;
            }
        }
        result.push_back(file);
    }
    return result;
}

std::string with_cells(const SourceText& notebook, std::span<const std::string> texts) {
    const std::string_view text = unmarked(notebook);
    const auto cells = read_cells(text);
    ASSERT(cells.has_value());
    std::string result = notebook.text.substr(0, mark_size(notebook.text));
    std::size_t copied = 0;
    std::size_t next = 0;
    for (const Cell& cell : *cells) {
        if (!cell.is_lot()) continue;
        ASSERT(next < texts.size());
        const std::string& changed = texts[next++];
        if (changed == *cell.text) continue;
        const std::string quoted = Json(changed).dump();
        result += text.substr(copied, cell.raw.begin - copied);
        result.append(quoted, 1, quoted.size() - 2);
        copied = cell.raw.end;
    }
    return result.append(text.substr(copied));
}

std::uint32_t notebook_offset(const CellPlace& place, std::uint32_t text_offset) {
    std::size_t at = 0;
    for (std::size_t bytes = 0; bytes < text_offset && at < place.raw.size();) {
        if (place.raw[at] != '\\') {
            ++bytes;
            ++at;
        } else if (place.raw[at + 1] != 'u') {
            ++bytes;
            at += 2;
        } else {
            const auto unit =
                static_cast<std::uint32_t>(std::stoul(place.raw.substr(at + 2, 4), nullptr, 16));
            // A pair of surrogates makes four bytes; each half is counted as two of them.
            const bool is_half = unit >= 0xD800 && unit < 0xE000;
            bytes += is_half ? 2 : utf8_size(unit);
            at += 6;
        }
    }
    return place.begin + static_cast<std::uint32_t>(at);
}

}  // namespace lotmesh::source
