// The picture as SVG that stands on its own: no script, no font to fetch, light and dark.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "compiler/topology/layout.h"
#include "compiler/topology/picture.h"

namespace lotmesh::topology {

namespace {

constexpr double kMargin = 28;
constexpr double kNameWidth = 9;  // of a letter
constexpr double kListenerWidth = 6.8;
constexpr double kPadding = 14;
constexpr double kNameHeight = 20;
constexpr double kListenerHeight = 15;
constexpr double kBoxWidthMin = 84;
constexpr double kLegendHeight = 26;
constexpr double kLegendSign = 38;  // the sample line
constexpr double kLegendGap = 26;
constexpr double kLegendLetter = 6.2;
constexpr double kLineLength = 190;      // from middle to middle
constexpr double kLiveLineLength = 270;  // with room for what runs on it
constexpr double kLiveWidth = 6.4;
constexpr std::size_t kListenersMax = 3;

constexpr std::string_view kStyle = R"(<style>
  text { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1d2733; }
  .paper { fill: #ffffff; }
  .box { fill: #f3f6fa; stroke: #5b6b7f; stroke-width: 1.5; }
  .gone { fill: #fff5f4; stroke: #c62f2b; stroke-width: 1.5; stroke-dasharray: 5 4; }
  .name { font-size: 15px; font-weight: 600; }
  .small { font-size: 11px; fill: #55657a; }
  .bad { fill: #c62f2b; }
  .line { stroke: #5b6b7f; stroke-width: 2; fill: none; }
  .tip { fill: #5b6b7f; }
  .one { stroke: #b26a00; }
  .tip.one { fill: #b26a00; stroke: none; }
  .broken { stroke: #c62f2b; stroke-dasharray: 6 5; }
  .tip.broken { fill: #c62f2b; stroke: none; }
  .up { stroke: #1d8a4a; }
  .tip.up { fill: #1d8a4a; stroke: none; }
  .plate { fill: #ffffff; }
  .lock { fill: #1d8a4a; }
  .shackle { fill: none; stroke: #1d8a4a; stroke-width: 1.8; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4eaf1; }
    .paper, .plate { fill: #14181d; }
    .box { fill: #212933; stroke: #8796a8; }
    .gone { fill: #2c1c1d; stroke: #ff7b72; }
    .small { fill: #a4b1c0; }
    .bad { fill: #ff7b72; }
    .line { stroke: #8796a8; }
    .tip { fill: #8796a8; }
    .one { stroke: #e3a13b; }
    .tip.one { fill: #e3a13b; }
    .broken { stroke: #ff7b72; }
    .tip.broken { fill: #ff7b72; }
    .up { stroke: #4fc47f; }
    .tip.up { fill: #4fc47f; }
    .lock { fill: #4fc47f; }
    .shackle { stroke: #4fc47f; }
  }
</style>
)";

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '&')
            result += "&amp;";
        else if (c == '<')
            result += "&lt;";
        else if (c == '>')
            result += "&gt;";
        else if (c == '"')
            result += "&quot;";
        else
            result += c;
    }
    return result;
}

// Characters, not bytes: what follows the first byte of one is left out.
double letters(std::string_view text) {
    return static_cast<double>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

// How a line and its tips look.
std::string_view look(const PictureLine& line) {
    if (line.fault != Fault::None) return " broken";
    const bool down =
        (line.live && !line.live->is_up()) || (line.live_back && !line.live_back->is_up());
    if (down) return " broken";
    if (line.live || line.live_back) return " up";
    return line.one_way() ? " one" : "";
}

struct Point {
    double x = 0;
    double y = 0;
};

// Where a line from the middle of a box leaves it.
Point edge_of(const Box& box, const Box& towards) {
    const double dx = towards.x - box.x;
    const double dy = towards.y - box.y;
    const double by_width = dx == 0 ? 1e9 : (box.width / 2 + 4) / std::abs(dx);
    const double by_height = dy == 0 ? 1e9 : (box.height / 2 + 4) / std::abs(dy);
    const double share = std::min({by_width, by_height, 1.0});
    return {box.x + dx * share, box.y + dy * share};
}

class Canvas {
public:
    explicit Canvas(const Picture& picture) : picture_(picture) {
        for (const PictureNode& node : picture.nodes)
            boxes_.push_back(measure(node));
        std::vector<std::pair<std::size_t, std::size_t>> lines;
        lines.reserve(picture.lines.size());
        for (const PictureLine& line : picture.lines)
            lines.emplace_back(line.from, line.to);
        arrange(boxes_, lines, picture.live ? kLiveLineLength : kLineLength);
        move_to_corner();
    }

    std::string draw() {
        for (std::size_t i = 0; i < picture_.lines.size(); ++i)
            draw_line(picture_.lines[i]);
        for (const PictureLine& line : picture_.lines)
            draw_middle(line);
        for (std::size_t i = 0; i < picture_.nodes.size(); ++i)
            draw_node(picture_.nodes[i], boxes_[i]);
        draw_legend();
        const std::string head = fmt::format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
            "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\">\n<title>{2}</title>\n",
            width_, height_, title());
        return head + std::string(kStyle) +
               fmt::format("<rect class=\"paper\" width=\"{:.0f}\" height=\"{:.0f}\"/>\n", width_,
                           height_) +
               out_ + "</svg>\n";
    }

private:
    static std::size_t listeners_shown(const PictureNode& node) {
        return std::min(node.listeners.size(), kListenersMax);
    }

    static Box measure(const PictureNode& node) {
        double width = letters(node.name) * kNameWidth;
        double height = kNameHeight;
        for (std::size_t i = 0; i < listeners_shown(node); ++i) {
            width = std::max(width, letters(node.listeners[i]) * kListenerWidth);
            height += kListenerHeight;
        }
        if (!node.status.empty()) height += kListenerHeight;
        return {0, 0, std::max(width + 2 * kPadding, kBoxWidthMin), height + kPadding};
    }

    std::string title() const {
        const auto nodes =
            std::ranges::count(picture_.nodes, Presence::Declared, &PictureNode::presence);
        return fmt::format("A cluster of {} node{} and {} link{}", nodes, nodes == 1 ? "" : "s",
                           picture_.lines.size(), picture_.lines.size() == 1 ? "" : "s");
    }

    void move_to_corner() {
        double left = 0;
        double top = 0;
        double right = 0;
        double bottom = 0;
        for (const Box& box : boxes_) {
            left = std::min(left, box.x - box.width / 2);
            top = std::min(top, box.y - box.height / 2);
        }
        for (Box& box : boxes_) {
            box.x = std::round(box.x - left + kMargin);
            box.y = std::round(box.y - top + kMargin);
            right = std::max(right, box.x + box.width / 2);
            bottom = std::max(bottom, box.y + box.height / 2);
        }
        legend_ = legend_entries();
        width_ = std::max(right + kMargin, legend_width() + 2 * kMargin);
        const double shift = std::round((width_ - right - kMargin) / 2);
        for (Box& box : boxes_)
            box.x += shift;
        legend_y_ = bottom + kMargin;
        height_ = legend_y_ + (legend_.empty() ? 0 : kLegendHeight);
    }

    void tip(Point at, Point from, std::string_view look) {
        const double length = std::max(std::hypot(at.x - from.x, at.y - from.y), 1.0);
        const double x = (at.x - from.x) / length;
        const double y = (at.y - from.y) / length;
        out_ += fmt::format(
            "<path class=\"tip{}\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z\"/>\n", look,
            at.x, at.y, at.x - 11 * x - 5 * y, at.y - 11 * y + 5 * x, at.x - 11 * x + 5 * y,
            at.y - 11 * y - 5 * x);
    }

    void draw_line(const PictureLine& line) {
        const Box& from = boxes_[line.from];
        const Box& to = boxes_[line.to];
        if (line.from == line.to) return draw_loop(from, line);
        const Point begin = edge_of(from, to);
        const Point end = edge_of(to, from);
        out_ += fmt::format(
            "<g><title>{}</title><path class=\"line{}\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\"/></g>\n",
            escaped(line_title(line)), look(line), begin.x, begin.y, end.x, end.y);
        const bool unwritten = line.routes.empty() && line.back.empty();
        if (!line.routes.empty() || unwritten) tip(end, begin, look(line));
        if (!line.back.empty() || unwritten) tip(begin, end, look(line));
    }

    // Over the box, where no line of others comes from the side.
    void draw_loop(const Box& box, const PictureLine& line) {
        const double x = box.x + box.width / 2 - 44;
        const double y = box.y - box.height / 2;
        out_ += fmt::format(
            "<g><title>{}</title><path class=\"line broken\" d=\"M{:.1f} {:.1f}c-4 -28 38 -28 32 "
            "-4\"/></g>\n",
            escaped(line_title(line)), x, y);
        tip({x + 31, y - 1}, {x + 34, y - 12}, " broken");
    }

    std::string line_title(const PictureLine& line) const {
        std::string text =
            picture_.nodes[line.from].name + " - " + picture_.nodes[line.to].name + ":";
        for (const std::string& route : line.routes)
            text += " " + route;
        for (const std::string& route : line.back)
            text += " " + route;
        return text;
    }

    // What stands on a line: a lock, a cross, what runs.
    void draw_middle(const PictureLine& line) {
        if (line.from == line.to) return;
        const Point one = edge_of(boxes_[line.from], boxes_[line.to]);
        const Point two = edge_of(boxes_[line.to], boxes_[line.from]);
        const Point middle{(one.x + two.x) / 2, (one.y + two.y) / 2};
        const std::string text = live_text(line);
        const bool lock = line.encryption != Encryption::None;
        const bool cross = line.fault != Fault::None;
        if (text.empty() && !lock && !cross) return;
        const double width = letters(text) * kLiveWidth + (lock || cross ? 22 : 8);
        const double left = middle.x - width / 2;
        out_ += fmt::format(
            "<rect class=\"plate\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"20\" "
            "rx=\"4\"/>\n",
            left, middle.y - 10, width);
        if (cross)
            out_ += fmt::format(
                "<path class=\"line broken\" style=\"stroke-dasharray:none\" d=\"M{0:.1f} "
                "{1:.1f}l10 10m0 -10l-10 10\"/>\n",
                left + 6, middle.y - 5);
        else if (lock)
            draw_lock(left + 11, middle.y);
        if (!text.empty())
            out_ += fmt::format("<text class=\"small\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
                                left + (lock || cross ? 20 : 4), middle.y + 4, escaped(text));
    }

    void draw_lock(double x, double y) {
        out_ += fmt::format(
            "<path class=\"shackle\" d=\"M{0:.1f} {1:.1f}v-3a3 3 0 0 1 6 0v3\"/>"
            "<rect class=\"lock\" x=\"{2:.1f}\" y=\"{1:.1f}\" width=\"10\" height=\"8\" "
            "rx=\"1.5\"/>\n",
            x - 3, y - 1, x - 5);
    }

    void line_of_text(std::string_view style, double x, double y, std::string_view text) {
        out_ += fmt::format(
            "<text class=\"{}\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>\n",
            style, x, y, escaped(text));
    }

    void draw_node(const PictureNode& node, const Box& box) {
        const bool missing = node.presence == Presence::Missing;
        out_ += fmt::format(
            "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
            "rx=\"9\"/>\n",
            missing ? "gone" : "box", box.x - box.width / 2, box.y - box.height / 2, box.width,
            box.height);
        double y = box.y - box.height / 2 + kPadding / 2 + 15;
        line_of_text(missing ? "name bad" : "name", box.x, y, node.name);
        for (std::size_t i = 0; i < listeners_shown(node); ++i) {
            y += kListenerHeight;
            const std::size_t hidden = node.listeners.size() - kListenersMax;
            const bool last = node.listeners.size() > kListenersMax && i + 1 == kListenersMax;
            line_of_text("small", box.x, y,
                         last ? fmt::format("and {} more", hidden + 1) : node.listeners[i]);
        }
        if (!node.status.empty())
            line_of_text(node.status == "healthy" ? "small" : "small bad", box.x,
                         y + kListenerHeight, node.status);
    }

    struct LegendEntry {
        std::string_view look;
        std::string_view text;
        bool both = false;
        bool lock = false;
    };

    // Only what is in this picture.
    std::vector<LegendEntry> legend_entries() const {
        std::vector<LegendEntry> entries;
        const auto any = [&](auto&& is) { return std::ranges::any_of(picture_.lines, is); };
        if (any([](const PictureLine& line) { return look(line).empty(); }))
            entries.push_back({"", "routes on both sides", true});
        if (any([](const PictureLine& line) { return look(line) == " up"; }))
            entries.push_back({" up", "up", true});
        if (any([](const PictureLine& line) { return look(line) == " one"; }))
            entries.push_back({" one", "route on one side"});
        if (any([](const PictureLine& line) { return look(line) == " broken"; }))
            entries.push_back({" broken", picture_.live ? "down" : "cannot come up"});
        if (any([](const PictureLine& line) { return line.encryption != Encryption::None; }))
            entries.push_back({"", "TLS", false, true});
        return entries;
    }

    static double width_of(const LegendEntry& entry) {
        return kLegendSign + letters(entry.text) * kLegendLetter + kLegendGap;
    }

    double legend_width() const {
        double width = -kLegendGap;
        for (const LegendEntry& entry : legend_)
            width += width_of(entry);
        return legend_.empty() ? 0 : width;
    }

    void draw_legend() {
        double x = std::round((width_ - legend_width()) / 2);
        for (const LegendEntry& entry : legend_) {
            const double y = legend_y_ + 4;
            if (entry.lock) {
                draw_lock(x + 21, y);
            } else {
                out_ += fmt::format("<path class=\"line{}\" d=\"M{:.0f} {:.0f}h28\"/>\n",
                                    entry.look, x + 2, y);
                tip({x + 32, y}, {x, y}, entry.look);
                if (entry.both) tip({x, y}, {x + 30, y}, entry.look);
            }
            out_ += fmt::format("<text class=\"small\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n",
                                x + kLegendSign, y + 4, entry.text);
            x += width_of(entry);
        }
    }

    const Picture& picture_;
    std::vector<Box> boxes_;
    std::vector<LegendEntry> legend_;
    std::string out_;
    double width_ = 0;
    double height_ = 0;
    double legend_y_ = 0;
};

}  // namespace

std::string draw_svg(const Picture& picture) { return Canvas(picture).draw(); }

}  // namespace lotmesh::topology
