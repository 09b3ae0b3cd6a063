// ir: diff, validate, dump, fingerprint.
#include <doctest/doctest.h>

#include "compiler/ir/diff.h"
#include "compiler/ir/dump.h"
#include "compiler/ir/validate.h"

using namespace lotmesh;
using namespace lotmesh::ir;

namespace {

Link link(std::string name) {
    Link result;
    result.client_id = "to-" + name;
    result.name = std::move(name);
    result.address = "peer.example";
    result.port = 1883;
    return result;
}

// Changes the one link of a plan and says what the difference is.
template <typename Change>
PlanDiff diff_after(Change change) {
    const Plan before{{link("a")}};
    Plan after = before;
    change(after.links[0]);
    return diff(before, after);
}

// How many rules a plan of one link breaks after a change.
template <typename Change>
std::size_t broken_after(Change change) {
    Plan plan{{link("a")}};
    change(plan.links[0]);
    return validate(plan).size();
}

}  // namespace

TEST_CASE("equal plans have no difference") {
    const Plan plan{{link("a"), link("b")}};
    CHECK(diff(plan, plan).empty());
}

TEST_CASE("links that come and go are added and removed in order of name") {
    const PlanDiff result = diff({{link("a"), link("c"), link("d")}}, {{link("b"), link("c")}});
    CHECK(result.added == std::vector{link("b")});
    CHECK(result.removed == std::vector{link("a"), link("d")});
    CHECK(result.retuned.empty());
    CHECK(result.reconnect.empty());
}

TEST_CASE("validity, retries, keepalive and overload are retuned in place") {
    CHECK(diff_after([](Link& l) { l.message_validity_sec = 1; }).retuned.size() == 1);
    CHECK(diff_after([](Link& l) { l.reconnection_retries = 1; }).retuned.size() == 1);
    CHECK(diff_after([](Link& l) { l.keepalive_sec = 1; }).retuned.size() == 1);
    CHECK(diff_after([](Link& l) { l.overload.capacity = 1; }).retuned.size() == 1);
    CHECK(diff_after([](Link& l) {
              l.references = {{"USERNAME", "GET ENV \"U\""}};
          }).retuned.size() == 1);
    CHECK(diff_after([](Link& l) { l.overload.capacity = 1; }).reconnect.empty());
}

TEST_CASE("address, port, client id, credentials and TLS need a new connection") {
    CHECK(diff_after([](Link& l) { l.address = "x"; }).reconnect.size() == 1);
    CHECK(diff_after([](Link& l) { l.port = 1; }).reconnect.size() == 1);
    CHECK(diff_after([](Link& l) { l.client_id = "x"; }).reconnect.size() == 1);
    CHECK(diff_after([](Link& l) { l.username = "x"; }).reconnect.size() == 1);
    CHECK(diff_after([](Link& l) { l.password = Secret("x"); }).reconnect.size() == 1);
    CHECK(diff_after([](Link& l) { l.tls.enabled = true; }).reconnect.size() == 1);
    CHECK(diff_after([](Link& l) { l.tls.enabled = true; }).retuned.empty());
}

TEST_CASE("a link that needs a new connection is not retuned as well") {
    const PlanDiff result = diff_after([](Link& l) {
        l.port = 1;
        l.message_validity_sec = 1;
    });
    REQUIRE(result.reconnect.size() == 1);
    CHECK(result.reconnect[0].before.port == 1883);
    CHECK(result.reconnect[0].after.message_validity_sec == 1);
    CHECK(result.retuned.empty());
}

TEST_CASE("a good plan breaks no rule") {
    CHECK(validate({}).empty());
    CHECK(validate({{link("a"), link("b")}}).empty());
}

TEST_CASE("each rule of a plan is asked") {
    CHECK(broken_after([](Link& l) { l.name = std::string(128, 'n'); }) == 0);
    CHECK(broken_after([](Link& l) { l.name = std::string(129, 'n'); }) == 1);
    CHECK(broken_after([](Link& l) { l.name = ""; }) == 1);
    CHECK(broken_after([](Link& l) { l.address = ""; }) == 1);
    CHECK(broken_after([](Link& l) { l.port = 0; }) == 1);
    CHECK(broken_after([](Link& l) { l.client_id = ""; }) == 1);
    CHECK(broken_after([](Link& l) { l.client_id = std::string(64, 'c'); }) == 0);
    CHECK(broken_after([](Link& l) { l.client_id = std::string(65, 'c'); }) == 1);
    CHECK(broken_after([](Link& l) { l.client_id = "tab\t"; }) == 1);
    CHECK(broken_after([](Link& l) { l.password = Secret(std::string(65536, 'p')); }) == 1);
    CHECK(broken_after([](Link& l) { l.message_validity_sec = 86400; }) == 0);
    CHECK(broken_after([](Link& l) { l.message_validity_sec = 86401; }) == 1);
    CHECK(broken_after([](Link& l) { l.keepalive_sec = 0; }) == 1);
    CHECK(broken_after([](Link& l) { l.keepalive_sec = 65536; }) == 1);
}

TEST_CASE("a plan is ordered by name, and names and client ids are used once") {
    CHECK(validate({{link("b"), link("a")}}).size() == 1);
    CHECK(validate({{link("a"), link("a")}}).size() == 2);
    Link other = link("b");
    other.client_id = link("a").client_id;
    CHECK(validate({{link("a"), other}}).size() == 1);
}

TEST_CASE("a broken rule does not tell the password") {
    Link bad = link("a");
    bad.password = Secret(std::string(65536, 'p'));
    CHECK(validate({{bad}})[0].find("ppp") == std::string::npos);
}

TEST_CASE("a dump is stable and shows no secret") {
    Link shown = link("a");
    shown.username = "user";
    shown.password = Secret("hunter2");
    shown.tls = {true, true, "/ca.pem", "/node.pem", Secret("hunter3")};
    CHECK(dump(shown) == R"(link a
  address               peer.example
  port                  1883
  client_id             to-a
  username              user
  password              ***
  message_validity_sec  60
  keepalive_sec         10
  reconnection_retries  5
  tls                   yes
  allow_untrusted_certs yes
  server_ca_cert_path   /ca.pem
  client_cert_path      /node.pem
  client_cert_pass      ***
  overload_policy       balanced
  overload_timeout_ms   50
  overload_capacity     0
)");
}

TEST_CASE("a dump shows the reference where a value came from one") {
    Link hidden = link("a");
    hidden.address = "hidden.example";
    hidden.port = 4711;
    hidden.references = {{"BROKER_ADDRESS", "GET ENV \"HOST\""},
                         {"BROKER_PORT", "GET ENV \"PORT\""}};
    const std::string text = dump(hidden);
    CHECK(text.find("hidden") == std::string::npos);
    CHECK(text.find("4711") == std::string::npos);
    CHECK(text.find("  address               GET ENV \"HOST\"\n") != std::string::npos);
    CHECK(text.find("  port                  GET ENV \"PORT\"\n") != std::string::npos);
}

TEST_CASE("the fingerprint changes with every setting, the password too") {
    const std::uint64_t plain = fingerprint({{link("a")}});
    CHECK(fingerprint({{link("a")}}) == plain);
    Link with_password = link("a");
    with_password.password = Secret("x");
    const std::uint64_t first = fingerprint({{with_password}});
    with_password.password = Secret("y");
    CHECK(first != plain);
    CHECK(fingerprint({{with_password}}) != first);
    CHECK(fingerprint({}) != plain);
}
