// Commands to the node itself, by MQTT: what is published to kCommandTopic by a client on this
// machine becomes an effect, and the shell's answer goes to everybody at kCommandOutputTopic and
// to the response topic of the command, where it had one (MQTT 5.0, section 4.10).
//
// Values only. A command of more than Limits::command_bytes_max comes without its text.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace lotmesh::broker {

inline constexpr std::string_view kCommandTopic = "$SYS/Coreflux/Command";
inline constexpr std::string_view kCommandOutputTopic = "$SYS/Coreflux/Command/Output";

// Where to answer beside kCommandOutputTopic.
struct ReplyTo {
    std::string topic;  // empty: nowhere
    Bytes properties;   // encoded, to go with the answer: the correlation data
    bool operator==(const ReplyTo&) const = default;
};

struct Command {
    std::string text;
    bool too_long = false;
    ReplyTo reply_to;
    bool operator==(const Command&) const = default;
};

}  // namespace lotmesh::broker
