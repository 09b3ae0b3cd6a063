#include "runtime/server/login_penalties.h"

#include <doctest/doctest.h>

#include <string>

#include "runtime/server/limits.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

const std::string kHome = login_source("10.0.0.1:5000");
const std::string kElsewhere = login_source("10.0.0.2:5000");
const std::string kThird = login_source("10.0.0.3:5000");

struct Fixture {
    LoginPenalties penalties{{1, 2}};
    Instant now{1'000'000};

    bool may_try(const std::string& source, const std::string& user) const {
        return penalties.may_try(source, user, now);
    }
    void fail(std::uint32_t times, const std::string& source, const std::string& user) {
        for (std::uint32_t i = 0; i < times; ++i)
            penalties.failed(source, user, now);
    }
    void fail_as_many(std::uint32_t times, const std::string& source) {
        for (std::uint32_t i = 0; i < times; ++i)
            penalties.failed(source, "user" + std::to_string(i), now);
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "so many mistakes with a name cost nothing, one more a second") {
    fail(kFreeMistakesOfUser, kHome, "ada");
    CHECK(may_try(kHome, "ada"));
    fail(1, kHome, "ada");
    CHECK_FALSE(may_try(kHome, "ada"));
    CHECK(may_try(kHome, "bob"));
    now = now + kPenaltyMin - Duration::microseconds(1);
    CHECK_FALSE(may_try(kHome, "ada"));
    now = now + Duration::microseconds(1);
    CHECK(may_try(kHome, "ada"));
}

TEST_CASE_FIXTURE(Fixture, "so many mistakes of a source cost nothing, one more all its names") {
    fail_as_many(kFreeMistakesOfSource, kHome);
    CHECK(may_try(kHome, "ada"));
    fail_as_many(1, kHome);
    CHECK_FALSE(may_try(kHome, "ada"));
    CHECK(may_try(kElsewhere, "ada"));
    now = now + kPenaltyMin;
    CHECK(may_try(kHome, "ada"));
}

TEST_CASE_FIXTURE(Fixture, "each further mistake doubles the penalty, up to a minute") {
    fail(kFreeMistakesOfUser, kHome, "ada");
    for (const int seconds : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
        CAPTURE(seconds);
        fail(1, kHome, "ada");
        now = now + Duration::seconds(seconds) - Duration::microseconds(1);
        CHECK_FALSE(may_try(kHome, "ada"));
        now = now + Duration::microseconds(1);
        CHECK(may_try(kHome, "ada"));
    }
    fail(1'000'000, kHome, "ada");
    now = now + kPenaltyMax;
    CHECK(may_try(kHome, "ada"));
}

TEST_CASE_FIXTURE(Fixture, "mistakes are forgotten after a while without one") {
    fail(kFreeMistakesOfUser, kHome, "ada");
    now = now + kMistakesKept;
    fail(1, kHome, "ada");
    CHECK_FALSE(may_try(kHome, "ada"));
    now = now + kMistakesKept + Duration::microseconds(1);
    fail(kFreeMistakesOfUser, kHome, "ada");
    CHECK(may_try(kHome, "ada"));
}

TEST_CASE_FIXTURE(Fixture, "a name that is guessed from everywhere costs each who has guessed") {
    for (std::uint32_t i = 0; i <= kFreeMistakesOfUser; ++i)
        fail(1, login_source("10.1.0." + std::to_string(i) + ":1"), "ada");
    CHECK_FALSE(may_try(login_source("10.1.0.0:1"), "ada"));
}

TEST_CASE_FIXTURE(Fixture, "nobody is locked out by the mistakes of others") {
    fail(1'000, kElsewhere, "ada");
    CHECK(may_try(kHome, "ada"));  // it has made no mistake yet
    penalties.succeeded(kHome, "ada");
    fail_as_many(1'000, kHome);  // somebody else behind the same address
    fail(1'000, kElsewhere, "ada");
    CHECK(may_try(kHome, "ada"));
    CHECK_FALSE(may_try(kHome, "bob"));
}

TEST_CASE_FIXTURE(Fixture, "who has proved himself is held back by his own mistakes alone") {
    penalties.succeeded(kHome, "ada");
    fail(kFreeMistakesOfUser + 1, kHome, "ada");
    CHECK_FALSE(may_try(kHome, "ada"));
    CHECK(may_try(kHome, "bob"));
    CHECK(may_try(kThird, "ada"));
    now = now + kPenaltyMin;
    CHECK(may_try(kHome, "ada"));
    penalties.succeeded(kHome, "ada");
    fail(kFreeMistakesOfUser, kHome, "ada");
    CHECK(may_try(kHome, "ada"));
}

TEST_CASE_FIXTURE(Fixture, "a right password does not take back the mistakes with other names") {
    fail_as_many(kFreeMistakesOfSource + 1, kHome);
    penalties.succeeded(kHome, "mallory");
    CHECK_FALSE(may_try(kHome, "ada"));
}

TEST_CASE("a table holds so many, and one more makes it forget the oldest") {
    MistakeTable table(3);
    for (std::uint64_t key = 1; key <= 3; ++key)
        table.touch(key).count = 1;
    table.touch(1);  // now the second is the oldest
    CHECK(table.size() == 3);
    CHECK(table.find(2) != nullptr);
    table.touch(4);
    CHECK(table.size() == 3);
    CHECK(table.find(2) == nullptr);
    CHECK(table.find(1)->count == 1);
    CHECK(table.find(4)->count == 0);
}

TEST_CASE_FIXTURE(Fixture, "the sources that are remembered have a bound") {
    fail_as_many(kFreeMistakesOfSource + 1, kHome);
    for (std::size_t i = 1; i < kPenaltySourcesMax; ++i)
        fail(1, std::to_string(i), "x");
    CHECK_FALSE(may_try(kHome, "ada"));
    fail(1, "one more", "x");
    CHECK(may_try(kHome, "ada"));
}

TEST_CASE("a source is an address, or a network of IPv6") {
    CHECK(login_source("10.0.0.1:1") == login_source("10.0.0.1:65535"));
    CHECK(login_source("10.0.0.1:1") != login_source("10.0.0.2:1"));
    CHECK(login_source("[2001:db8:0:1::1]:1") == login_source("[2001:db8:0:1:ffff::2]:9"));
    CHECK(login_source("[2001:db8:0:1::1]:1") != login_source("[2001:db8:0:2::1]:1"));
    CHECK(login_source("[::ffff:10.0.0.1]:1") != login_source("[::ffff:10.0.0.2]:1"));
    CHECK(login_source("[::ffff:10.0.0.1]:1") != login_source("[::1]:1"));
    CHECK(login_source("") == "");
    CHECK(login_source("somewhere") == "somewhere");
}
