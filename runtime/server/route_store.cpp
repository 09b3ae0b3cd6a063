#include "runtime/server/route_store.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "compiler/diag/render_text.h"
#include "compiler/ir/validate.h"

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
    if (!files) return {refused({files.error()}), {}, {}};
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
    if (!broken.empty()) return {refused(std::move(broken)), {}, {}};
    reading.plan = std::move(*result.plan);
    for (const RouteText& route : result.routes)
        reading.routes.push_back(source_of(route, result.report.sources));
    std::ranges::sort(reading.routes, {}, &RouteSource::name);
    return reading;
}

Reload RouteStore::take(Reading reading) {
    Reload reload = std::move(reading.reload);
    const bool good = reload.kind != Reload::Kind::Refused;
    if (good && (revision_ == 0 || reading.plan != plan_)) {
        plan_ = std::move(reading.plan);
        ++revision_;
        reload.kind = Reload::Kind::Applied;
    }
    if (good) routes_ = std::move(reading.routes);
    reload.revision = revision_;
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
    // A file name may be any bytes; they must not end the program.
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string to_iso8601(WallTime time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(static_cast<std::time_t>(time.ms / 1'000)), time.ms % 1'000);
}

}  // namespace lotmesh::server
