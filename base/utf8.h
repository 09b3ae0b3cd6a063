// UTF-8 as MQTT 5.0 wants it (section 1.5.4): well-formed in the sense of RFC 3629, so shortest
// forms only, no surrogates [MQTT-1.5.4-1] and nothing above U+10FFFF. U+FEFF is a character as any
// other [MQTT-1.5.4-3]. Pure functions over borrowed text.
#pragma once

#include <cstddef>
#include <string_view>

namespace lotmesh {

// Length of the longest well-formed beginning; text.size() where all of it is.
std::size_t valid_utf8_prefix(std::string_view text);

inline bool is_utf8(std::string_view text) { return valid_utf8_prefix(text) == text.size(); }

// Well-formed and without U+0000: what a string in a packet must be. [MQTT-1.5.4-2]
bool is_mqtt_utf8(std::string_view text);

// Characters (code points) in well-formed text.
std::size_t count_characters(std::string_view text);

}  // namespace lotmesh
