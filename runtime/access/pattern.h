// The topic of a rule: a filter in which whole levels may stand for the user name and the client
// id. The filters of a question are plain ones: of a shared subscription, the part behind the
// group.
//
// A name that is empty or has +, # or / in it can stand for no level: then the pattern covers
// nothing. The same holds for a name that begins with $ at the first level. Cost: the levels of the
// shorter of both, of which there are kTopicLevelsMax at most; nothing is copied.
#pragma once

#include <string>
#include <string_view>

namespace lotmesh::access {

inline constexpr std::string_view kUserPlaceholder = "%u";
inline constexpr std::string_view kClientPlaceholder = "%c";

struct Names {
    std::string_view user_name;
    std::string_view client_id;
};

// Whether it may stand in the place of a level without being more than one.
bool is_one_level(std::string_view name);

class Pattern {
public:
    // A valid filter that is not shared.
    explicit Pattern(std::string text);

    // Each topic that matches `filter` matches this too. A topic name is a filter.
    bool covers(std::string_view filter, const Names& names) const;
    // There are topics that match both.
    bool overlaps(std::string_view filter, const Names& names) const;

    bool uses_user_name() const { return uses_user_name_; }
    bool uses_client_id() const { return uses_client_id_; }

private:
    bool can_match(const Names& names) const;

    std::string text_;
    bool uses_user_name_ = false;
    bool uses_client_id_ = false;
};

}  // namespace lotmesh::access
