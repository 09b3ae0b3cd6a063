#include "runtime/access/lines.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "runtime/access/limits.h"

namespace lotmesh::access {

namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kShownBytesMax = 200;

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; }

// Safe on any terminal: a line may hold anything.
std::string shown(std::string_view text) {
    text = text.substr(0, kShownBytesMax);
    std::string result;
    while (!text.empty()) {
        const std::size_t good = valid_utf8_prefix(text);
        for (const char c : text.substr(0, good))
            result += c == '\t' ? ' ' : is_control(c) ? '?' : c;
        if (good == text.size()) break;
        result += '?';
        text.remove_prefix(good + 1);
    }
    return result;
}

std::uint32_t column_of(std::string_view text, std::size_t at) {
    std::string_view before = text.substr(0, at);
    before = before.substr(0, valid_utf8_prefix(before));
    return static_cast<std::uint32_t>(count_characters(before)) + 1;
}

bool is_readable(const Line& line, Mistakes& mistakes) {
    if (line.text.size() > kLineBytesMax) {
        mistakes.add(line, kLineBytesMax,
                     fmt::format("the line has more than {} bytes", kLineBytesMax));
        return false;
    }
    if (const std::size_t good = valid_utf8_prefix(line.text); good != line.text.size()) {
        mistakes.add(line, good, "this is not UTF-8; save the file as UTF-8");
        return false;
    }
    const auto control = std::ranges::find_if(line.text, is_control);
    if (control == line.text.end()) return true;
    mistakes.add(line, static_cast<std::size_t>(control - line.text.begin()),
                 "there is a control character here; remove it");
    return false;
}

}  // namespace

std::string to_string(const Mistake& mistake, std::string_view file) {
    return fmt::format("{}:{}:{}: {}", file, mistake.line, mistake.column, mistake.what);
}

std::string with_line(const Mistake& mistake, std::string_view file) {
    const std::string mark = mistake.column <= kShownBytesMax
                                 ? std::string(mistake.column - 1, ' ') + "^"
                                 : std::string("...");
    return fmt::format("{}\n    {}\n    {}\n", to_string(mistake, file), mistake.text, mark);
}

void Mistakes::add(const Line& line, std::size_t at, std::string what) {
    if (are_many()) return;
    mistakes_.push_back({line.number, column_of(line.text, at), shown(line.text), std::move(what)});
}

bool Mistakes::are_many() const { return mistakes_.size() == kMistakesMax; }

std::vector<Mistake> Mistakes::take() {
    std::ranges::stable_sort(mistakes_, {}, &Mistake::line);
    return std::move(mistakes_);
}

std::vector<Line> lines_of(std::string_view text, Mistakes& mistakes) {
    std::vector<Line> lines;
    if (text.size() > kTextBytesMax) {
        mistakes.add({1, {}}, 0, fmt::format("the file has more than {} bytes", kTextBytesMax));
        return lines;
    }
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    for (std::uint32_t number = 1; !text.empty() && !mistakes.are_many(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        Line line{number, text.substr(0, end)};
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.text.ends_with('\r')) line.text.remove_suffix(1);
        if (!is_readable(line, mistakes)) continue;
        const std::size_t first = line.text.find_first_not_of(kBlanks);
        if (first == std::string_view::npos || line.text[first] == '#') continue;
        lines.push_back(line);
    }
    return lines;
}

std::size_t Words::at() {
    at_ = std::min(line_.text.find_first_not_of(kBlanks, at_), line_.text.size());
    return at_;
}

bool Words::at_end() { return at() == line_.text.size(); }

std::optional<Word> Words::next(Mistakes& mistakes, std::string_view ends) {
    const std::size_t begin = at();
    if (begin < line_.text.size() && line_.text[begin] == '"') return next_quoted(mistakes);
    return next_plain(ends);
}

Word Words::next_plain(std::string_view ends) {
    const std::size_t begin = at();
    const std::string all_ends = std::string(kBlanks) + std::string(ends);
    at_ = std::min(line_.text.find_first_of(all_ends, begin), line_.text.size());
    return {std::string(line_.text.substr(begin, at_ - begin)), begin, false};
}

std::optional<Word> Words::next_quoted(Mistakes& mistakes) {
    Word word{{}, at_, true};
    for (std::size_t i = at_ + 1; i < line_.text.size(); ++i) {
        const char c = line_.text[i];
        if (c == '"') {
            at_ = i + 1;
            return word;
        }
        const bool escape = c == '\\' && i + 1 < line_.text.size() &&
                            (line_.text[i + 1] == '"' || line_.text[i + 1] == '\\');
        word.text += escape ? line_.text[++i] : c;
    }
    mistakes.add(line_, word.at, "this \" is not closed; put another one behind the last word");
    at_ = line_.text.size();
    return std::nullopt;
}

bool Words::skip(char c) {
    if (at_end() || line_.text[at_] != c) return false;
    ++at_;
    return true;
}

Word Words::rest() {
    const std::size_t begin = at();
    std::string_view text = line_.text.substr(begin);
    while (text.ends_with(' ') || text.ends_with('\t'))
        text.remove_suffix(1);
    at_ = line_.text.size();
    return {std::string(text), begin, false};
}

}  // namespace lotmesh::access
