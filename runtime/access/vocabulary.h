// What the readers of rules (text.h, mosquitto.h) say alike.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/access/lines.h"
#include "runtime/access/rules.h"

namespace lotmesh::access {

// "publsh is not an action; did you mean publish?"; "here should be an action" where it is empty.
std::string unknown_word(std::string_view word, std::string_view what,
                         std::span<const std::string_view> known);

// What is wrong with it as a filter that is not shared.
std::optional<std::string> complaint_about_filter(std::string_view filter);

// Of the action sys.
bool is_sys_topic(std::string_view topic);

// The faults of rules, at the lines that they have come from.
void add_faults(const Rules& rules, const std::vector<Line>& lines, Mistakes& mistakes);

}  // namespace lotmesh::access
