#include "runtime/server/config_topics.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/assert.h"

namespace lotmesh::server {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void count(Reload::Kind kind, ReloadCounts& counts) {
    switch (kind) {
        case Reload::Kind::Applied: ++counts.applied; return;
        case Reload::Kind::Unchanged: ++counts.unchanged; return;
        case Reload::Kind::Refused: ++counts.refused; return;
    }
    UNREACHABLE();
}

std::string whole_path(const fs::path& path) {
    std::error_code error;
    const fs::path whole = fs::absolute(path, error);
    return (error ? path : whole).lexically_normal().string();
}

}  // namespace

fs::path revisions_folder(const fs::path& data) { return data / "revisions"; }

ConfigTopics::ConfigTopics(fs::path routes, std::optional<fs::path> data, Publish publish)
    : routes_(std::move(routes)),
      folder_(data ? std::optional(revisions_folder(*data)) : std::nullopt),
      publish_(std::move(publish)),
      revisions_(folder_) {}

const Revision* ConfigTopics::last() const {
    return revisions_.all().empty() ? nullptr : &revisions_.all().back();
}

Result<void, std::string> ConfigTopics::take(const Reload& reload, const RouteStore& store,
                                             WallTime at) {
    count(reload.kind, counts_);
    publish_(kConfigReloadTopic, reload_json(reload, at));
    if (reload.kind != Reload::Kind::Applied) return {};
    Result<void, std::string> kept;
    // The plan that an earlier run ended with is no new revision.
    if (last() == nullptr || last()->number != reload.revision)
        kept = revisions_.add(reload, store.sources(), at);
    const bool shown = store.view().size() <= kPublishedPlanBytesMax;
    publish_(kConfigPlanTopic, shown ? std::string_view(store.view()) : std::string_view());
    publish_(kConfigHistoryTopic, history_json(revisions_.all()));
    // The last, so that who hears of a revision finds the rest.
    publish_(kConfigRevisionTopic, revision_json(store));
    return kept;
}

std::string ConfigTopics::revision_json(const RouteStore& store) const {
    const Revision& now = revisions_.all().back();
    Json json = {{"revision", now.number},
                 {"hash", now.hash},
                 {"at", to_iso8601(WallTime{now.at_ms})},
                 {"cause", now.cause},
                 {"links", now.links},
                 {"files", now.files},
                 {"plan_shown", store.view().size() <= kPublishedPlanBytesMax},
                 {"routes", whole_path(routes_)}};
    json["revisions"] = folder_ ? Json(whole_path(*folder_)) : Json();
    return dump(json);
}

std::string ConfigTopics::reload_json(const Reload& reload, WallTime at) const {
    return dump({{"ok", reload.kind != Reload::Kind::Refused},
                 {"result", name(reload.kind)},
                 {"cause", name(reload.cause)},
                 {"revision", reload.revision},
                 {"hash", reload.hash},
                 {"at", to_iso8601(at)},
                 {"files", reload.files},
                 {"errors", reload.errors},
                 {"counts",
                  {{"applied", counts_.applied},
                   {"unchanged", counts_.unchanged},
                   {"refused", counts_.refused}}},
                 {"report",
                  {{"version", 1},
                   {"diagnostics", Json::parse(reload.diagnostics)},
                   {"omitted", reload.omitted}}}});
}

}  // namespace lotmesh::server
