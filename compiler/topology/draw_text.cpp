// Pictures as text for people, and for the programs that draw from text.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "compiler/topology/picture.h"

namespace lotmesh::topology {

namespace {

std::string_view arrow(const PictureLine& line, bool from_here) {
    if (line.fault == Fault::Nobody) return "--x";
    if (line.fault == Fault::Itself) return "-->";
    // Of a link that runs and is written nowhere nobody knows who dials.
    if (!line.one_way() || (line.routes.empty() && line.back.empty())) return "<->";
    return (line.routes.empty() ? !from_here : from_here) ? "-->" : "<--";
}

std::string_view fault_text(Fault fault) {
    switch (fault) {
        case Fault::None: return "";
        case Fault::Nobody: return "nobody listens there";
        case Fault::Itself: return "a route to itself";
        case Fault::Transport: return "the listener speaks otherwise";
    }
    UNREACHABLE();
}

std::string_view encryption_text(Encryption encryption) {
    switch (encryption) {
        case Encryption::None: return "";
        case Encryption::Some: return "TLS one way";
        case Encryption::All: return "TLS";
    }
    UNREACHABLE();
}

std::vector<std::string> remarks(const PictureLine& line) {
    std::vector<std::string> result;
    if (const auto text = encryption_text(line.encryption); !text.empty())
        result.emplace_back(text);
    if (line.fault != Fault::None)
        result.emplace_back(fault_text(line.fault));
    else if (line.one_way() && line.routes.empty() && line.back.empty())
        result.emplace_back("in no file");
    else if (line.one_way())
        result.emplace_back("no route back");
    if (std::string live = live_text(line); !live.empty()) result.push_back(std::move(live));
    return result;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? std::string() : std::string(between)) + word;
    return text;
}

std::vector<std::string> all_routes(const PictureLine& line) {
    std::vector<std::string> routes = line.routes;
    routes.insert(routes.end(), line.back.begin(), line.back.end());
    return routes;
}

std::string count(std::size_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

// Within double quotes.
std::string escaped_quotes(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result;
}

// Mermaid has names of characters, and takes HTML.
std::string escaped_names(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '"')
            result += "#quot;";
        else if (c == '<')
            result += "#lt;";
        else if (c == '>')
            result += "#gt;";
        else
            result += c;
    }
    return result;
}

std::size_t declared(const Picture& picture) {
    return static_cast<std::size_t>(
        std::ranges::count(picture.nodes, Presence::Declared, &PictureNode::presence));
}

}  // namespace

// Each node, and below it its lines from its own point of view.
std::string draw_text(const Picture& picture) {
    std::string out = fmt::format("{}, {}\n", count(declared(picture), "node"),
                                  count(picture.lines.size(), "link"));
    std::size_t width = 0;
    for (const PictureNode& node : picture.nodes)
        width = std::max(width, node.name.size());
    for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
        const PictureNode& node = picture.nodes[i];
        if (node.presence == Presence::Missing) continue;
        out += fmt::format("\n{}", node.name);
        if (!node.listeners.empty()) out += "  " + joined(node.listeners, ", ");
        if (!node.status.empty()) out += fmt::format("  ({})", node.status);
        out += "\n";
        for (const PictureLine& line : picture.lines) {
            if (line.from != i && line.to != i) continue;
            const std::size_t other = line.from == i ? line.to : line.from;
            std::string tail = joined(all_routes(line), ", ");
            for (const std::string& remark : remarks(line))
                tail += (tail.empty() ? "" : "; ") + remark;
            out += fmt::format("    {} {:<{}}  {}\n", arrow(line, line.from == i),
                               picture.nodes[other].name, width, tail);
        }
    }
    return out;
}

std::string draw_dot(const Picture& picture) {
    std::string out =
        "digraph cluster {\n"
        "    layout=neato; overlap=false; splines=true; sep=\"+20\";\n"
        "    node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
        "    edge [fontname=\"sans-serif\", fontsize=10, len=2.5];\n";
    for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
        const PictureNode& node = picture.nodes[i];
        std::string label = escaped_quotes(node.name);
        for (const std::string& listener : node.listeners)
            label += "\\n" + escaped_quotes(listener);
        out += fmt::format("    n{} [label=\"{}\"{}];\n", i, label,
                           node.presence == Presence::Missing
                               ? ", style=\"rounded,dashed\", color=red, fontcolor=red"
                               : "");
    }
    for (const PictureLine& line : picture.lines) {
        const bool reversed = line.routes.empty() && !line.back.empty();
        std::string attributes = fmt::format("label=\"{}\"", joined(remarks(line), "\\n"));
        if (arrow(line, true) == "<->") attributes += ", dir=both";
        if (line.fault != Fault::None) attributes += ", color=red, fontcolor=red, style=dashed";
        out += fmt::format("    n{} -> n{} [{}];\n", reversed ? line.to : line.from,
                           reversed ? line.from : line.to, attributes);
    }
    return out + "}\n";
}

std::string draw_mermaid(const Picture& picture) {
    std::string out = "graph LR\n";
    for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
        const PictureNode& node = picture.nodes[i];
        std::string label = escaped_names(node.name);
        for (const std::string& listener : node.listeners)
            label += "<br/>" + escaped_names(listener);
        out += fmt::format("    n{}[\"{}\"]{}\n", i, label,
                           node.presence == Presence::Missing ? ":::missing" : "");
    }
    std::string broken;
    for (std::size_t i = 0; i < picture.lines.size(); ++i) {
        const PictureLine& line = picture.lines[i];
        const bool reversed = line.routes.empty() && !line.back.empty();
        const bool dashed = line.fault != Fault::None;
        const bool both = arrow(line, true) == "<->";
        const std::string text = escaped_names(joined(remarks(line), ", "));
        out += fmt::format("    n{} {}{} n{}\n", reversed ? line.to : line.from,
                           both ? (dashed ? "<-.->" : "<-->") : (dashed ? "-.->" : "-->"),
                           text.empty() ? "" : fmt::format("|\"{}\"|", text),
                           reversed ? line.from : line.to);
        if (dashed) broken += fmt::format("    linkStyle {} stroke:#d33\n", i);
    }
    return out + broken + "    classDef missing stroke:#d33,stroke-dasharray:4 3\n";
}

std::string draw_json(const Picture& picture) {
    nlohmann::ordered_json json = {{"version", 1},
                                   {"nodes", nlohmann::ordered_json::array()},
                                   {"links", nlohmann::ordered_json::array()}};
    for (const PictureNode& node : picture.nodes) {
        nlohmann::ordered_json object = {{"name", node.name},
                                         {"listeners", node.listeners},
                                         {"missing", node.presence == Presence::Missing}};
        if (!node.status.empty()) object["status"] = node.status;
        json["nodes"].push_back(std::move(object));
    }
    const auto live = [](const LiveLink& link) {
        nlohmann::ordered_json object = {
            {"state", link.state}, {"queued", link.queued}, {"queued_bytes", link.queued_bytes}};
        if (link.rtt_us) object["rtt_us"] = *link.rtt_us;
        return object;
    };
    for (const PictureLine& line : picture.lines) {
        nlohmann::ordered_json object = {{"from", picture.nodes[line.from].name},
                                         {"to", picture.nodes[line.to].name},
                                         {"routes", line.routes},
                                         {"routes_back", line.back},
                                         {"tls", encryption_text(line.encryption)},
                                         {"fault", fault_text(line.fault)}};
        if (line.live) object["live"] = live(*line.live);
        if (line.live_back) object["live_back"] = live(*line.live_back);
        json["links"].push_back(std::move(object));
    }
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace lotmesh::topology
