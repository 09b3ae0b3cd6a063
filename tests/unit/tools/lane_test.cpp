#include "tools/fault_proxy/lane.h"

#include <doctest/doctest.h>

#include <string>

namespace lotmesh::fault_proxy {

namespace {

// A lane with its fault, driven by the test's clock.
struct Stage {
    void accept(std::string_view text) { lane.accept(as_bytes(text), fault, now_us, rng); }
    std::string release() { return std::string(as_text(lane.release(fault, now_us).bytes)); }

    Lane lane;
    Fault fault;
    Rng rng{1};
    std::int64_t now_us = 1'000'000;
};

}  // namespace

TEST_CASE("a lane without a fault lets everything through at once") {
    Stage stage;
    stage.accept("abc");
    CHECK(stage.release() == "abc");
    CHECK(stage.lane.next_deadline_us(stage.fault) == std::nullopt);
}

TEST_CASE("a frozen lane keeps all, and gives it when it thaws") {
    Stage stage;
    stage.fault.mode = Mode::Freeze;
    stage.accept("abc");
    stage.lane.end();
    CHECK(stage.release().empty());
    CHECK_FALSE(stage.lane.finished(stage.fault));
    CHECK(stage.lane.next_deadline_us(stage.fault) == std::nullopt);
    stage.fault.mode = Mode::Pass;
    CHECK(stage.release() == "abc");
    CHECK(stage.lane.finished(stage.fault));
}

TEST_CASE("a black hole drops bytes and says so") {
    Stage stage;
    stage.fault.mode = Mode::Blackhole;
    stage.accept("abc");
    stage.fault.mode = Mode::Pass;
    CHECK(stage.release().empty());
    CHECK(stage.lane.tainted());
}

TEST_CASE("delayed bytes come when they are due, in order in spite of the jitter") {
    Stage stage;
    stage.fault.delay_us = 10'000;
    stage.fault.jitter_us = 50'000;
    std::string sent;
    for (char c = 'a'; c <= 'z'; ++c) {
        stage.accept(std::string(1, c));
        sent += c;
    }
    CHECK(stage.release().empty());
    std::string received;
    while (const auto due_us = stage.lane.next_deadline_us(stage.fault)) {
        CHECK(*due_us >= 1'010'000);
        CHECK(*due_us <= 1'060'000);
        stage.now_us = *due_us;
        received += stage.release();
    }
    CHECK(received == sent);
}

TEST_CASE("bandwidth lets through what the time that passed allows") {
    Stage stage;
    stage.fault.bytes_per_sec = 100'000;
    stage.accept(std::string(10'000, 'x'));
    std::size_t received = stage.release().size();
    const std::int64_t began_us = stage.now_us;
    while (const auto due_us = stage.lane.next_deadline_us(stage.fault)) {
        stage.now_us = *due_us;
        received += stage.release().size();
    }
    CHECK(received == 10'000);
    CHECK(stage.now_us - began_us >= 90'000);
    CHECK(stage.now_us - began_us <= 110'000);
}

TEST_CASE("one bit of one byte is spoiled, once") {
    Stage stage;
    stage.fault.corrupt_after = 4;
    stage.accept("aaa");
    CHECK(stage.release() == "aaa");
    stage.accept("aaaa");
    CHECK(stage.release() == "a`aa");
    stage.accept("aaaaaaaa");
    CHECK(stage.release() == "aaaaaaaa");
}

TEST_CASE("a cut comes after exactly so many bytes") {
    Stage stage;
    stage.fault.cut_after = 5;
    stage.accept("abc");
    CHECK_FALSE(stage.lane.release(stage.fault, stage.now_us).cut);
    stage.accept("defg");
    const Release last = stage.lane.release(stage.fault, stage.now_us);
    CHECK(as_text(last.bytes) == "de");
    CHECK(last.cut);
    CHECK(stage.fault.cut_after == std::nullopt);
}

TEST_CASE("a lane is full at its bound and not one byte before") {
    Stage stage;
    stage.fault.mode = Mode::Freeze;
    stage.accept(std::string(kHeldBytesMax - 1, 'x'));
    CHECK_FALSE(stage.lane.full());
    stage.accept("x");
    CHECK(stage.lane.full());
}

TEST_CASE("commands are read with their direction and numbers") {
    CHECK(parse_command("heal") == Command{.verb = Verb::Heal, .directions = {}});
    CHECK(parse_command(" freeze  both ") ==
          Command{.verb = Verb::Freeze, .directions = {kUp, kDown}});
    CHECK(parse_command("delay up 5 2") ==
          Command{.verb = Verb::Delay, .directions = {kUp}, .amount = 5, .jitter = 2});
    CHECK(parse_command("cut") == Command{.verb = Verb::Cut, .directions = {}});
    CHECK(parse_command("cut down 100") ==
          Command{.verb = Verb::CutAfter, .directions = {kDown}, .amount = 100});
}

TEST_CASE("commands that are none are refused") {
    for (const char* line :
         {"", "melt", "freeze", "freeze sideways", "delay up", "delay up x", "heal up",
          "cut up 1 2", "bandwidth both -1", "delay up 9999999999999999999999"})
        CHECK_FALSE(parse_command(line));
}

TEST_CASE("heal undoes every fault") {
    Faults faults{};
    for (const char* line : {"freeze up", "delay both 5 5", "bandwidth down 9", "corrupt up 1",
                             "cut down 1", "blackhole"})
        apply(*parse_command(line), faults);
    CHECK(faults != Faults{});
    apply(*parse_command("heal"), faults);
    CHECK(faults == Faults{});
}

}  // namespace lotmesh::fault_proxy
