#include "tools/lotmesh/config_file.h"

#include <algorithm>
#include <optional>

#include "base/utf8.h"

namespace lotmesh::tool {

namespace {

using Done = Result<void, std::string>;
using Text = Result<std::string, std::string>;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_key(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_';
}

std::optional<char> escaped(char c) {
    switch (c) {
        case '"':
        case '\\': return c;
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        default: return std::nullopt;
    }
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    Result<std::vector<ConfigEntry>, std::string> read();

private:
    bool at_end() const { return at_ == text_.size(); }
    char peek() const { return at_end() ? '\n' : text_[at_]; }
    std::unexpected<std::string> wrong(const std::string& what) const {
        return failure(std::to_string(line_) + ": " + what);
    }

    void skip_blanks();
    void skip_lines();
    std::string take_key();
    Done take_entry(ConfigEntry& entry);
    Done take_array(ConfigEntry& entry);
    Text take_value();
    Text take_string();
    Done expect_end_of_line();

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

void Reader::skip_blanks() {
    while (!at_end() && is_blank(peek()))
        ++at_;
    if (!at_end() && peek() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
}

// To the next thing that is neither blank nor comment.
void Reader::skip_lines() {
    skip_blanks();
    while (!at_end() && peek() == '\n') {
        ++at_;
        ++line_;
        skip_blanks();
    }
}

std::string Reader::take_key() {
    const std::size_t begin = at_;
    while (!at_end() && is_key(peek()))
        ++at_;
    return std::string(text_.substr(begin, at_ - begin));
}

Text Reader::take_string() {
    const char quote = text_[at_++];
    std::string value;
    while (peek() != '\n' && peek() != quote) {
        const char c = text_[at_++];
        if (c != '\\' || quote == '\'') {
            value += c;
            continue;
        }
        const auto meant = escaped(peek());
        if (!meant) return wrong("a backslash in \"\" stands before one of \" \\ n r t only");
        value += *meant;
        ++at_;
    }
    if (peek() != quote) return wrong("a string has no end on its line");
    ++at_;
    return value;
}

Text Reader::take_value() {
    if (peek() == '"' || peek() == '\'') return take_string();
    const std::size_t begin = at_;
    while (!at_end() && is_digit(peek()))
        ++at_;
    if (begin == at_ || is_key(peek()))
        return wrong("expected a string in quotes, a number, or an array of those");
    return std::string(text_.substr(begin, at_ - begin));
}

Done Reader::take_array(ConfigEntry& entry) {
    entry.array = true;
    ++at_;
    skip_lines();
    while (peek() != ']') {
        if (at_end()) return failure(std::to_string(entry.line) + ": an array has no end");
        auto value = take_value();
        if (!value) return failure(value.error());
        entry.values.push_back(std::move(*value));
        skip_lines();
        if (peek() == ',')
            ++at_;
        else if (peek() != ']' && !at_end())
            return wrong("expected , or ] in an array");
        skip_lines();
    }
    ++at_;
    return {};
}

Done Reader::expect_end_of_line() {
    skip_blanks();
    if (peek() != '\n') return wrong("there is more behind the value");
    return {};
}

Done Reader::take_entry(ConfigEntry& entry) {
    if (peek() == '[') return wrong("there are no sections: write the keys by themselves");
    entry.line = line_;
    entry.key = take_key();
    skip_blanks();
    if (entry.key.empty() || peek() != '=' || at_end()) return wrong("expected key = value");
    ++at_;
    skip_blanks();
    if (peek() == '[') {
        if (auto taken = take_array(entry); !taken) return taken;
    } else {
        auto value = take_value();
        if (!value) return failure(value.error());
        entry.values.push_back(std::move(*value));
    }
    return expect_end_of_line();
}

Result<std::vector<ConfigEntry>, std::string> Reader::read() {
    std::vector<ConfigEntry> entries;
    for (skip_lines(); !at_end(); skip_lines()) {
        ConfigEntry entry;
        if (auto taken = take_entry(entry); !taken) return failure(taken.error());
        const auto same = std::ranges::find(entries, entry.key, &ConfigEntry::key);
        if (same != entries.end())
            return failure(std::to_string(entry.line) + ": " + entry.key +
                           " is given a second time, first in line " + std::to_string(same->line));
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace

Result<std::vector<ConfigEntry>, std::string> parse_config(std::string_view text) {
    if (text.size() > kConfigBytesMax)
        return failure("1: larger than " + std::to_string(kConfigBytesMax) + " bytes");
    const std::size_t valid = valid_utf8_prefix(text);
    if (valid < text.size()) {
        const auto before = text.substr(0, valid);
        const auto line = std::ranges::count(before, '\n') + 1;
        return failure(std::to_string(line) + ": not valid UTF-8");
    }
    return Reader(text).read();
}

}  // namespace lotmesh::tool
