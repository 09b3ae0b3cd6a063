// What is drawn of a cluster: nodes, one line for each pair that a route joins, and what is
// missing.
//
// Values; pure. What came from a reference is shown as the reference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/topology/live.h"
#include "compiler/topology/model.h"

namespace lotmesh::topology {

enum class Presence : std::uint8_t {
    Declared,  // a node of the cluster
    Missing,   // a place that a route leads to and where no node is
};

struct PictureNode {
    std::string name;
    std::vector<std::string> listeners;  // "10.0.0.1:8883 tls"
    Presence presence = Presence::Declared;
    std::string status = {};  // live: healthy, degraded, ...
};

enum class Encryption : std::uint8_t { None, Some, All };  // of the routes of a line

enum class Fault : std::uint8_t {
    None,
    Nobody,     // the target is missing
    Itself,     // a route to its own node
    Transport,  // the listener speaks something else
};

// The routes between two nodes.
struct PictureLine {
    std::size_t from = 0;
    std::size_t to = 0;
    std::vector<std::string> routes;  // from -> to, by name
    std::vector<std::string> back;    // to -> from
    Encryption encryption = Encryption::None;
    Fault fault = Fault::None;
    std::optional<LiveLink> live = std::nullopt;       // as `from` sees it
    std::optional<LiveLink> live_back = std::nullopt;  // as `to` sees it

    bool one_way() const { return routes.empty() || back.empty(); }
};

struct Picture {
    std::vector<PictureNode> nodes;
    std::vector<PictureLine> lines;
    bool live = false;
};

Picture picture_of(const Model& model);

// Puts what runs over what is written; nodes that nobody wrote of are added.
void overlay(Picture& picture, const std::vector<LiveNode>& running);

// "1.2 ms, 3 queued", "down: connection refused"; nothing where nothing is known.
std::string live_text(const PictureLine& line);

enum class Drawing : std::uint8_t { Text, Dot, Mermaid, Svg, Json };

std::optional<Drawing> parse_drawing(std::string_view word);
const std::vector<std::string_view>& drawing_words();

std::string draw(const Picture& picture, Drawing drawing);
std::string draw_text(const Picture& picture);
std::string draw_dot(const Picture& picture);
std::string draw_mermaid(const Picture& picture);
std::string draw_svg(const Picture& picture);
std::string draw_json(const Picture& picture);

}  // namespace lotmesh::topology
