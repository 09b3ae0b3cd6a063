#include "runtime/server/auth_reloader.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>

#include "runtime/net/timer.h"
#include "tests/support/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

const std::string kAda =
    "ada:$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
    "QZqVEbUoFUCE2qAik0WLkbn6kiEotkIb1f6lGzcakl0\n";

struct Fixture {
    test::TemporaryFolder folder;
    net::Loop loop;
    std::vector<AuthRules> applied;
    std::vector<std::string> states;

    Fixture() { folder.write("users", kAda); }

    AuthSources sources() const { return {.password_file = folder.path("users")}; }
    std::unique_ptr<AuthReloader> make(AuthSources from) {
        return std::make_unique<AuthReloader>(
            loop, std::move(from), [this](AuthRules rules) { applied.push_back(std::move(rules)); },
            [this](std::string_view topic, std::string_view payload) {
                CHECK(topic == "$SYS/broker/auth/state");
                states.emplace_back(payload);
            });
    }
    void turn_until(const std::function<bool()>& done) {
        bool expired = false;
        net::Timer limit(loop, [&expired] { expired = true; });
        limit.start_in(Duration::seconds(10));
        while (!done() && !expired)
            loop.run_turn();
        REQUIRE_FALSE(expired);
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the files are read at the start, and the state is told") {
    const auto reloader = make(sources());
    REQUIRE(reloader->load());
    REQUIRE(applied.size() == 1);
    CHECK(applied[0].users->find("ada") != nullptr);
    CHECK(states ==
          std::vector<std::string>{R"({"state":"applied","users":1,"keys":0,"rules":0})"});
}

TEST_CASE("S31: what cannot be read at the start ends it") {
    Fixture fixture;
    const test::TemporaryFolder& folder = fixture.folder;
    const auto complaint = [&fixture](AuthSources from) {
        const auto loaded = fixture.make(std::move(from))->load();
        return loaded ? std::string() : loaded.error();
    };
    CHECK(complaint({.password_file = folder.path("nowhere")}) ==
          "cannot read " + folder.path("nowhere") + ": no such file or directory");
    CHECK(complaint({.password_file = folder.path()}).ends_with("is not a regular file"));
    CHECK(complaint({.jwt_keys = {folder.path("nowhere")}}).starts_with("cannot read"));
    CHECK(complaint({.jwt_keys = {folder.write("key", "short")}})
              .ends_with("has a secret of less than 32 bytes, which can be guessed"));
    folder.write("users", kAda + "bob:plain\n");
    CHECK(complaint(fixture.sources()).starts_with(folder.path("users") + ":2: "));
    CHECK(fixture.applied.empty());
}

TEST_CASE_FIXTURE(Fixture, "a file that changes is read again") {
    const auto reloader = make(sources());
    REQUIRE(reloader->load());
    folder.write("users.new", "#\n");
    std::filesystem::rename(folder.path("users.new"), folder.path("users"));
    turn_until([this] { return applied.size() == 2; });
    CHECK(applied[1].users->size() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a file that is bad or gone later changes nothing, and it is told") {
    const auto reloader = make(sources());
    REQUIRE(reloader->load());
    folder.write("users", kAda + kAda);
    turn_until([this] { return states.size() >= 2; });
    CHECK(states.back() == R"({"state":"refused","error":")" + folder.path("users") +
                               R"(:2: this user has a line already"})");
    std::filesystem::remove(folder.path("users"));
    reloader->request();
    turn_until([this] { return states.back().contains("cannot read"); });
    CHECK(applied.size() == 1);
    folder.write("users", kAda);
    turn_until([this] { return applied.size() == 2; });
    CHECK(states.back().contains("applied"));
}

TEST_CASE_FIXTURE(Fixture, "what is asked for while it reads makes it read once more") {
    const auto reloader = make(sources());
    reloader->request();
    reloader->request();
    reloader->request();
    CHECK(reloader->busy());
    turn_until([&] { return !reloader->busy(); });
    CHECK(applied.size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "with no files there is nothing to read again") {
    const auto reloader = make({});
    REQUIRE(reloader->load());
    CHECK_FALSE(applied[0].users.has_value());
    CHECK_FALSE(applied[0].tokens.has_value());
    reloader->request();
    CHECK_FALSE(reloader->busy());
}

TEST_CASE_FIXTURE(Fixture, "a file that everybody can read is warned of") {
    ::chmod(folder.path("users").c_str(), 0644);
    const std::string key = folder.write("key", std::string(32, 'x'));
    ::chmod(key.c_str(), 0604);
    AuthSources from = sources();
    from.jwt_keys = {key};
    const auto rules = read_auth_rules(from);
    REQUIRE(rules);
    CHECK(rules->warnings ==
          std::vector<std::string>{folder.path("users") + " can be read by everybody: chmod 600",
                                   key + " can be read by everybody: chmod 600"});
    ::chmod(folder.path("users").c_str(), 0640);
    ::chmod(key.c_str(), 0600);
    CHECK(read_auth_rules(from)->warnings.empty());
}

TEST_CASE_FIXTURE(Fixture, "there are so many keys, and one more is too many") {
    AuthSources from;
    from.jwt_keys.assign(16, folder.write("key", std::string(32, 'x')));
    CHECK(read_auth_rules(from));
    from.jwt_keys.push_back(from.jwt_keys.front());
    CHECK(read_auth_rules(from).error() == "more than 16 keys of tokens");
}
