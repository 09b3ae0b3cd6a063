#include "runtime/server/admission.h"

#include <doctest/doctest.h>

#include <string>

#include "runtime/server/limits.h"

using namespace lotmesh;
using namespace lotmesh::server;
using Answer = Admission::Answer;

namespace {

constexpr Instant kStart{1'000'000};

net::Address address(const std::string& host) { return *net::Address::parse(host, 1000); }

struct Bench {
    Admission admission;
    std::uint32_t next = 0;

    Answer connect(const std::string& host, Instant now = kStart) {
        const Answer answer = admission.ask(address(host), now);
        if (answer == Answer::Admitted) admission.entered({next++, 1}, address(host));
        return answer;
    }
};

}  // namespace

TEST_CASE("one source has so many connections, and not one more") {
    Bench bench{Admission({.connections_max = 2})};
    CHECK(bench.connect("192.0.2.1") == Answer::Admitted);
    CHECK(bench.connect("192.0.2.1") == Answer::Admitted);
    CHECK(bench.connect("192.0.2.1") == Answer::TooMany);
    CHECK(bench.connect("192.0.2.2") == Answer::Admitted);
    bench.admission.left({0, 1});
    bench.admission.left({0, 1});  // once is enough
    CHECK(bench.connect("192.0.2.1") == Answer::Admitted);
    CHECK(bench.connect("192.0.2.1") == Answer::TooMany);
}

TEST_CASE("one source comes so fast, and not faster") {
    Bench bench{Admission({.per_second = 3})};
    for (int i = 0; i < 3; ++i)
        CHECK(bench.connect("192.0.2.1") == Answer::Admitted);
    CHECK(bench.connect("192.0.2.1") == Answer::TooFast);
    CHECK(bench.connect("192.0.2.2") == Answer::Admitted);
    CHECK(bench.connect("192.0.2.1", kStart + Duration::milliseconds(334)) == Answer::Admitted);
}

TEST_CASE("whoever has a network of IPv6 is one source, and IPv4 in IPv6 is IPv4") {
    Bench bench{Admission({.connections_max = 1})};
    CHECK(bench.connect("2001:db8:1:2::1") == Answer::Admitted);
    CHECK(bench.connect("2001:db8:1:2:ffff::2") == Answer::TooMany);
    CHECK(bench.connect("2001:db8:1:3::1") == Answer::Admitted);
    CHECK(bench.connect("192.0.2.1") == Answer::Admitted);
    CHECK(bench.connect("::ffff:192.0.2.1") == Answer::TooMany);
    CHECK(bench.connect("::ffff:192.0.2.2") == Answer::Admitted);
}

TEST_CASE("clients of this machine are not counted") {
    Bench bench{Admission({.connections_max = 1, .per_second = 1})};
    for (int i = 0; i < 5; ++i)
        for (const char* host : {"127.0.0.1", "::1"})
            CHECK(bench.connect(host) == Answer::Admitted);
    CHECK(bench.admission.source_count() == 0);
}

TEST_CASE("so many sources are remembered, and idle ones are forgotten first") {
    Bench bench{Admission({.per_second = 1})};
    const auto nth = [](std::size_t n) {
        return "10." + std::to_string(n >> 16) + "." + std::to_string((n >> 8) & 255) + "." +
               std::to_string(n & 255);
    };
    for (std::size_t i = 0; i < kSourcesMax; ++i)
        REQUIRE(bench.connect(nth(i)) == Answer::Admitted);
    CHECK(bench.connect(nth(kSourcesMax)) == Answer::TooFast);
    CHECK(bench.connect(nth(0), kStart + Duration::seconds(1)) == Answer::Admitted);
    bench.admission.left({7, 1});
    CHECK(bench.connect(nth(kSourcesMax), kStart + Duration::seconds(1)) == Answer::Admitted);
    CHECK(bench.admission.source_count() == kSourcesMax);
}

TEST_CASE("what comes and goes without a limit of its speed leaves nothing behind") {
    Bench bench{Admission({.connections_max = 1})};
    CHECK(bench.connect("192.0.2.1") == Answer::Admitted);
    bench.admission.left({0, 1});
    CHECK(bench.admission.source_count() == 0);
    bench.admission.left({5, 1});
}
