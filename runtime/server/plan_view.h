// A plan as everybody may see it: what ir::dump shows of each link, as text and as values. A node
// retains its own in $SYS, and `lotmesh plan` compares that with files; secrets are *** and values
// of references are those, so both can be compared on any machine.
//
// Pure; any thread. Only who holds both plans can tell that a secret has changed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "compiler/ir/plan.h"

namespace lotmesh::server {

struct ShownSetting {
    std::string key;
    std::string value;
    bool operator==(const ShownSetting&) const = default;
};

// A link or a bridge. The settings of a bridge's ends are called source.address and so on, each
// mapping is one setting, mapping.NAME.
struct ShownLink {
    std::string name;
    std::vector<ShownSetting> settings;
    bool bridge = false;
    bool operator==(const ShownLink&) const = default;
};

struct PlanView {
    std::vector<ShownLink> links;       // ordered by name
    std::vector<ShownLink> rules = {};  // of access; ordered by name
    bool operator==(const PlanView&) const = default;
};

PlanView view_of(const ir::Plan& plan);
std::string print(const PlanView& view);
// Of what print() gave. The error is one line.
Result<PlanView, std::string> parse_plan_view(std::string_view text);
// 16 hexadecimal digits, of what is shown: of equal views, whatever their secrets are.
std::string hash_of(const PlanView& view);

enum class ChangeKind : std::uint8_t { Add, Retune, Reconnect, Remove };

std::string_view sign(ChangeKind kind);  // "+", "~", "-/+", "-"
std::string_view name(ChangeKind kind);  // "add", "retune", ...

struct SettingChange {
    std::string key;
    std::string before;  // empty: it is not there
    std::string after;
    bool operator==(const SettingChange&) const = default;
};

struct ShownChange {
    ChangeKind kind = ChangeKind::Add;
    std::string link;
    std::vector<SettingChange> settings;  // of those that differ
    bool rule = false;                    // `link` is the name of a rule
    bool operator==(const ShownChange&) const = default;
};

// Ordered by the links' names; then the rules, ordered by theirs.
std::vector<ShownChange> compare(const PlanView& before, const PlanView& after);
// Sees changed secrets, too.
std::vector<ShownChange> compare(const ir::Plan& before, const ir::Plan& after);

}  // namespace lotmesh::server
