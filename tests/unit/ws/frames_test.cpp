#include "runtime/ws/frames.h"

#include <doctest/doctest.h>

#include <vector>

#include "tests/support/frame_bytes.h"

using namespace lotmesh;
using namespace lotmesh::ws;

namespace {

constexpr Instant kNow{1'000'000};

struct Seen {
    std::string received;
    std::string reply;
    bool closed = false;
    bool operator==(const Seen&) const = default;
};

// The pieces in order; those behind the end of the connection are not read.
Seen feed(Frames& frames, const std::vector<std::string>& pieces, Instant now = kNow) {
    Frames::Output output;
    for (const std::string& piece : pieces)
        if (!frames.is_closed()) frames.receive(as_bytes(piece), now, output);
    return {std::string(as_text(output.received)), std::string(as_text(output.reply)),
            frames.is_closed()};
}

Seen feed(const std::string& bytes, const Limits& limits = {}) {
    Frames frames(limits);
    return feed(frames, {bytes});
}

std::string closing(int code) { return server_frame(kFin | kClose, close_payload(code)); }

// What a client sent, and that it is answered with this close code, without any of it for MQTT.
void check_refused(const std::string& bytes, int code) {
    CHECK(feed(bytes) == Seen{"", closing(code), true});
}

}  // namespace

TEST_CASE(
    "binary frames are a stream, whatever their borders are [MQTT-6.0.0-2] [MQTT311-6.0.0-2]") {
    CHECK(feed(client_frame(kFin | kBinary, "ab") + client_frame(kFin | kBinary, "cd")) ==
          Seen{"abcd", "", false});
    CHECK(feed(client_frame(kBinary, "ab") + client_frame(kContinuation, "cd") +
               client_frame(kFin | kContinuation, "e") + client_frame(kFin | kBinary, "f")) ==
          Seen{"abcdef", "", false});
    for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 100'000U}) {
        const std::string payload(size, 'x');
        CHECK(feed(client_frame(kFin | kBinary, payload)).received == payload);
    }
}

TEST_CASE("what comes of a frame is handed on before the rest has come") {
    Frames frames(Limits{});
    const std::string frame = client_frame(kFin | kBinary, std::string(1000, 'x'));
    CHECK(feed(frames, {frame.substr(0, 108)}).received.size() == 100);
    CHECK(feed(frames, {frame.substr(108, 1)}).received.size() == 1);
    CHECK(feed(frames, {frame.substr(109)}).received.size() == 899);
}

TEST_CASE("a stream of frames is the same however it is cut") {
    const std::string stream =
        client_frame(kFin | kBinary, "one") + client_frame(kBinary, std::string(130, 'a')) +
        client_frame(kFin | kPing, "p") + client_frame(kContinuation, "") +
        client_frame(kFin | kPong, "") + client_frame(kFin | kContinuation, "two") +
        client_frame(kFin | kClose, close_payload(1000, "bye"));
    const Seen whole = feed(stream);
    CHECK(whole == Seen{"one" + std::string(130, 'a') + "two",
                        server_frame(kFin | kPong, "p") + closing(1000), true});
    for (std::size_t first = 0; first <= stream.size(); ++first)
        for (std::size_t second = first; second <= stream.size(); second += 7) {
            Frames frames(Limits{});
            CHECK(feed(frames, {stream.substr(0, first), stream.substr(first, second - first),
                                stream.substr(second)}) == whole);
        }
    Frames bytewise(Limits{});
    std::vector<std::string> bytes;
    for (const char c : stream)
        bytes.emplace_back(1, c);
    CHECK(feed(bytewise, bytes) == whole);
}

TEST_CASE("a ping is answered with its payload, between the fragments of a message too") {
    CHECK(feed(client_frame(kFin | kPing, "")).reply == server_frame(kFin | kPong, ""));
    const std::string most(125, 'x');
    CHECK(feed(client_frame(kFin | kPing, most)).reply == server_frame(kFin | kPong, most));
    CHECK(feed(client_frame(kBinary, "a") + client_frame(kFin | kPing, "p") +
               client_frame(kFin | kContinuation, "b")) ==
          Seen{"ab", server_frame(kFin | kPong, "p"), false});
    CHECK(feed(client_frame(kFin | kPong, "unasked")) == Seen{"", "", false});
}

TEST_CASE("S23: a frame without mask is refused") {
    check_refused(server_frame(kFin | kBinary, "ab"), 1002);
    check_refused(server_frame(kFin | kBinary, ""), 1002);
    check_refused(server_frame(kFin | kPing, ""), 1002);
}

TEST_CASE("a text frame is refused [MQTT-6.0.0-1] [MQTT311-6.0.0-1]") {
    check_refused(client_frame(kFin | kText, "ab"), 1003);
    check_refused(client_frame(kText, ""), 1003);
}

TEST_CASE("reserved bits and opcodes are refused") {
    for (const int bit : {0x40, 0x20, 0x10}) {
        check_refused(client_frame(static_cast<std::uint8_t>(kFin | bit | kBinary), "a"), 1002);
        check_refused(client_frame(static_cast<std::uint8_t>(kFin | bit | kPing), ""), 1002);
    }
    for (const int opcode : {0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF})
        check_refused(client_frame(static_cast<std::uint8_t>(kFin | opcode), ""), 1002);
}

TEST_CASE("fragments out of order are refused") {
    check_refused(client_frame(kFin | kContinuation, "a"), 1002);
    CHECK(feed(client_frame(kBinary, "a") + client_frame(kFin | kBinary, "b")) ==
          Seen{"a", closing(1002), true});
    CHECK(feed(client_frame(kFin | kBinary, "a") + client_frame(kFin | kContinuation, "b")) ==
          Seen{"a", closing(1002), true});
}

TEST_CASE("S23: a control frame in fragments or of more than 125 bytes is refused") {
    check_refused(client_frame(kPing, "a"), 1002);
    check_refused(client_frame(kClose, close_payload(1000)), 1002);
    check_refused(client_frame(kFin | kPing, std::string(126, 'x')), 1002);
    check_refused(client_frame(kFin | kClose, close_payload(1000, std::string(124, 'x'))), 1002);
}

TEST_CASE("S23: a length that is not in its shortest form, or of 64 bits, is refused") {
    const std::string first(1, static_cast<char>(kFin | kBinary));
    check_refused(first + "\xFE" + big_endian(125, 2) + masked("x"), 1002);
    check_refused(first + "\xFF" + big_endian(65535, 8) + masked("x"), 1002);
    check_refused(first + "\xFF" + big_endian(std::uint64_t{1} << 63, 8) + masked("x"), 1002);
    check_refused(first + "\xFF" + big_endian((std::uint64_t{1} << 63) - 1, 8) + masked("x"), 1009);
}

TEST_CASE("a frame has at most so many bytes, a message of many frames has no bound") {
    Limits limits;
    limits.frame_bytes_max = 1000;
    const std::string most(1000, 'x');
    CHECK(feed(client_frame(kFin | kBinary, most), limits) == Seen{most, "", false});
    CHECK(feed(client_frame(kFin | kBinary, most + "x"), limits) == Seen{"", closing(1009), true});
    std::string message = client_frame(kBinary, most);
    for (int i = 0; i < 99; ++i)
        message += client_frame(kContinuation, most);
    CHECK(feed(message, limits).received.size() == 100 * most.size());
    CHECK(Limits{}.frame_bytes_max == 16 * 1024 * 1024);
}

TEST_CASE("so many frames without payload may come within a while, and not one more") {
    for (const std::string& idle : {client_frame(kFin | kPong, ""), client_frame(kFin | kPing, "x"),
                                    client_frame(kFin | kBinary, "")}) {
        const Limits limits;
        Frames frames(limits);
        std::string most;
        for (std::uint32_t i = 0; i < limits.idle_frames_max; ++i)
            most += idle;
        CHECK_FALSE(feed(frames, {most}).closed);
        const Instant later = kNow + limits.idle_frames_window;
        CHECK_FALSE(feed(frames, {most}, later).closed);
        CHECK(feed(frames, {idle}, later) == Seen{"", closing(1008), true});
    }
}

TEST_CASE("a close frame is answered with its code, and nothing behind it is read") {
    const auto answer = [](const std::string& payload) {
        return feed(client_frame(kFin | kClose, payload) + client_frame(kFin | kBinary, "x"));
    };
    CHECK(answer("") == Seen{"", server_frame(kFin | kClose, ""), true});
    for (const int code :
         {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999})
        CHECK(answer(close_payload(code,
                                   "r\xC3\xA9"
                                   "ason")) == Seen{"", closing(code), true});
}

TEST_CASE("a close frame with what may not stand in it is refused") {
    check_refused(client_frame(kFin | kClose, "\x03"), 1002);
    for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
        check_refused(client_frame(kFin | kClose, close_payload(code)), 1002);
    check_refused(client_frame(kFin | kClose, close_payload(1000, "\xC3")), 1007);
    check_refused(client_frame(kFin | kClose, close_payload(1000, "\xED\xA0\x80")), 1007);
}

TEST_CASE("output is one binary frame without mask, of which only the head is new") {
    Frames frames(Limits{});
    for (const std::size_t size : {1U, 125U, 126U, 65535U, 65536U}) {
        const std::string one(size - 1, 'a');
        const std::string other(1, 'b');
        const ByteView runs[] = {as_bytes(one), as_bytes(other)};
        CHECK(as_text(frames.head(runs)) == frame_head(kFin | kBinary, 0, size));
    }
    CHECK(feed(frames, {client_frame(kFin | kPing, "p")}).reply == server_frame(kFin | kPong, "p"));
}

TEST_CASE("our own close frame is sent once") {
    Frames frames(Limits{});
    Bytes out;
    frames.close(CloseCode::GoingAway, out);
    frames.close(CloseCode::Normal, out);
    CHECK(as_text(out) == closing(1001));
    CHECK(frames.is_closed());
    CHECK(frames.close_reason() == "closed by this broker");
}
