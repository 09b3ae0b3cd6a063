#include "compiler/diag/render_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <tuple>

#include "compiler/diag/display_width.h"
#include "compiler/diag/plain_text.h"
#include "compiler/diag/wrap.h"

namespace lotmesh::diag {

namespace {

using source::Position;
using source::Source;
using source::Span;

constexpr std::size_t kTabWidth = 4;
constexpr std::size_t kCellsMax = 400;     // of a source line, whatever the terminal says
constexpr std::size_t kSliceBytes = 4096;  // of a longer line, this much around the mark is read
constexpr std::size_t kContextCells = 20;  // kept to the left of a mark when a line is cut
constexpr std::size_t kCaptionCells = 24;  // with less room beside a mark, its text stands below
constexpr std::string_view kEllipsis = "...";

// Something to underline in one line.
struct Mark {
    std::uint32_t line = 0;
    std::size_t begin = 0;  // bytes from the start of the line
    std::size_t end = 0;
    std::string_view text;
    bool primary = false;
};

struct Painter {
    bool colour = false;

    std::string paint(std::string_view code, std::string_view text) const {
        if (!colour || text.empty()) return std::string(text);
        return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
    }
    std::string severity(Severity value, std::string_view text) const {
        return paint(value == Severity::Error ? "1;31" : "1;33", text);
    }
    std::string frame(std::string_view text) const { return paint("1;34", text); }
    std::string bold(std::string_view text) const { return paint("1", text); }
};

Mark mark_of(const Source& source, const Span& span, std::string_view text, bool primary) {
    const std::uint32_t line = source.line_of(
        std::min<std::uint32_t>(span.begin, static_cast<std::uint32_t>(source.text().size())));
    const std::size_t line_begin = source.line_begin(line);
    const std::size_t line_end = source.line_end(line);
    const std::size_t begin = std::min<std::size_t>(span.begin, line_end) - line_begin;
    const std::size_t end = std::clamp<std::size_t>(span.end, line_begin + begin, line_end);
    return {line, begin, end - line_begin, text, primary};
}

// A line laid out in cells: tabs are blanks, control characters are question marks.
struct Layout {
    std::string text;
    std::size_t width = 0;
    std::vector<std::size_t> cell_of;  // per byte of the line, and one behind the last
};

Layout lay_out(std::string_view line) {
    Layout layout;
    layout.cell_of.resize(line.size() + 1);
    for (std::size_t at = 0; at < line.size();) {
        const DecodedChar next = decode_char(line.substr(at));
        for (std::size_t i = 0; i < next.bytes; ++i)
            layout.cell_of[at + i] = layout.width;
        if (next.value == '\t') {
            const std::size_t blanks = kTabWidth - layout.width % kTabWidth;
            layout.text.append(blanks, ' ');
            layout.width += blanks;
        } else if (is_control(next.value) || next.value == 0xFFFD) {
            layout.text += '?';
            ++layout.width;
        } else {
            layout.text += line.substr(at, next.bytes);
            layout.width += display_width(next.value);
        }
        at += next.bytes;
    }
    layout.cell_of[line.size()] = layout.width;
    return layout;
}

// The cells [left, left + width) of a laid-out text; blanks for halves of a wide character.
std::string cells(std::string_view text, std::size_t left, std::size_t width) {
    std::string result;
    std::size_t cell = 0;
    while (!text.empty() && cell < left + width) {
        const DecodedChar next = decode_char(text);
        const std::size_t behind = cell + display_width(next.value);
        if (cell >= left && behind <= left + width)
            result += text.substr(0, next.bytes);
        else if (cell < left && behind > left)
            result.append(behind - left, ' ');
        cell = behind;
        text.remove_prefix(next.bytes);
    }
    return result;
}

// The first cell that is shown of a line, so that the mark [first, last) is seen. Of one that does
// not fit, half a line is.
std::size_t left_edge(std::size_t first, std::size_t last, std::size_t cells_max) {
    const std::size_t width = std::max<std::size_t>(last - first, 1);
    const bool fits = width + kContextCells <= cells_max;
    const std::size_t wanted = fits ? width : cells_max / 2;
    return first + wanted <= cells_max ? 0 : first - std::min(first, kContextCells);
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// What is shown of a line, and what to subtract from the marks' offsets.
struct Slice {
    std::string text;
    std::size_t offset = 0;
};

Slice slice_around(std::string line, std::size_t mark) {
    if (line.size() <= kSliceBytes) return {std::move(line), 0};
    std::size_t begin = mark > kSliceBytes / 4 ? mark - kSliceBytes / 4 : 0;
    std::size_t end = std::min(line.size(), begin + kSliceBytes);
    while (begin > 0 && is_continuation(line[begin]))
        --begin;
    while (end < line.size() && is_continuation(line[end]))
        ++end;
    return {line.substr(begin, end - begin), begin};
}

// Cells for the source line, when the frame and the gutter are taken off.
std::size_t cells_for(std::size_t columns, std::size_t gutter) {
    const std::size_t taken = gutter + 3 + 2 * kEllipsis.size();
    if (columns == 0) return kCellsMax;
    return std::clamp<std::size_t>(columns > taken ? columns - taken : 0, 40, kCellsMax);
}

class Snippet {
public:
    Snippet(const Painter& painter, Severity severity, std::size_t gutter, std::size_t columns)
        : painter_(painter),
          severity_(severity),
          gutter_(gutter),
          cells_max_(cells_for(columns, gutter)),
          text_cells_(columns == 0 ? 0
                                   : std::max(columns, gutter + 3 + kCaptionCells) - gutter - 3) {}

    std::string bar() const { return painter_.frame(fmt::format("{:{}} |", "", gutter_)); }

    void add_lines(const Source& source, std::vector<Mark> marks, std::string& out) const {
        std::ranges::sort(marks, {}, [](const Mark& mark) {
            return std::tuple(mark.line, !mark.primary, mark.begin);
        });
        std::uint32_t last_line = 0;
        for (std::size_t i = 0; i < marks.size();) {
            std::size_t behind = i;
            while (behind < marks.size() && marks[behind].line == marks[i].line)
                ++behind;
            if (last_line != 0 && marks[i].line > last_line + 1)
                out += painter_.frame(fmt::format("{:.>{}}", "", gutter_ + 2)) + "\n";
            last_line = marks[i].line;
            add_line(source, std::span(marks).subspan(i, behind - i), out);
            i = behind;
        }
    }

private:
    void add_line(const Source& source, std::span<const Mark> marks, std::string& out) const {
        const std::uint32_t line = marks.front().line;
        const Slice slice = slice_around(source.display_line(line), marks.front().begin);
        const Layout layout = lay_out(slice.text);
        const auto cell = [&](std::size_t byte) {
            const std::size_t at = byte > slice.offset ? byte - slice.offset : 0;
            return layout.cell_of[std::min(at, slice.text.size())];
        };
        const std::size_t first = cell(marks.front().begin);
        const std::size_t left = left_edge(first, cell(marks.front().end), cells_max_);
        const bool cut_left = left != 0;
        const bool cut_right = layout.width > left + cells_max_;
        std::string shown = cells(layout.text, left, cells_max_);
        const std::string_view lead = cut_left || slice.offset != 0 ? kEllipsis : "";
        out += fmt::format("{} {}{}{}\n", painter_.frame(fmt::format("{:>{}} |", line, gutter_)),
                           lead, shown, cut_right ? kEllipsis : "");
        for (const Mark& mark : marks) {
            const std::size_t begin = std::clamp(cell(mark.begin), left, left + cells_max_);
            const std::size_t end = std::clamp(cell(mark.end), begin, left + cells_max_);
            add_mark(mark, begin - left + lead.size(), std::max<std::size_t>(end - begin, 1), out);
        }
    }

    void add_mark(const Mark& mark, std::size_t indent, std::size_t width, std::string& out) const {
        const auto add = [&](std::size_t blanks, const std::string& text) {
            const std::string painted =
                mark.primary ? painter_.severity(severity_, text) : painter_.frame(text);
            out += fmt::format("{} {:{}}{}\n", bar(), "", blanks, painted);
        };
        const std::string arrows(width, mark.primary ? '^' : '-');
        if (mark.text.empty()) return add(indent, arrows);
        const std::string caption = plain_text(mark.text);
        const std::size_t needed = display_width(caption);
        std::size_t beside = indent + width + 1;
        const bool below =
            text_cells_ != 0 && beside + std::min(needed, kCaptionCells) > text_cells_;
        // Where there is little room below the mark too, further to the left.
        if (below) beside = std::min(indent, text_cells_ - std::min(needed, text_cells_));
        const auto lines = wrap(caption, text_cells_ == 0 ? 0 : text_cells_ - beside);
        add(indent, below ? arrows : fmt::format("{} {}", arrows, lines.front()));
        for (const std::string_view line : std::span(lines).subspan(below ? 0 : 1))
            add(beside, std::string(line));
    }

    const Painter& painter_;
    Severity severity_;
    std::size_t gutter_;
    std::size_t cells_max_;   // of a line of source
    std::size_t text_cells_;  // of text beside the frame; 0: any number
};

std::string place(const source::SourceSet& sources, const Span& span) {
    const Position position = source::position_of(sources, span);
    return fmt::format("{}:{}:{}", plain_text(sources[span.file].name()), position.line,
                       position.column);
}

std::size_t gutter_of(const Diagnostic& diagnostic, const source::SourceSet& sources) {
    std::uint32_t line = sources[diagnostic.span.file].line_of(diagnostic.span.begin);
    for (const Label& label : diagnostic.related)
        line = std::max(line, sources[label.span.file].line_of(label.span.begin));
    return std::to_string(line).size() + 1;
}

}  // namespace

std::string render_line(const Diagnostic& diagnostic, const source::SourceSet& sources) {
    return fmt::format("{}: {}[{}]: {}", place(sources, diagnostic.span),
                       to_string(diagnostic.severity), to_string(diagnostic.code),
                       plain_text(diagnostic.message));
}

std::string render_text(const Diagnostic& diagnostic, const source::SourceSet& sources,
                        const TextStyle& style) {
    const Painter painter{style.colour};
    const std::size_t gutter = gutter_of(diagnostic, sources);
    const Snippet snippet(painter, diagnostic.severity, gutter, style.columns);
    const std::string head =
        fmt::format("{}[{}]", to_string(diagnostic.severity), to_string(diagnostic.code));
    std::string out = fmt::format("{}{}\n", painter.severity(diagnostic.severity, head),
                                  painter.bold(": " + plain_text(diagnostic.message)));
    const auto arrow = [&](std::string_view symbol, const Span& span) {
        out += fmt::format("{:{}}{} {}\n{}\n", "", gutter, painter.frame(symbol),
                           place(sources, span), snippet.bar());
    };

    const Source& source = sources[diagnostic.span.file];
    std::vector<Mark> marks = {mark_of(source, diagnostic.span, diagnostic.caption, true)};
    for (const Label& label : diagnostic.related)
        if (label.span.file == diagnostic.span.file)
            marks.push_back(mark_of(source, label.span, label.text, false));
    arrow("-->", diagnostic.span);
    snippet.add_lines(source, std::move(marks), out);
    for (const Label& label : diagnostic.related) {
        if (label.span.file == diagnostic.span.file) continue;
        const Source& other = sources[label.span.file];
        arrow(":::", label.span);
        snippet.add_lines(other, {mark_of(other, label.span, label.text, false)}, out);
    }
    const auto remark = [&](std::string_view kind, std::string_view text) {
        const std::size_t indent = gutter + 3 + kind.size() + 2;
        const std::string plain = plain_text(text);
        const std::size_t room = std::max(style.columns, indent + kCaptionCells) - indent;
        const auto lines = wrap(plain, style.columns == 0 ? 0 : room);
        out += fmt::format("{:{}} {} {} {}\n", "", gutter, painter.frame("="),
                           painter.bold(fmt::format("{}:", kind)), lines.front());
        for (const std::string_view line : std::span(lines).subspan(1))
            out += fmt::format("{:{}}{}\n", "", indent, line);
    };
    for (const std::string& note : diagnostic.notes)
        remark("note", note);
    if (!diagnostic.help.empty()) remark("help", diagnostic.help);
    return out;
}

std::string render_text(const Report& report, const TextStyle& style) {
    std::string out;
    std::size_t hidden = 0;
    std::size_t next = 0;
    for (std::size_t file = 0; file < report.sources.size(); ++file) {
        for (; next < report.diagnostics.size() && report.diagnostics[next].span.file == file;
             ++next)
            out += render_text(report.diagnostics[next], report.sources, style) + "\n";
        if (report.omitted[file] == 0) continue;
        out += fmt::format("{}: and {} more\n\n", plain_text(report.sources[file].name()),
                           report.omitted[file]);
        hidden += report.omitted[file];
    }
    if (out.empty()) return out;
    const auto counted = [](std::size_t count, std::string_view word) {
        return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
    };
    out += fmt::format("{}, {}", counted(report.error_count(), "error"),
                       counted(report.warning_count(), "warning"));
    if (hidden != 0) out += fmt::format(", {} not shown", hidden);
    return out + "\n";
}

}  // namespace lotmesh::diag
