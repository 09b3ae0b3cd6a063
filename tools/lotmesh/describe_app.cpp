#include "tools/lotmesh/describe_app.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string_view>

namespace lotmesh::tool {

namespace {

bool is_word(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

// The words of "text, short or json"; none where a text is anything else.
std::vector<std::string> choices_in(std::string_view about) {
    const std::size_t last = about.rfind(" or ");
    if (last == std::string_view::npos) return {};
    std::vector<std::string> words;
    std::string_view list = about.substr(0, last);
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(", "), list.size());
        words.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 2, list.size()));
    }
    words.emplace_back(about.substr(last + 4));
    return std::ranges::all_of(words, is_word) ? words : std::vector<std::string>{};
}

OptionInfo describe_option(const CLI::Option& option) {
    OptionInfo info;
    for (const std::string& name : option.get_snames())
        info.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames())
        info.names.push_back("--" + name);
    info.about = option.get_description();
    info.choices = choices_in(info.about);
    info.repeats = option.get_items_expected_max() > 1;
    info.required = option.get_required();
    if (info.names.empty())
        info.value = option.get_name(true);
    else if (option.get_items_expected_max() > 0)
        info.value = option.get_type_name();
    return info;
}

}  // namespace

CommandInfo describe_app(const CLI::App& app) {
    CommandInfo info;
    info.about = app.get_description();
    for (const CLI::Option* const option : app.get_options())
        info.options.push_back(describe_option(*option));
    return info;
}

}  // namespace lotmesh::tool
