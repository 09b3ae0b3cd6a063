#include <doctest/doctest.h>

#include "runtime/cluster/peer_link.h"
#include "runtime/cluster/route.h"

using namespace lotmesh;
using namespace lotmesh::cluster;

namespace {

const broker::ConnId kConn{1, 1};
const LinkFailure kTls{RouteState::TlsExpected, "the port speaks TLS"};

struct Attempts {
    Limits limits;
    Rng rng{1};
    Instant now;
    Route route{ir::Link{}, Instant{}};
    broker::DialId last_dial = 0;

    Opening connect() {
        now = now + Duration::seconds(60);
        REQUIRE(route.wants_dial(now));
        route.dialling(++last_dial);
        return route.connected(kConn);
    }
    void fail(LinkFailure failure) { route.attempt_failed(std::move(failure), now, rng, limits); }
    void close_silently() { fail(route.silently_closed("closed")); }
};

}  // namespace

TEST_CASE("a port that closes without a word is asked once whether it speaks TLS") {
    Attempts attempts;
    CHECK(attempts.connect() == Opening::Connect);
    attempts.close_silently();
    CHECK(attempts.route.state() == RouteState::Unreachable);
    CHECK(attempts.connect() == Opening::TlsQuestion);
    attempts.close_silently();
    CHECK(attempts.route.state() == RouteState::Unreachable);
    CHECK(attempts.connect() == Opening::Connect);
    attempts.close_silently();
    CHECK(attempts.connect() == Opening::Connect);
}

TEST_CASE("a port that answered in TLS stays tls_expected while it goes on closing") {
    Attempts attempts;
    attempts.connect();
    attempts.close_silently();
    CHECK(attempts.connect() == Opening::TlsQuestion);
    attempts.fail(kTls);
    CHECK(attempts.connect() == Opening::Connect);
    attempts.close_silently();
    CHECK(attempts.route.failure() == kTls);
    attempts.connect();
    attempts.fail({RouteState::Unreachable, "connection refused"});
    attempts.connect();
    attempts.close_silently();
    CHECK(attempts.route.state() == RouteState::Unreachable);
}

TEST_CASE("a port at which nobody listens any more is not asked whether it speaks TLS") {
    Attempts attempts;
    attempts.connect();
    attempts.close_silently();
    attempts.now = attempts.now + Duration::seconds(60);
    attempts.route.dialling(++attempts.last_dial);
    attempts.fail({RouteState::Unreachable, "connection refused"});
    CHECK(attempts.connect() == Opening::Connect);
}

TEST_CASE("a new address is asked again") {
    Attempts attempts;
    attempts.connect();
    attempts.close_silently();
    CHECK(attempts.connect() == Opening::TlsQuestion);
    attempts.close_silently();
    attempts.route.reconnect(ir::Link{}, attempts.now);
    CHECK(attempts.connect() == Opening::Connect);
    attempts.close_silently();
    CHECK(attempts.connect() == Opening::TlsQuestion);
}

TEST_CASE("the TLS question is one whole ClientHello record") {
    Bytes bytes;
    append_tls_question(bytes);
    ByteReader reader(bytes);
    CHECK(reader.u8() == 0x16);
    CHECK(reader.u16() == 0x0301);
    const std::size_t record_size = reader.u16();
    CHECK(record_size == reader.remaining());
    CHECK(reader.u8() == 1);
    CHECK(reader.u8() == 0);
    const std::size_t hello_size = reader.u16();
    CHECK(hello_size == reader.remaining());
    CHECK(reader.ok());
}
