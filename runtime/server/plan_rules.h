// Rules of access from a plan, and beside them those of the file that --acl-file names: one book.
// The file's rules come first, then those of the plan in the order of their priority; of equal
// priority what denies before what allows (docs/authorisation.md).
#pragma once

#include <memory>
#include <vector>

#include "compiler/ir/plan.h"
#include "runtime/access/rule_book.h"

namespace lotmesh::server {

// In the order in which they are asked. A plan from the compiler has as many rules as there may be.
std::vector<access::Rule> access_rules(const ir::Plan& plan);

// Of one node. A node that had rules in its plan goes on to have a policy when the last of them has
// gone: what no rule allows is denied. Core thread.
class PlanRules {
public:
    void set_file(std::shared_ptr<const access::RuleBook> file);
    // False: they are what they were.
    bool set_plan(const ir::Plan& plan);

    // None: there are no rules.
    const std::shared_ptr<const access::RuleBook>& book() const { return book_; }

private:
    void join();

    std::shared_ptr<const access::RuleBook> file_;
    std::vector<access::Rule> planned_;
    bool had_rules_ = false;  // in a plan
    std::shared_ptr<const access::RuleBook> book_;
};

}  // namespace lotmesh::server
