#include "runtime/server/route_store.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/assert.h"
#include "base/hash.h"
#include "compiler/diag/render.h"
#include "compiler/diag/render_text.h"
#include "compiler/ir/diff.h"
#include "compiler/ir/dump.h"
#include "compiler/ir/validate.h"
#include "runtime/server/plan_view.h"

namespace lotmesh::server {

namespace {

// Lines up to the bound, and behind them how many more there are.
class BoundedLines {
public:
    void add(std::string line) {
        if (lines_.size() < kReloadErrorsMax)
            lines_.push_back(std::move(line));
        else
            ++more_;
    }
    void add_uncounted(std::size_t more) { more_ += more; }
    bool empty() const { return lines_.empty(); }
    std::vector<std::string> take() {
        if (more_ > 0) lines_.push_back("and " + std::to_string(more_) + " more");
        return std::move(lines_);
    }

private:
    std::vector<std::string> lines_;
    std::size_t more_ = 0;
};

// As the renderer says it, which is the one that lint has, without its blanks and up to the bound.
void take_diagnostics(Reload& reload, const diag::Report& report) {
    const auto json = nlohmann::ordered_json::parse(diag::render_json(report));
    auto shown = json["diagnostics"];
    for (const std::size_t omitted : report.omitted)
        reload.omitted += omitted;
    if (shown.size() > kReloadErrorsMax) {
        reload.omitted += shown.size() - kReloadErrorsMax;
        shown.erase(shown.begin() + std::ptrdiff_t{kReloadErrorsMax}, shown.end());
    }
    reload.diagnostics = shown.dump();
}

void take_report(Reload& reload, const diag::Report& report) {
    BoundedLines errors;
    BoundedLines warnings;
    for (const diag::Diagnostic& diagnostic : report.diagnostics) {
        const bool is_error = diagnostic.severity == diag::Severity::Error;
        (is_error ? errors : warnings).add(diag::render_line(diagnostic, report.sources));
    }
    // Nobody counted them by severity; where there are errors, those are what is asked for.
    for (const std::size_t omitted : report.omitted)
        (errors.empty() ? warnings : errors).add_uncounted(omitted);
    reload.errors = errors.take();
    reload.warnings = warnings.take();
    reload.text = diag::render_text(report);
    take_diagnostics(reload, report);
}

PlanChanges count(const ir::PlanDiff& diff) {
    return {diff.added.size(), diff.removed.size(), diff.retuned.size(), diff.reconnect.size()};
}

std::string dump(const nlohmann::ordered_json& json) {
    // A file name may be any bytes; they must not end the program.
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string sources_json(const std::vector<SourceText>& files) {
    auto list = nlohmann::ordered_json::array();
    for (const SourceText& file : files)
        list.push_back(
            {{"name", std::filesystem::path(file.name).filename().string()}, {"text", file.text}});
    return dump(list);
}

RouteSource source_of(const RouteText& route, const source::SourceSet& sources) {
    const source::Source& source = sources[route.span.file];
    return {route.name, source.name(), source.line_of(route.span.begin),
            shown_text(sources, route.span)};
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

RouteStore::Reading RouteStore::read() const {
    const auto files = read_routes(path_);
    if (!files) return {refused({files.error()}), {}};
    CompileOptions options;
    options.mode = CompileMode::Load;
    options.resolver = &resolver_;
    CompileResult result = compile(*files, options);
    Reading reading;
    reading.reload.files = files->size();
    take_report(reading.reload, result.report);
    if (!result.ok()) {
        reading.reload.kind = Reload::Kind::Refused;
        return reading;
    }
    // What the compiler made is asked again where it is used.
    auto broken = ir::validate(*result.plan);
    if (!broken.empty()) return {refused(std::move(broken)), {}};
    reading.plan = std::move(*result.plan);
    for (const RouteText& route : result.routes)
        reading.routes.push_back(source_of(route, result.report.sources));
    std::ranges::sort(reading.routes, {}, &RouteSource::name);
    reading.fingerprint = ir::fingerprint(reading.plan);
    const PlanView view = view_of(reading.plan);
    reading.view = print(view);
    reading.hash = hash_of(view);
    reading.sources = sources_json(*files);
    return reading;
}

void RouteStore::resume(std::uint64_t revision, std::uint64_t fingerprint) {
    ASSERT(!loaded_);
    revision_ = revision;
    fingerprint_ = fingerprint;
}

Reload RouteStore::take(Reading reading) {
    Reload reload = std::move(reading.reload);
    const bool good = reload.kind != Reload::Kind::Refused;
    if (good && (!loaded_ || reading.plan != plan_)) {
        reload.kind = Reload::Kind::Applied;
        reload.changes = count(ir::diff(plan_, reading.plan));
        const bool as_before = !loaded_ && revision_ != 0 && reading.fingerprint == fingerprint_;
        if (!as_before) ++revision_;
        loaded_ = true;
        plan_ = std::move(reading.plan);
        view_ = std::move(reading.view);
        hash_ = std::move(reading.hash);
        fingerprint_ = reading.fingerprint;
    }
    if (good) routes_ = std::move(reading.routes);
    if (good) sources_ = std::move(reading.sources);
    reload.revision = revision_;
    reload.fingerprint = fingerprint_;
    reload.hash = hash_;
    reload.links = plan_.links.size();
    const std::uint64_t said = hash64(reload.text);
    reload.news = reload.kind == Reload::Kind::Applied || said != last_said_;
    last_said_ = said;
    return reload;
}

std::string to_json(const Reload& reload, WallTime at) {
    const nlohmann::ordered_json json = {
        {"ok", reload.kind != Reload::Kind::Refused},
        {"revision", reload.revision},
        {"errors", reload.errors},
        {"at", to_iso8601(at)},
    };
    return dump(json);
}

std::string_view name(Reload::Kind kind) {
    switch (kind) {
        case Reload::Kind::Applied: return "applied";
        case Reload::Kind::Unchanged: return "unchanged";
        case Reload::Kind::Refused: return "refused";
    }
    UNREACHABLE();
}

std::string_view name(Reload::Cause cause) {
    switch (cause) {
        case Reload::Cause::Start: return "start";
        case Reload::Cause::FileChange: return "files";
        case Reload::Cause::Signal: return "signal";
        case Reload::Cause::Command: return "command";
    }
    UNREACHABLE();
}

std::string to_iso8601(WallTime time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(static_cast<std::time_t>(time.ms / 1'000)), time.ms % 1'000);
}

}  // namespace lotmesh::server
