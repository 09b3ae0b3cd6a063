#include "runtime/server/tls_keeper.h"

#include <doctest/doctest.h>

#include "tests/support/certificates.h"
#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;
using namespace lotmesh::test;

namespace {

struct Bench {
    TemporaryFolder folder;
    net::CertificateAuthority authority{"Test CA", valid_for_days(100)};
    net::Loop loop;
    int changes = 0;
    std::string state;
    std::optional<TlsKeeper> keeper;

    void write(std::int64_t days = 50) {
        net::Validity validity = valid_for_days(days);
        validity.not_after_s += 3600;  // so that it is that many days while the test runs
        const net::TlsIdentity identity = issue(authority, {"a.example"}, "node", validity);
        folder.write("node.pem", identity.certificate + identity.private_key);
    }
    void load() {
        TlsFiles files;
        files.identities.push_back({folder.path / "node.pem", folder.path / "node.pem"});
        keeper.emplace(
            loop, files, [this] { ++changes; },
            [this](std::string_view topic, std::string_view payload) {
                CHECK(topic == kTlsStateTopic);
                state = payload;
            });
        REQUIRE(keeper->load());
    }
};

}  // namespace

TEST_CASE("the last thirty days, week and day of a certificate are told") {
    constexpr std::int64_t kDay = 86'400;
    const WallTime now{1'000'000'000'000};
    const auto with = [now](std::int64_t left_s) {
        return expiry_warning_days(now.ms / 1000 + left_s, now);
    };
    CHECK(with(30 * kDay + 1) == 0);
    CHECK(with(30 * kDay) == 30);
    CHECK(with(7 * kDay + 1) == 30);
    CHECK(with(7 * kDay) == 7);
    CHECK(with(kDay) == 1);
    CHECK(with(0) == 1);
    CHECK(with(-1) == 0);
}

TEST_CASE("files that are as they were change nothing") {
    Bench bench;
    bench.write();
    bench.load();
    const auto before = bench.keeper->context();
    bench.keeper->reload();
    CHECK(bench.keeper->context() == before);
    CHECK(bench.changes == 0);
    CHECK(bench.state.contains(R"("error":"")"));
    CHECK(bench.state.contains(R"("days_left":50)"));
}

TEST_CASE("new files are taken whole, bad ones leave what was there") {
    Bench bench;
    bench.write();
    bench.load();
    const auto first = bench.keeper->context();
    bench.write(20);
    bench.keeper->reload();
    const auto second = bench.keeper->context();
    CHECK(second != first);
    CHECK(bench.changes == 1);
    CHECK(bench.state.contains(R"("days_left":20)"));
    bench.folder.write("node.pem", "nonsense");
    bench.keeper->reload();
    CHECK(bench.keeper->context() == second);
    CHECK(bench.changes == 1);
    CHECK(bench.state.contains("the certificate is no PEM file"));
    bench.write(40);
    bench.keeper->reload();
    CHECK(bench.changes == 2);
    CHECK(bench.state.contains(R"("error":"")"));
}

TEST_CASE("a certificate that has run out is not taken at the start") {
    Bench bench;
    const net::TlsIdentity late = issue(bench.authority, {}, "late", valid_for_days(-1, -2));
    bench.folder.write("node.pem", late.certificate + late.private_key);
    TlsFiles files;
    files.identities.push_back({bench.folder.path / "node.pem", bench.folder.path / "node.pem"});
    TlsKeeper keeper(bench.loop, files, [] {}, [](std::string_view, std::string_view) {});
    const auto loaded = keeper.load();
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().ends_with("node.pem: the certificate has expired"));
}
