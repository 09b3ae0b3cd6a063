#include "compiler/compile.h"

#include <doctest/doctest.h>

#include "compiler/diag/render_text.h"

using namespace lotmesh;

namespace {

class OneValue final : public ReferenceResolver {
public:
    explicit OneValue(std::string value) : value_(std::move(value)) {}
    std::optional<std::string> env(std::string_view) const override { return value_; }
    std::optional<std::string> secret(std::string_view) const override { return value_; }

private:
    std::string value_;
};

}  // namespace

TEST_CASE("the reference example compiles as it stands") {
    const SourceText file{"reference.lot", R"(DEFINE ROUTE ClusterNode1 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "192.168.1.100"
        WITH BROKER_PORT '1884'
        WITH CLIENT_ID "ClusterNode1"
        WITH USERNAME "cluster_user"
        WITH PASSWORD "cluster_password"
        WITH MESSAGE_VALIDITY_SEC '30'
)"};
    const CompileResult result = compile({&file, 1});
    CHECK(diag::render_text(result.report) == "");
    REQUIRE(result.ok());
    REQUIRE(result.plan->links.size() == 1);
    const ir::Link& link = result.plan->links[0];
    CHECK(link.name == "ClusterNode1");
    CHECK(link.address == "192.168.1.100");
    CHECK(link.port == 1884);
    CHECK(link.client_id == "ClusterNode1");
    CHECK(link.username == "cluster_user");
    CHECK(link.password.reveal() == "cluster_password");
    CHECK(link.message_validity_sec == 30);
}

TEST_CASE("no file at all is an empty plan") {
    const CompileResult result = compile(std::vector<SourceText>{});
    REQUIRE(result.ok());
    CHECK(result.plan->links.empty());
    CHECK(diag::render_text(result.report) == "");
}

TEST_CASE("the files of a folder make one plan, ordered by name") {
    const std::string body =
        "WITH TYPE MQTT_CLUSTER ADD CLUSTER_CONFIG WITH BROKER_PORT '1' WITH BROKER_ADDRESS ";
    const std::vector<SourceText> files = {
        {"1.lot", "DEFINE ROUTE Zulu " + body + "\"z\" WITH CLIENT_ID \"z\""},
        {"2.lot", "DEFINE ROUTE Alfa " + body + "\"a\" WITH CLIENT_ID \"a\""}};
    const CompileResult result = compile(files);
    REQUIRE(result.ok());
    REQUIRE(result.plan->links.size() == 2);
    CHECK(result.plan->links[0].name == "Alfa");
    CHECK(result.plan->links[1].name == "Zulu");
}

TEST_CASE("a user name from a reference is UTF-8, a password is any bytes") {
    const auto compiles = [](const std::string& key, const std::string& value) {
        const SourceText file{"a.lot",
                              "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER ADD CLUSTER_CONFIG WITH "
                              "BROKER_ADDRESS \"a\" WITH BROKER_PORT 1 WITH CLIENT_ID \"a\" WITH " +
                                  key + " GET ENV \"X\""};
        const OneValue resolver(value);
        CompileOptions options;
        options.resolver = &resolver;
        return compile({&file, 1}, options).ok();
    };
    CHECK(compiles("USERNAME", "caf\u00e9"));
    CHECK_FALSE(compiles("USERNAME", "caf\xe9"));
    CHECK(compiles("PASSWORD", "caf\xe9"));
}

TEST_CASE("lossless wins over a capacity") {
    const SourceText file{
        "a.lot",
        "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER ADD CLUSTER_CONFIG WITH "
        "BROKER_ADDRESS \"a\" WITH BROKER_PORT 1 WITH CLIENT_ID \"a\" ADD "
        "ROUTE_CONFIG WITH OVERLOAD_POLICY \"lossless\" WITH OVERLOAD_CAPACITY 9"};
    const CompileResult result = compile({&file, 1});
    REQUIRE(result.ok());
    CHECK(result.plan->links[0].overload.capacity == 0);
}
