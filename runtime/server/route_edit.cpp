#include "runtime/server/route_edit.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "compiler/compile.h"
#include "runtime/server/files.h"
#include "runtime/server/revisions.h"
#include "runtime/server/route_files.h"
#include "runtime/server/route_set.h"

namespace lotmesh::server {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::string_view kHeader =
    "// Added by a command. -removeRoute takes it away; -addRoute of this name replaces it.\n";
constexpr const char* kCommandSource = "command";

Edited refused(std::string message, std::string route = {}) {
    Edited edited;
    edited.message = std::move(message);
    edited.route = std::move(route);
    return edited;
}

// Nothing for what is final.
std::string taken_back_unless(std::uint32_t seconds) {
    if (seconds == 0) return {};
    return fmt::format("; they are taken back in {} s unless they are confirmed", seconds);
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool is_command_file(const std::string& path) { return path.ends_with(kCommandFileEnding); }

class Editor {
public:
    Editor(const fs::path& folder, const ReferenceResolver& resolver, std::vector<SourceText> files)
        : folder_(folder), files_(std::move(files)) {
        options_.mode = CompileMode::Load;
        options_.resolver = &resolver;
    }

    Edited put(const std::string& text) {
        const SourceText added{kCommandSource, text};
        CompileResult alone = compile({&added, 1}, options_);
        if (!alone.ok()) return with_report("the route has mistakes", std::move(alone));
        if (alone.routes.size() != 1)
            return refused(fmt::format("a command adds one route at a time; this text has {}",
                                       alone.routes.size()));
        if (!alone.rules.empty())
            return refused("rules of access stand in files; a command adds a route and no rule");
        const std::string name = alone.routes.front().name;
        if (alone.plan->links.empty() && alone.plan->bridges.empty())
            return with_report("this broker does not run a route of this type", std::move(alone),
                               name);
        const fs::path path = folder_ / (name + std::string(kCommandFileEnding));
        std::vector<SourceText> others = files_;
        const auto own = std::ranges::find(others, path.string(), &SourceText::name);
        const bool replaces = own != others.end();
        if (replaces) {
            if (const std::size_t routes = routes_in(*own); routes > 1)
                return refused(fmt::format("{} holds {} routes by now: edit it by hand",
                                           path.string(), routes),
                               name);
            others.erase(own);
        }
        others.push_back(added);
        CompileResult together = compile(others, options_);
        if (!together.ok())
            return with_report("it does not go with the other routes", std::move(together), name);
        const auto written =
            write_durably(path, std::string(kHeader) + text + (text.ends_with('\n') ? "" : "\n"));
        if (!written) return refused(written.error(), name);
        Edited edited = with_report(
            fmt::format("Route '{}' {} successfully!", name, replaces ? "updated" : "added"),
            std::move(alone), name);
        edited.done = true;
        return edited;
    }

    Edited remove(const std::string& name) {
        const CompileResult all = compile(files_, options_);
        const auto route = std::ranges::find(all.routes, name, &RouteText::name);
        if (route == all.routes.end())
            return refused(fmt::format("Route '{}' not found", name), name);
        const source::Source& source = all.report.sources[route->span.file];
        if (!is_command_file(source.name()) || routes_in_source(all, route->span.file) > 1)
            return refused(fmt::format("Route '{}' stands in {}, line {}: remove it there", name,
                                       source.name(), source.line_of(route->span.begin)),
                           name);
        if (auto removed = remove_file(source.name()); !removed)
            return refused(removed.error(), name);
        Edited edited = done_with(fmt::format("Route '{}' removed successfully!", name));
        edited.route = name;
        return edited;
    }

    Edited remove_all() {
        std::size_t removed = 0;
        std::size_t stay = 0;
        for (const SourceText& file : files_) {
            if (!is_command_file(file.name)) {
                stay += routes_in(file);
                continue;
            }
            if (auto done = remove_file(file.name); !done) return refused(done.error());
            ++removed;
        }
        Edited edited = done_with(
            fmt::format("{} route{} removed successfully!", removed, removed == 1 ? "" : "s"));
        if (stay != 0) edited.message += fmt::format(" {} in files that people wrote stay.", stay);
        return edited;
    }

    Edited apply(const RouteEdit& edit) {
        Json request = Json::parse(edit.text, nullptr, false);
        auto read = read_apply(request);
        if (!read) return refused("-applyRoutes: " + read.error());
        if (read->base_revision && *read->base_revision != edit.running_revision)
            return refused(fmt::format("made for revision {}, but revision {} runs: plan again",
                                       *read->base_revision, edit.running_revision));
        Edited edited = replace(std::move(read->files), read->confirm_within_sec == 0);
        if (!edited.done) return edited;
        edited.confirm_within_sec = read->confirm_within_sec;
        edited.message = read->confirm_within_sec == 0
                             ? "Routes applied successfully!"
                             : "Routes applied" + taken_back_unless(read->confirm_within_sec);
        return edited;
    }

    Edited take_back() const {
        if (!has_last_good(folder_)) return refused("nothing waits to be confirmed");
        if (auto done = take_back_route_files(folder_); !done) return refused(done.error());
        return done_with("Routes are as they were before.");
    }

    Edited confirm() const {
        if (!has_last_good(folder_)) return refused("nothing waits to be confirmed");
        if (auto done = drop_last_good(folder_); !done) return refused(done.error());
        return done_with("Routes confirmed successfully!");
    }

    Edited rollback(const RouteEdit& edit) {
        if (edit.revisions.empty())
            return refused("no revisions are kept: the broker was started without --data");
        const std::size_t blank = std::min(edit.text.find(' '), edit.text.size());
        const auto number = parse_number(std::string_view(edit.text).substr(0, blank));
        if (!number) return refused(fmt::format("'{}' is no number of a revision", edit.text));
        const bool is_final = blank == edit.text.size();
        const auto seconds = is_final ? std::uint64_t{0}
                                      : parse_number(std::string_view(edit.text).substr(blank + 1));
        if (!seconds || *seconds > kConfirmSecMax)
            return refused(
                fmt::format("'{}' is followed by at most {} seconds", *number, kConfirmSecMax));
        // What is final comes in the place of whatever waits.
        if (*seconds != 0 && has_last_good(folder_))
            return refused("what was applied last waits to be confirmed");
        auto files = read_revision(edit.revisions, *number);
        if (!files) return refused(fmt::format("revision {}: {}", *number, files.error()));
        Edited edited = replace(std::move(*files), *seconds == 0);
        if (!edited.done) return edited;
        edited.confirm_within_sec = static_cast<std::uint32_t>(*seconds);
        edited.message = fmt::format("Routes are those of revision {}{}", *number,
                                     taken_back_unless(edited.confirm_within_sec));
        return edited;
    }

private:
    struct ApplyRequest {
        std::optional<std::uint64_t> base_revision;
        std::uint32_t confirm_within_sec = 0;
        std::vector<SourceText> files;
    };

    static Result<ApplyRequest, std::string> read_apply(const Json& json) {
        if (!json.is_object()) return failure(std::string("not a JSON object"));
        ApplyRequest request;
        for (const auto& [key, value] : json.items()) {
            if (key == "base_revision" && value.is_number_unsigned()) {
                request.base_revision = value.get<std::uint64_t>();
            } else if (key == "confirm_within_sec" && value.is_number_unsigned() &&
                       value.get<std::uint64_t>() <= kConfirmSecMax) {
                request.confirm_within_sec = value.get<std::uint32_t>();
            } else if (key == "files" && value.is_array()) {
                for (const Json& file : value)
                    request.files.push_back({member(file, "name"), member(file, "text")});
            } else {
                return failure(fmt::format("`{}` is not known, or its value is not good", key));
            }
        }
        if (!json.contains("files")) return failure(std::string("it has no `files`"));
        if (auto names = check_file_names(request.files); !names) return failure(names.error());
        return request;
    }

    static std::string member(const Json& file, const char* key) {
        if (!file.is_object()) return {};
        const auto found = file.find(key);
        return found == file.end() || !found->is_string() ? std::string()
                                                          : found->get<std::string>();
    }

    Edited replace(std::vector<SourceText> files, bool is_final) {
        std::vector<SourceText> placed = files;
        for (SourceText& file : placed)
            file.name = (folder_ / file.name).string();
        CompileResult together = compile(placed, options_);
        if (!together.ok()) return with_report("the routes have mistakes", std::move(together));
        Result<void, std::string> done = replace_route_files(folder_, files);
        if (done && is_final) done = drop_last_good(folder_);
        if (!done) {
            // What cannot be taken back now is at the next start.
            std::string why = done.error();
            if (has_last_good(folder_))
                if (const auto back = take_back_route_files(folder_); !back)
                    why += "; and they could not be taken back: " + back.error();
            return refused(std::move(why));
        }
        Edited edited = with_report({}, std::move(together));
        edited.done = true;
        return edited;
    }

    static Edited done_with(std::string message) {
        Edited edited = refused(std::move(message));
        edited.done = true;
        return edited;
    }

    static Edited with_report(std::string message, CompileResult result, std::string name = {}) {
        Edited edited = refused(std::move(message), std::move(name));
        edited.report = std::move(result.report);
        return edited;
    }

    static Result<void, std::string> remove_file(const std::string& path) {
        std::error_code error;
        fs::remove(path, error);
        if (error) return failure("cannot remove " + path + ": " + error.message());
        return {};
    }

    std::size_t routes_in(const SourceText& file) const {
        return compile({&file, 1}, options_).routes.size();
    }

    static std::size_t routes_in_source(const CompileResult& result, std::uint32_t file) {
        return static_cast<std::size_t>(std::ranges::count(
            result.routes, file, [](const RouteText& route) { return route.span.file; }));
    }

    fs::path folder_;
    std::vector<SourceText> files_;
    CompileOptions options_;
};

}  // namespace

Edited edit_routes(const fs::path& routes, const ReferenceResolver& resolver,
                   const RouteEdit& edit) {
    std::error_code error;
    if (!fs::is_directory(routes, error))
        return refused(
            fmt::format("the routes are read from {}, which is no folder: there is no "
                        "place for a route of a command",
                        routes.string()));
    auto files = read_routes(routes);
    if (!files) return refused(files.error());
    Editor editor(routes, resolver, std::move(*files));
    switch (edit.kind) {
        case RouteEdit::Kind::Put: return editor.put(edit.text);
        case RouteEdit::Kind::Remove: return editor.remove(edit.text);
        case RouteEdit::Kind::RemoveAll: return editor.remove_all();
        case RouteEdit::Kind::Apply: return editor.apply(edit);
        case RouteEdit::Kind::TakeBack: return editor.take_back();
        case RouteEdit::Kind::Confirm: return editor.confirm();
        case RouteEdit::Kind::Rollback: return editor.rollback(edit);
    }
    UNREACHABLE();
}

}  // namespace lotmesh::server
