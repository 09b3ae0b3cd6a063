#include "runtime/ws/request.h"

#include <doctest/doctest.h>

using namespace lotmesh;
using namespace lotmesh::ws;

namespace {

const std::string kRequest =
    "GET /mqtt?x=1 HTTP/1.1\r\nHost: h:9001\r\nUpgrade:  websocket \r\nA: b, c\r\na: "
    ",d\r\nE:\r\n\r\n";

RequestState state_of(const std::string& text, const Limits& limits = {}) {
    return RequestReader(limits).receive(as_bytes(text)).state;
}

std::string request_of_size(std::size_t size) {
    const std::string begin = "GET / HTTP/1.1\r\nA: ";
    const std::string end = "\r\n\r\n";
    return begin + std::string(size - begin.size() - end.size(), 'x') + end;
}

std::string request_with_headers(std::size_t count) {
    std::string text = "GET / HTTP/1.1\r\n";
    for (std::size_t i = 0; i < count; ++i)
        text += "A: b\r\n";
    return text + "\r\n";
}

}  // namespace

TEST_CASE("a request is read up to its empty line, and what is behind it is left") {
    RequestReader reader(Limits{});
    const auto step = reader.receive(as_bytes(kRequest + "frames"));
    CHECK(step.state == RequestState::Complete);
    CHECK(step.used == kRequest.size());
    const Request& request = reader.request();
    CHECK(request.method == "GET");
    CHECK(request.target == "/mqtt?x=1");
    CHECK(request.version_major == 1);
    CHECK(request.version_minor == 1);
    CHECK_FALSE(request.has_body);
    CHECK(request.headers ==
          std::vector<Header>{
              {"Host", "h:9001"}, {"Upgrade", "websocket"}, {"A", "b, c"}, {"a", ",d"}, {"E", ""}});
}

TEST_CASE("a request is the same however its bytes are cut") {
    RequestReader whole(Limits{});
    whole.receive(as_bytes(kRequest));
    for (std::size_t cut = 0; cut < kRequest.size(); ++cut) {
        RequestReader reader(Limits{});
        const ByteView bytes = as_bytes(kRequest);
        CHECK(reader.receive(bytes.first(cut)).state == RequestState::Incomplete);
        const auto step = reader.receive(bytes.subspan(cut));
        CHECK(step.state == RequestState::Complete);
        CHECK(step.used == kRequest.size() - cut);
        CHECK(reader.request() == whole.request());
    }
    RequestReader bytewise(Limits{});
    for (const char& c : kRequest)
        bytewise.receive(as_bytes({&c, 1}));
    CHECK(bytewise.request() == whole.request());
}

TEST_CASE("headers are found in any case, alone or as a list") {
    RequestReader reader(Limits{});
    reader.receive(as_bytes(kRequest));
    const Request& request = reader.request();
    CHECK(request.only("hOST") == "h:9001");
    CHECK(request.only("a").empty());  // there are two
    CHECK(request.count("A") == 2);
    CHECK(request.list("A") == std::vector<std::string_view>{"b", "c", "d"});
    CHECK(request.count("none") == 0);
    CHECK(request.only("none").empty());
    CHECK(request.list("none").empty());
}

TEST_CASE("a body that is announced is seen") {
    const auto has_body = [](const std::string& header) {
        RequestReader reader(Limits{});
        const auto step = reader.receive(as_bytes("GET / HTTP/1.1\r\n" + header + "\r\n\r\nbody"));
        CHECK(step.state == RequestState::Complete);
        return reader.request().has_body;
    };
    CHECK(has_body("Content-Length: 4"));
    CHECK(has_body("Transfer-Encoding: chunked"));
    CHECK_FALSE(has_body("Content-Length: 0"));
}

TEST_CASE("what is no request is malformed") {
    CHECK(state_of("\x10\x0C\x00\x04MQTT\x04") == RequestState::Malformed);  // MQTT itself
    CHECK(state_of("GET\r\n\r\n") == RequestState::Malformed);
    CHECK(state_of("GET / HTTP/1.1\r\nno colon\r\n\r\n") == RequestState::Malformed);
    CHECK(state_of("HTTP/1.1 200 OK\r\n\r\n") == RequestState::Malformed);
    CHECK(state_of("GET / HTTP/1.1\r\nA: b\x01\r\n\r\n") == RequestState::Malformed);
    CHECK(state_of("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n") == RequestState::Malformed);
}

TEST_CASE("a request has at most so many bytes") {
    const Limits limits;
    CHECK(state_of(request_of_size(limits.request_bytes_max)) == RequestState::Complete);
    CHECK(state_of(request_of_size(limits.request_bytes_max + 1)) == RequestState::TooLarge);
    RequestReader reader(limits);
    const std::string part = request_of_size(2 * limits.request_bytes_max);
    const ByteView bytes = as_bytes(part);
    CHECK(reader.receive(bytes.first(limits.request_bytes_max)).state == RequestState::Incomplete);
    CHECK(reader.receive(bytes.subspan(limits.request_bytes_max, 1)).state ==
          RequestState::TooLarge);
}

TEST_CASE("a request has at most so many headers") {
    const Limits limits;
    CHECK(state_of(request_with_headers(limits.request_headers_max)) == RequestState::Complete);
    CHECK(state_of(request_with_headers(limits.request_headers_max + 1)) == RequestState::TooLarge);
}
