#include "runtime/server/revisions.h"

#include <sys/stat.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "runtime/server/files.h"

namespace lotmesh::server {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr mode_t kFolderMode = 0700;
constexpr std::size_t kIndexBytesMax = 256 * 1024;
constexpr const char* kIndex = "index.json";

fs::path file_of(const fs::path& folder, std::uint64_t number) {
    return folder / (std::to_string(number) + ".json");
}

Json published(const Revision& revision) {
    return {{"revision", revision.number},
            {"hash", revision.hash},
            {"at", to_iso8601(WallTime{revision.at_ms})},
            {"cause", revision.cause},
            {"links", revision.links},
            {"files", revision.files},
            {"added", revision.changes.added},
            {"removed", revision.changes.removed},
            {"retuned", revision.changes.retuned},
            {"reconnected", revision.changes.reconnected},
            {"kept", revision.kept}};
}

Json kept(const Revision& revision) {
    Json json = published(revision);
    json["at_ms"] = revision.at_ms;
    json["fingerprint"] = revision.fingerprint;
    return json;
}

// Zero or nothing where a value is missing or of another kind.
template <typename T>
T value(const Json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end()) return {};
    if constexpr (std::is_same_v<T, std::string>)
        return found->is_string() ? found->get<std::string>() : T{};
    else if constexpr (std::is_same_v<T, bool>)
        return found->is_boolean() && found->get<bool>();
    else
        return found->is_number() ? found->get<T>() : T{};
}

Revision revision_of(const Json& json) {
    Revision revision;
    revision.number = value<std::uint64_t>(json, "revision");
    revision.fingerprint = value<std::uint64_t>(json, "fingerprint");
    revision.hash = value<std::string>(json, "hash");
    revision.at_ms = value<std::int64_t>(json, "at_ms");
    revision.cause = value<std::string>(json, "cause");
    revision.links = value<std::size_t>(json, "links");
    revision.files = value<std::size_t>(json, "files");
    revision.changes = {value<std::size_t>(json, "added"), value<std::size_t>(json, "removed"),
                        value<std::size_t>(json, "retuned"),
                        value<std::size_t>(json, "reconnected")};
    revision.kept = value<bool>(json, "kept");
    return revision;
}

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Json, std::string> read_json(const fs::path& path, std::size_t bytes_max) {
    const auto text = read_file(path, bytes_max);
    if (!text) return failure(text.error());
    Json json = Json::parse(*text, nullptr, false);
    if (!json.is_array()) return failure(path.string() + " is damaged");
    return json;
}

}  // namespace

Result<void, std::string> Revisions::load() {
    std::error_code error;
    if (!folder_ || !fs::exists(*folder_ / kIndex, error)) return {};
    const auto index = read_json(*folder_ / kIndex, kIndexBytesMax);
    if (!index) return failure(index.error());
    for (const Json& item : *index)
        if (item.is_object()) all_.push_back(revision_of(item));
    for (std::size_t i = 0; i < all_.size(); ++i)
        if (all_.size() > kRevisionsMax || all_[i].number <= (i == 0 ? 0 : all_[i - 1].number)) {
            all_.clear();
            return failure((*folder_ / kIndex).string() + " is damaged");
        }
    return {};
}

Result<void, std::string> Revisions::add(const Reload& reload, std::string_view sources,
                                         WallTime at) {
    Revision revision{
        reload.revision, reload.fingerprint, reload.hash,    at.ms, std::string(name(reload.cause)),
        reload.links,    reload.files,       reload.changes, false};
    Result<void, std::string> done;
    if (folder_ && ::mkdir(folder_->c_str(), kFolderMode) != 0 && errno != EEXIST)
        done = failure(os_complaint("create", *folder_));
    if (folder_ && done && sources.size() <= kRevisionBytesMax) {
        done = replace_private_file(file_of(*folder_, revision.number), sources);
        revision.kept = done.has_value();
    }
    all_.push_back(std::move(revision));
    std::error_code ignored;
    while (all_.size() > kRevisionsMax) {
        if (folder_) fs::remove(file_of(*folder_, all_.front().number), ignored);
        all_.erase(all_.begin());
    }
    if (!folder_ || !done) return done;
    Json index = Json::array();
    for (const Revision& each : all_)
        index.push_back(kept(each));
    return replace_private_file(*folder_ / kIndex, dump(index));
}

Result<std::vector<SourceText>, std::string> read_revision(const fs::path& folder,
                                                           std::uint64_t number) {
    const auto json = read_json(file_of(folder, number), kRevisionBytesMax);
    if (!json) return failure(json.error());
    std::vector<SourceText> files;
    for (const Json& item : *json) {
        const auto file_name = value<std::string>(item, "name");
        if (file_name.empty() || fs::path(file_name).filename() != file_name)
            return failure(file_of(folder, number).string() + " is damaged");
        files.push_back({file_name, value<std::string>(item, "text")});
    }
    return files;
}

std::string history_json(const std::vector<Revision>& revisions) {
    Json list = Json::array();
    for (auto each = revisions.rbegin(); each != revisions.rend(); ++each)
        list.push_back(published(*each));
    return dump({{"revisions", std::move(list)}});
}

}  // namespace lotmesh::server
