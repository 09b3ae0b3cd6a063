#include "runtime/server/route_store.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/diag/render_text.h"
#include "compiler/ir/validate.h"
#include "runtime/server/files.h"

namespace lotmesh::server {

namespace fs = std::filesystem;

namespace {

bool is_route_file(const fs::path& path) {
    return path.extension() == ".lot" && !path.filename().string().starts_with('.');
}

Result<std::vector<fs::path>, std::string> list_folder(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> paths;
    for (fs::directory_iterator item(folder, error), end; !error && item != end;
         item.increment(error))
        if (is_route_file(item->path())) paths.push_back(item->path());
    if (error) return failure("cannot read " + folder.string() + ": " + error.message());
    if (paths.size() > kRouteFilesMax)
        return failure(folder.string() + " holds more than " + std::to_string(kRouteFilesMax) +
                       " route files");
    std::sort(paths.begin(), paths.end());
    return paths;
}

void add_line(std::vector<std::string>& lines, std::string line) {
    if (lines.size() < kReloadErrorsMax) lines.push_back(std::move(line));
}

Reload refused(std::vector<std::string> errors) {
    Reload reload;
    reload.kind = Reload::Kind::Refused;
    for (const std::string& error : errors)
        reload.text += "error: " + error + "\n";
    reload.errors = std::move(errors);
    return reload;
}

}  // namespace

Result<std::vector<SourceText>, std::string> read_routes(const fs::path& path) {
    std::vector<fs::path> paths{path};
    std::error_code error;
    if (fs::is_directory(path, error)) {
        auto listed = list_folder(path);
        if (!listed) return failure(listed.error());
        paths = std::move(*listed);
    }
    std::vector<SourceText> files;
    for (const fs::path& file : paths) {
        auto text = read_file(file, CompilerLimits{}.file_bytes_max);
        if (!text) return failure(text.error());
        files.push_back({file.string(), std::move(*text)});
    }
    return files;
}

Reload RouteStore::read_and_compile(ir::Plan& plan) const {
    const auto files = read_routes(path_);
    if (!files) return refused({files.error()});
    CompileOptions options;
    options.mode = CompileMode::Load;
    options.resolver = &resolver_;
    CompileResult result = compile(*files, options);
    Reload reload;
    for (const diag::Diagnostic& diagnostic : result.report.diagnostics) {
        const bool is_error = diagnostic.severity == diag::Severity::Error;
        add_line(is_error ? reload.errors : reload.warnings,
                 diag::render_line(diagnostic, result.report.sources));
    }
    reload.text = diag::render_text(result.report);
    if (!result.ok()) {
        reload.kind = Reload::Kind::Refused;
        return reload;
    }
    // What the compiler made is asked again where it is used.
    auto broken = ir::validate(*result.plan);
    if (!broken.empty()) return refused(std::move(broken));
    plan = std::move(*result.plan);
    return reload;
}

Reload RouteStore::reload() {
    ir::Plan plan;
    Reload reload = read_and_compile(plan);
    const bool good = reload.kind != Reload::Kind::Refused;
    if (good && (revision_ == 0 || plan != plan_)) {
        plan_ = std::move(plan);
        ++revision_;
        reload.kind = Reload::Kind::Applied;
    }
    reload.revision = revision_;
    reload.news = reload.kind == Reload::Kind::Applied || reload.errors != last_errors_;
    last_errors_ = reload.errors;
    return reload;
}

std::string to_json(const Reload& reload, WallTime at) {
    const nlohmann::ordered_json json = {
        {"ok", reload.kind != Reload::Kind::Refused},
        {"revision", reload.revision},
        {"errors", reload.errors},
        {"at", to_iso8601(at)},
    };
    // A file name may be any bytes; they must not end the program.
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string to_iso8601(WallTime time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(static_cast<std::time_t>(time.ms / 1'000)), time.ms % 1'000);
}

}  // namespace lotmesh::server
