#include "compiler/ir/mapping.h"

#include <fmt/core.h>

#include "base/assert.h"
#include "base/endpoint.h"
#include "base/topic.h"
#include "compiler/ir/dump.h"

namespace lotmesh::ir {

namespace {

// "+#" of `a/+/b/#`.
std::string wildcards_of(std::string_view topic) {
    std::string found;
    for (const std::string_view level : TopicLevels(topic))
        if (level == "+" || level == "#") found += level;
    return found;
}

std::string shown_end(const BridgeEnd& end) {
    if (end.self) return "this broker";
    const std::string address = shown(end.references, "BROKER_ADDRESS", end.address);
    const std::string port = shown(end.references, "BROKER_PORT", std::to_string(end.port));
    if (address != end.address || port != std::to_string(end.port))
        return fmt::format("{}:{}", address, port);
    return to_string(Endpoint{end.address, end.port});
}

}  // namespace

BridgeEnd this_broker() {
    BridgeEnd end;
    end.self = true;
    return end;
}

bool is_mappable_topic(std::string_view topic) {
    return is_valid_topic_filter(topic) && !is_shared_filter(topic);
}

bool wildcards_agree(const Mapping& mapping) {
    const std::string source = wildcards_of(mapping.source_topic);
    const std::string destination = wildcards_of(mapping.destination_topic);
    if (source == destination) return true;
    switch (mapping.direction) {
        case Direction::Out: return destination.empty();
        case Direction::In: return source.empty();
        case Direction::Both: return false;
    }
    UNREACHABLE();
}

std::string_view to_string(Direction direction) {
    switch (direction) {
        case Direction::Out: return "out";
        case Direction::In: return "in";
        case Direction::Both: return "both";
    }
    UNREACHABLE();
}

std::vector<std::string> flows(const Bridge& bridge, const Mapping& mapping) {
    const std::string source =
        fmt::format("{} `{}`", shown_end(bridge.source),
                    shown(mapping.references, "SOURCE_TOPIC", mapping.source_topic));
    const std::string destination =
        fmt::format("{} `{}`", shown_end(bridge.destination),
                    shown(mapping.references, "DESTINATION_TOPIC", mapping.destination_topic));
    const std::string out = fmt::format("{} -> {}", source, destination);
    const std::string in = fmt::format("{} -> {}", destination, source);
    switch (mapping.direction) {
        case Direction::Out: return {out};
        case Direction::In: return {in};
        case Direction::Both: return {out, in};
    }
    UNREACHABLE();
}

}  // namespace lotmesh::ir
