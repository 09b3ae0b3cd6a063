#include "runtime/net/connections.h"

#include <vector>

#include "tests/unit/net/loopback.h"

using namespace lotmesh;
using namespace lotmesh::net;

TEST_CASE("bytes of several runs arrive in order as one stream [MQTT-4.2-1] [MQTT311-7.1.1-1]") {
    Loopback net;
    net.connect();
    const ByteView runs[] = {as_bytes("first "), as_bytes(""), as_bytes("second "),
                             as_bytes("third")};
    CHECK(net.connections.write(net.client, runs) == WriteOutcome::Accepted);
    run_until(net.loop, [&] { return net.received[net.server].size() == 18; });
    CHECK(net.received[net.server] == "first second third");
    CHECK(net.connections.unsent_bytes(net.client) == 0);
}

TEST_CASE("more runs than one gathered write takes arrive whole") {
    Loopback net;
    net.connect();
    std::string expected;
    std::vector<std::string> pieces;
    for (int i = 0; i < 3000; ++i)
        pieces.push_back(std::to_string(i) + ",");
    std::vector<ByteView> runs;
    for (const std::string& piece : pieces) {
        expected += piece;
        runs.push_back(as_bytes(piece));
    }
    net.connections.write(net.client, runs);
    run_until(net.loop, [&] { return net.received[net.server].size() >= expected.size(); });
    CHECK(net.received[net.server] == expected);
}

TEST_CASE("what the socket does not take waits, crosses the high watermark once and drains") {
    Loopback net;
    net.connect();
    net.connections.pause_reading(net.server);
    std::string sent;
    int congested = 0;
    for (int i = 0; i < 100; ++i) {
        const std::string block(256 * 1024, static_cast<char>('a' + i % 26));
        sent += block;
        congested += net.send(net.client, block) == WriteOutcome::Congested ? 1 : 0;
    }
    CHECK(congested == 1);
    CHECK(net.connections.unsent_bytes(net.client) > Connections::kUnsentHigh);
    CHECK(net.writable[net.client] == 0);

    net.connections.resume_reading(net.server);
    run_until(net.loop, [&] { return net.writable[net.client] > 0; });
    CHECK(net.connections.unsent_bytes(net.client) <= Connections::kUnsentLow);
    run_until(net.loop, [&] { return net.received[net.server].size() == sent.size(); });
    CHECK(net.received[net.server] == sent);
    CHECK(net.writable[net.client] == 1);
    CHECK(net.connections.unsent_bytes(net.client) == 0);
}

TEST_CASE("a paused connection delivers nothing until it is resumed") {
    Loopback net;
    net.connect();
    net.connections.pause_reading(net.server);
    net.send(net.client, "hello");
    run_for(net.loop, Duration::milliseconds(30));
    CHECK(net.received[net.server].empty());
    net.connections.resume_reading(net.server);
    run_until(net.loop, [&] { return net.received[net.server] == "hello"; });
}

TEST_CASE("reading of a large stream goes through one buffer of bounded size") {
    Loopback net;
    net.connect();
    const std::string block(1024 * 1024, 'x');
    net.send(net.client, block);
    run_until(net.loop, [&] { return net.received[net.server].size() == block.size(); });
    CHECK(net.received_calls[net.server] >=
          static_cast<int>(block.size() / Connections::kReadBufferBytes));
}

TEST_CASE("closing flushes what waits and both ends hear of the end exactly once") {
    Loopback net;
    net.connect();
    net.connections.pause_reading(net.server);
    const std::string block(8 * 1024 * 1024, 'z');
    net.send(net.client, block);
    net.connections.close(net.client);
    net.connections.close(net.client);
    CHECK(net.send(net.client, "too late") == WriteOutcome::Ignored);
    CHECK(net.closed.empty());
    net.connections.resume_reading(net.server);
    run_until(net.loop, [&] { return net.closed.size() == 2; });
    CHECK(net.received[net.server].size() == block.size());
    run_for(net.loop, Duration::milliseconds(20));
    CHECK(net.closed.size() == 2);
    CHECK(net.connections.size() == 0);
}

TEST_CASE("the last words arrive although the other side keeps sending") {
    Loopback net;
    net.connect();
    net.connections.pause_reading(net.server);
    net.send(net.client, std::string(512 * 1024, 'n'));  // unread when we close
    net.send(net.server, "goodbye");
    net.connections.close(net.server);
    run_until(net.loop, [&] { return net.closed.size() == 2; });
    CHECK(net.received[net.client] == "goodbye");
    CHECK(net.received[net.server].empty());
}

TEST_CASE("a draining connection whose other side takes nothing is cut in bounded time") {
    Loopback net(Duration::milliseconds(50));
    net.connect();
    net.connections.pause_reading(net.server);
    net.send(net.client, std::string(16 * 1024 * 1024, 'z'));
    net.connections.close(net.client);
    run_until(net.loop, [&] { return net.closed.size() == 1; });
    CHECK(net.closed[0].first == net.client);
    CHECK(net.connections.unsent_bytes(net.client) == 0);
}

TEST_CASE("in a hurry a connection ends when the other side has its last words, open or not") {
    Loopback net(Duration::seconds(60));
    net.connect();
    net.connections.pause_reading(net.client);  // so that it does not even see our end
    net.connections.hurry();
    net.send(net.server, "goodbye");
    net.connections.close(net.server);
    run_until(net.loop, [&] { return net.closed.size() == 1; });
    CHECK(net.closed[0] == std::pair{net.server, std::string("closed by this broker")});
    net.connections.resume_reading(net.client);
    run_until(net.loop, [&] { return net.closed.size() == 2; });
    CHECK(net.received[net.client] == "goodbye");
    CHECK(net.closed[1].second == "closed by the other side");
}

TEST_CASE("in a hurry what still waits for room in the socket keeps its connection") {
    Loopback net(Duration::seconds(60));
    net.connect();
    net.connections.pause_reading(net.server);
    const std::string block(16 * 1024 * 1024, 'z');
    net.send(net.client, block);
    net.connections.hurry();
    net.connections.close(net.client);
    run_for(net.loop, Duration::milliseconds(60));
    CHECK(net.closed.empty());
    net.connections.resume_reading(net.server);
    run_until(net.loop, [&] { return net.closed.size() == 2; });
    CHECK(net.received[net.server].size() == block.size());
}

TEST_CASE("in a hurry a connection to which nothing was ever said ends at once") {
    Loopback net(Duration::seconds(60));
    net.connect();
    net.connections.hurry();
    net.connections.close(net.server);
    net.loop.run_turn();
    const std::map<ConnectionId, std::string> reasons(net.closed.begin(), net.closed.end());
    CHECK(reasons.at(net.server) == "closed by this broker");
}

TEST_CASE("aborting cuts without flushing and is told once to each end") {
    Loopback net;
    net.connect();
    net.connections.abort(net.client);
    net.connections.abort(net.client);
    CHECK(net.closed.empty());  // never inside a call
    run_until(net.loop, [&] { return net.closed.size() == 2; });
    const std::map<ConnectionId, std::string> reasons(net.closed.begin(), net.closed.end());
    CHECK(reasons.at(net.client) == "cut by this broker");
    CHECK(reasons.at(net.server) == "closed by the other side");
}

TEST_CASE("a stale id finds nothing, also when its slot is in use again") {
    Loopback net;
    net.connect();
    const ConnectionId old = net.client;
    net.connections.abort(old);
    run_until(net.loop, [&] { return net.closed.size() == 2; });
    net.client = {};
    net.server = {};
    net.connect();
    CHECK((net.client.index == old.index || net.server.index == old.index));
    CHECK(net.send(old, "ghost") == WriteOutcome::Ignored);
    net.connections.close(old);
    net.connections.abort(old);
    net.connections.pause_reading(old);
    net.send(net.client, "real");
    run_until(net.loop, [&] { return net.received[net.server] == "real"; });
    CHECK(net.closed.size() == 2);
}

TEST_CASE("writing to a connection that the other side has reset ends it once") {
    Loopback net;
    net.connect();
    net.connections.pause_reading(net.client);
    net.connections.abort(net.server);
    run_until(net.loop, [&] { return net.closed.size() == 1; });
    for (int i = 0; i < 50 && net.closed.size() < 2; ++i) {
        net.send(net.client, std::string(1000, 'x'));
        run_for(net.loop, Duration::milliseconds(1));
    }
    REQUIRE(net.closed.size() == 2);
    CHECK(net.closed[1].first == net.client);
}

TEST_CASE("connections that still have bytes to send can be destroyed with their loop") {
    Loopback net;
    net.connect();
    net.send(net.client, std::string(16 * 1024 * 1024, 'z'));
    CHECK(net.connections.unsent_bytes(net.client) > 0);
    net.connections.abort(net.server);
}
