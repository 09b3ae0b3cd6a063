#include "runtime/server/route_edit.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "compiler/compile.h"
#include "runtime/server/files.h"
#include "runtime/server/route_files.h"

namespace lotmesh::server {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHeader =
    "// Added by a command. -removeRoute takes it away; -addRoute of this name replaces it.\n";
constexpr const char* kCommandSource = "command";

Edited refused(std::string message, std::string route = {}) {
    Edited edited;
    edited.message = std::move(message);
    edited.route = std::move(route);
    return edited;
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
        const std::string name = alone.routes.front().name;
        if (alone.plan->links.empty())
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
        Edited edited;
        edited.done = true;
        edited.message = fmt::format("Route '{}' removed successfully!", name);
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
        Edited edited;
        edited.done = true;
        edited.message =
            fmt::format("{} route{} removed successfully!", removed, removed == 1 ? "" : "s");
        if (stay != 0) edited.message += fmt::format(" {} in files that people wrote stay.", stay);
        return edited;
    }

private:
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
    }
    UNREACHABLE();
}

}  // namespace lotmesh::server
