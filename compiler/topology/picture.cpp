#include "compiler/topology/picture.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"

namespace lotmesh::topology {

namespace {

std::string_view suffix(Transport transport) {
    switch (transport) {
        case Transport::Plain: return "";
        case Transport::Tls: return " tls";
        case Transport::WebSocket: return " ws";
    }
    UNREACHABLE();
}

class Painter {
public:
    explicit Painter(const Model& model) : model_(model) {
        for (const Node& node : model.nodes) {
            PictureNode& drawn = picture_.nodes.emplace_back(node.name);
            for (const Listener& listener : node.declaration.listeners)
                drawn.listeners.push_back(to_string(listener.endpoint) +
                                          std::string(suffix(listener.transport)));
        }
    }

    Picture paint() {
        for (const Link& link : model_.links)
            add(link);
        return std::move(picture_);
    }

private:
    // The place that a route without a target leads to.
    std::size_t missing_node(const Link& link) {
        const std::string name = shown_address(link);
        const auto found = std::ranges::find_if(picture_.nodes, [&](const PictureNode& node) {
            return node.presence == Presence::Missing && node.name == name;
        });
        if (found != picture_.nodes.end())
            return static_cast<std::size_t>(found - picture_.nodes.begin());
        picture_.nodes.push_back({name, {}, Presence::Missing});
        return picture_.nodes.size() - 1;
    }

    PictureLine& line_between(std::size_t from, std::size_t to) {
        const auto found = std::ranges::find_if(picture_.lines, [&](const PictureLine& line) {
            return (line.from == from && line.to == to) || (line.from == to && line.to == from);
        });
        if (found != picture_.lines.end()) return *found;
        PictureLine line;
        line.from = from;
        line.to = to;
        return picture_.lines.emplace_back(std::move(line));
    }

    void add(const Link& link) {
        const bool found = link.target.aim == Aim::Node;
        const std::size_t to = found ? link.target.node : missing_node(link);
        PictureLine& line = line_between(link.from, to);
        const bool first = line.routes.empty() && line.back.empty();
        const Encryption ours = link.route.link.tls.enabled ? Encryption::All : Encryption::None;
        line.encryption = first || line.encryption == ours ? ours : Encryption::Some;
        (line.from == link.from ? line.routes : line.back).push_back(link.route.link.name);
        if (!found)
            line.fault = Fault::Nobody;
        else if (to == link.from)
            line.fault = Fault::Itself;
        else if (!comes_up(model_, link))
            line.fault = Fault::Transport;
    }

    const Model& model_;
    Picture picture_;
};

std::size_t node_named(Picture& picture, const std::string& name) {
    const auto found = std::ranges::find_if(picture.nodes, [&](const PictureNode& node) {
        return node.presence == Presence::Declared && node.name == name;
    });
    if (found != picture.nodes.end())
        return static_cast<std::size_t>(found - picture.nodes.begin());
    picture.nodes.push_back({name, {}});
    return picture.nodes.size() - 1;
}

std::string live_text(const LiveLink& link) {
    if (!link.is_up()) {
        std::string text = link.state;
        if (link.queued != 0) text += fmt::format(", {} queued", link.queued);
        return text;
    }
    std::string queued = fmt::format("{} queued", link.queued);
    if (!link.rtt_us) return queued;
    return fmt::format("{:.1f} ms, {}", static_cast<double>(*link.rtt_us) / 1000.0, queued);
}

constexpr std::array<std::string_view, 5> kDrawings = {"text", "dot", "mermaid", "svg", "json"};

}  // namespace

Picture picture_of(const Model& model) { return Painter(model).paint(); }

void overlay(Picture& picture, const std::vector<LiveNode>& running) {
    picture.live = true;
    for (const LiveNode& node : running) {
        const std::size_t from = node_named(picture, node.name);
        picture.nodes[from].status = node.status;
        for (const LiveLink& link : node.links) {
            const std::size_t to = node_named(picture, link.peer);
            const auto line = std::ranges::find_if(picture.lines, [&](const PictureLine& drawn) {
                return (drawn.from == from && drawn.to == to) ||
                       (drawn.from == to && drawn.to == from);
            });
            if (line == picture.lines.end()) {
                PictureLine added;
                added.from = from;
                added.to = to;
                added.live = link;
                picture.lines.push_back(std::move(added));
            } else {
                (line->from == from ? line->live : line->live_back) = link;
            }
        }
    }
}

// Both ends are asked for the worse of what they know.
std::string live_text(const PictureLine& line) {
    if (!line.live && !line.live_back) return {};
    if (!line.live || !line.live_back) return live_text(line.live ? *line.live : *line.live_back);
    if (!line.live->is_up()) return live_text(*line.live);
    if (!line.live_back->is_up()) return live_text(*line.live_back);
    LiveLink both = *line.live;
    both.queued += line.live_back->queued;
    if (!both.rtt_us) both.rtt_us = line.live_back->rtt_us;
    return live_text(both);
}

std::optional<Drawing> parse_drawing(std::string_view word) {
    const auto found = std::ranges::find(kDrawings, word);
    if (found == kDrawings.end()) return std::nullopt;
    return static_cast<Drawing>(found - kDrawings.begin());
}

const std::vector<std::string_view>& drawing_words() {
    static const std::vector<std::string_view> words(kDrawings.begin(), kDrawings.end());
    return words;
}

std::string draw(const Picture& picture, Drawing drawing) {
    switch (drawing) {
        case Drawing::Text: return draw_text(picture);
        case Drawing::Dot: return draw_dot(picture);
        case Drawing::Mermaid: return draw_mermaid(picture);
        case Drawing::Svg: return draw_svg(picture);
        case Drawing::Json: return draw_json(picture);
    }
    UNREACHABLE();
}

}  // namespace lotmesh::topology
