// A Policy for tests: everybody is who he says, and may everything that the test does not deny.
// Changes hold for those who ask from then on; the test says PolicyChanged where others should.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/topic.h"
#include "runtime/broker/policy.h"

namespace lotmesh::test {

struct Denial {
    std::string user_name;
    broker::Permission permission = broker::Permission::Connect;
    std::string filter;  // of topics, or the filter itself; "": whatever it is about
    bool operator==(const Denial&) const = default;
};

class Rules final : public broker::Authority {
public:
    explicit Rules(std::vector<Denial> denials) : denials_(std::move(denials)) {}
    bool may(broker::Permission permission, std::string_view topic) const override {
        return std::ranges::none_of(denials_, [&](const Denial& denial) {
            return denial.permission == permission &&
                   (denial.filter.empty() || denial.filter == topic ||
                    topic_matches(denial.filter, topic));
        });
    }

private:
    std::vector<Denial> denials_;
};

class RulesPolicy final : public broker::Policy {
public:
    void deny(std::string user_name, broker::Permission permission, std::string filter = {}) {
        denials_.push_back({std::move(user_name), permission, std::move(filter)});
    }
    void allow_all() { denials_.clear(); }

    // "mallory" is nobody. While the test defers, the answer is a ticket, counted from 1.
    broker::AuthVerdict authenticate(const broker::Credentials& credentials, Now) override {
        ++asked;
        if (deferring) return {.ticket = ++last_ticket};
        if (credentials.user_name == "mallory")
            return {.reason = mqtt::ReasonCode::BadUserNameOrPassword, .why = "no such user"};
        return {.user_name = std::string(credentials.user_name.value_or(""))};
    }
    void abandon(broker::AuthTicket ticket) override { abandoned.push_back(ticket); }
    std::unique_ptr<const broker::Authority> authority_of(
        const broker::Principal& principal) override {
        if (!has_rules) return nullptr;
        std::vector<Denial> his;
        std::ranges::copy_if(denials_, std::back_inserter(his), [&](const Denial& denial) {
            return denial.user_name == principal.user_name;
        });
        return std::make_unique<Rules>(std::move(his));
    }

    bool has_rules = true;
    bool deferring = false;
    int asked = 0;
    broker::AuthTicket last_ticket = 0;
    std::vector<broker::AuthTicket> abandoned;

private:
    std::vector<Denial> denials_;
};

}  // namespace lotmesh::test
