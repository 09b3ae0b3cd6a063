#include "runtime/server/server_policy.h"

#include <doctest/doctest.h>

using namespace lotmesh;
using namespace lotmesh::server;
using broker::Permission;

namespace {

const broker::Origin kElsewhere{.remote_address = "192.0.2.1:4711"};

// Whom the policy takes this one for.
broker::Principal believed(ServerPolicy& policy, std::string_view user,
                           std::optional<std::string_view> password,
                           const broker::Origin& origin = kElsewhere) {
    std::optional<ByteView> bytes;
    if (password) bytes = as_bytes(*password);
    const broker::AuthVerdict verdict = policy.authenticate({"id", user, bytes, origin}, {});
    CHECK(verdict.reason == mqtt::ReasonCode::Success);
    return {"id", verdict.user_name, verdict.groups, origin};
}

}  // namespace

TEST_CASE("without credentials for peers there are no rules") {
    ServerPolicy policy(std::nullopt);
    CHECK(policy.authority_of(believed(policy, "mesh", "x")) == nullptr);
}

TEST_CASE("S34 where peers have credentials, who presents exactly these may be one") {
    ServerPolicy policy(std::nullopt, ClusterCredentials{"mesh", "se:cret"});
    const auto may = [&policy](std::string_view user, std::optional<std::string_view> password) {
        return policy.authority_of(believed(policy, user, password))->may(Permission::Cluster, {});
    };
    CHECK(may("mesh", "se:cret"));
    CHECK_FALSE(may("mesh", "se:cre"));
    CHECK_FALSE(may("mesh", "se:cret2"));
    CHECK_FALSE(may("mesh", ""));
    CHECK_FALSE(may("mesh", std::nullopt));
    CHECK_FALSE(may("other", "se:cret"));
    CHECK_FALSE(may("", "se:cret"));
    // One who proved to be somebody by another method has not presented them.
    CHECK_FALSE(policy.authority_of({"id", "mesh", {}, kElsewhere})->may(Permission::Cluster, {}));
}

TEST_CASE("credentials for peers change nothing for clients") {
    ServerPolicy policy(std::nullopt, ClusterCredentials{"mesh", "secret"});
    const auto guest = policy.authority_of(believed(policy, "ada", std::nullopt));
    for (const Permission permission :
         {Permission::Connect, Permission::Publish, Permission::Subscribe, Permission::Receive,
          Permission::Retain, Permission::Will, Permission::Sys})
        CHECK(guest->may(permission, "a"));
    CHECK_FALSE(guest->may(Permission::Admin, {}));
    const broker::Origin here{.remote_address = "127.0.0.1:1", .loopback = true};
    CHECK(policy.authority_of(believed(policy, "ada", std::nullopt, here))
              ->may(Permission::Admin, {}));
}
