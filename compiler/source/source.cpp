#include "compiler/source/source.h"

#include <algorithm>
#include <utility>

namespace lotmesh::source {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// What Unicode's table 3-7 allows for the byte behind a lead byte: no overlong forms, no
// surrogates, nothing above U+10FFFF.
struct Lead {
    std::size_t length;  // 0: not a lead byte
    unsigned char second_min = 0x80;
    unsigned char second_max = 0xBF;
};

Lead lead_of(unsigned char byte) {
    if (byte < 0x80) return {1};
    if (byte >= 0xC2 && byte <= 0xDF) return {2};
    if (byte == 0xE0) return {3, 0xA0, 0xBF};
    if (byte == 0xED) return {3, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF) return {3};
    if (byte == 0xF0) return {4, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3) return {4};
    if (byte == 0xF4) return {4, 0x80, 0x8F};
    return {0};
}

// Length of the well-formed sequence that starts at `at`, or 0.
std::size_t sequence_length(std::string_view text, std::size_t at) {
    const Lead lead = lead_of(static_cast<unsigned char>(text[at]));
    if (lead.length <= 1) return lead.length;
    if (at + lead.length > text.size()) return 0;
    const auto second = static_cast<unsigned char>(text[at + 1]);
    if (second < lead.second_min || second > lead.second_max) return 0;
    for (std::size_t i = 2; i < lead.length; ++i)
        if (!is_continuation(text[at + i])) return 0;
    return lead.length;
}

}  // namespace

Source::Source(SourceText input)
    : name_(std::move(input.name)), text_(std::move(input.text)), cell_(std::move(input.cell)) {
    if (text_.starts_with(kByteOrderMark)) text_.erase(0, kByteOrderMark.size());
    find_lines();
    find_invalid_utf8();
    if (invalid_.empty()) return;
    std::string blanked = text_;
    for (const ByteRange& range : invalid_)
        std::fill(blanked.begin() + range.begin, blanked.begin() + range.end, ' ');
    parse_text_ = std::move(blanked);
}

void Source::find_lines() {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i)
        if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
}

void Source::find_invalid_utf8() {
    std::size_t at = 0;
    while (at < text_.size()) {
        const std::size_t length = sequence_length(text_, at);
        if (length != 0) {
            at += length;
            continue;
        }
        const auto offset = static_cast<std::uint32_t>(at);
        if (!invalid_.empty() && invalid_.back().end == offset)
            invalid_.back().end = offset + 1;
        else
            invalid_.push_back({offset, offset + 1});
        ++at;
    }
}

std::uint32_t Source::line_of(std::uint32_t offset) const {
    const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    return static_cast<std::uint32_t>(after - line_starts_.begin());
}

std::uint32_t Source::line_begin(std::uint32_t line) const { return line_starts_[line - 1]; }

std::uint32_t Source::line_end(std::uint32_t line) const {
    std::uint32_t end =
        line < line_count() ? line_starts_[line] - 1 : static_cast<std::uint32_t>(text_.size());
    if (end > line_begin(line) && text_[end - 1] == '\r') --end;
    return end;
}

Position Source::position(std::uint32_t offset) const {
    const auto at = std::min(offset, static_cast<std::uint32_t>(text_.size()));
    const std::uint32_t line = line_of(at);
    std::uint32_t column = 1;
    for (std::size_t i = line_begin(line); i < at;) {
        i += std::max<std::size_t>(sequence_length(text_, i), 1);
        ++column;
    }
    return {line, column};
}

std::string Source::display_line(std::uint32_t line) const {
    const std::uint32_t begin = line_begin(line);
    const std::uint32_t end = line_end(line);
    std::string result = text_.substr(begin, end - begin);
    const auto overwrite = [&](const ByteRange& range, char with) {
        for (std::uint32_t i = std::max(range.begin, begin); i < std::min(range.end, end); ++i)
            result[i - begin] = with;
    };
    for (const ByteRange& range : invalid_)
        overwrite(range, '?');
    for (const ByteRange& range : redacted_)
        overwrite(range, '*');
    return result;
}

Position position_of(const SourceSet& sources, const Span& span) {
    return sources[span.file].position(span.begin);
}

}  // namespace lotmesh::source
