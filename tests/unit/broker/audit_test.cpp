// What the audit is told, and that nobody can flood it or write in another's name.
#include <doctest/doctest.h>

#include "runtime/broker/audit.h"
#include "runtime/broker/command.h"
#include "tests/support/broker_rig.h"
#include "tests/support/rules_policy.h"

using namespace lotmesh;
using namespace lotmesh::test;
using broker::Audit;
using broker::AuditKind;
using broker::Permission;

namespace {

struct Bench {
    std::vector<AuditKind> kinds() const {
        std::vector<AuditKind> kinds;
        for (const Audit& audit : rig.audits)
            kinds.push_back(audit.kind);
        return kinds;
    }

    RulesPolicy policy;
    BrokerRig rig{{}, policy};
};

}  // namespace

TEST_CASE("who comes is told with client id, user name and address") {
    Bench bench;
    const Hello hello{
        .client_id = "a", .user_name = "ada", .clean_start = false, .session_expiry_sec = 10};
    TestClient(bench.rig, hello).drop();
    CHECK(bench.rig.audits ==
          std::vector<Audit>{{AuditKind::Connected, "a", "ada", "192.0.2.1:4711", "new session"}});
    const TestClient again(bench.rig, hello);
    CHECK(bench.rig.last_audit().detail == "session resumed");
}

TEST_CASE("who is refused is told with the name that was claimed, and why") {
    Bench bench;
    TestClient client(bench.rig);
    client.connect(Hello{.client_id = "m", .user_name = "mallory"});
    CHECK(bench.rig.audits ==
          std::vector<Audit>{{AuditKind::ConnectionRefused, "m", "mallory", "192.0.2.1:4711",
                              "Bad User Name or Password (authentication failed: no such user)"}});
    // The client is not told what is for people here.
    CHECK(client.expect<mqtt::Connack>().properties.reason_string == "authentication failed");
}

TEST_CASE("of each kind of denial a connection has one line, however often it tries") {
    Bench bench;
    bench.policy.deny("ada", Permission::Publish);
    bench.policy.deny("ada", Permission::Subscribe);
    TestClient ada(bench.rig, Hello{.client_id = "a", .user_name = "ada"});
    for (int i = 0; i < 50; ++i) {
        ada.publish("secret", "payload");
        ada.subscribe("secret/#");
    }
    CHECK(bench.kinds() ==
          std::vector{AuditKind::Connected, AuditKind::PublishDenied, AuditKind::SubscribeDenied});
    CHECK(bench.rig.audits[1].detail == "secret");
    CHECK(bench.rig.audits[2].detail == "secret/#");
    CHECK(bench.rig.core.counters().denied.publishes == 50);
    CHECK(bench.rig.core.counters().denied.subscribes == 50);
}

TEST_CASE("a command is told by its name, without what may be secret in it") {
    Bench bench;
    TestClient root(bench.rig, Hello{.client_id = "r", .user_name = "root"});
    root.publish(broker::kCommandTopic, "-addRoute WITH PASSWORD \"hunter2\"");
    CHECK(bench.rig.last_audit().kind == AuditKind::AdminCommand);
    CHECK(bench.rig.last_audit().detail == "-addRoute");
    root.publish(broker::kCommandTopic, std::string(1000, 'x'));
    CHECK(bench.rig.last_audit().detail.size() == 64);
}

TEST_CASE("S33 a name cannot leave its quotes") {
    const Audit audit{AuditKind::Connected, "a\" user=\"root", "\\", "1:2", "x"};
    CHECK(to_line(audit) ==
          R"(audit kind=connected client="a\" user=\"root" user="\\" address="1:2" detail="x")");
}

TEST_CASE("what was denied can be read below $SYS") {
    Bench bench;
    bench.policy.deny("ada", Permission::Publish);
    TestClient ada(bench.rig, Hello{.client_id = "a", .user_name = "ada"});
    ada.publish("x", "y");
    bench.rig.advance(Duration::seconds(15));
    TestClient reader(bench.rig, Hello{.client_id = "reader"});
    reader.subscribe("$SYS/broker/denied/publishes");
    CHECK(reader.expect_message() == "$SYS/broker/denied/publishes=1");
}
