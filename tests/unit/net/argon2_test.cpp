#include "runtime/net/argon2.h"

#include <doctest/doctest.h>

#include <string>

using namespace lotmesh;

namespace {

// Cheap, as tests are many.
constexpr net::Argon2Cost kCheap{.memory_kib = 64, .passes = 1};

// As libargon2, the reference, wrote them.
const std::string kReference =
    "$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
    "QZqVEbUoFUCE2qAik0WLkbn6kiEotkIb1f6lGzcakl0";
const std::string kTwoLanes =
    "$argon2id$v=19$m=64,t=1,p=2$MDEyMzQ1Njc$5Bj+YKFiuWXwMPB7zYIMtGHXLsU4l51tgRXrfnVYxhA";

std::string with(std::string_view from, std::string_view to) {
    std::string text = kReference;
    text.replace(text.find(from), from.size(), to);
    return text;
}

}  // namespace

TEST_CASE("argon2id knows a password by its line") {
    const std::string hash = net::argon2id_hash("pencil", kCheap);
    CHECK(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    CHECK(net::is_argon2id_hash(hash));
    CHECK(net::matches_argon2id("pencil", hash));
    CHECK_FALSE(net::matches_argon2id("pencils", hash));
    CHECK_FALSE(net::matches_argon2id("", hash));
    CHECK_FALSE(net::matches_argon2id({}, hash));
    CHECK(net::matches_argon2id("", net::argon2id_hash({}, kCheap)));
    CHECK(net::argon2id_hash("pencil", kCheap) != hash);  // a salt of its own
}

TEST_CASE("the cost is OWASP's where nothing else is said") {
    CHECK(net::argon2id_hash("pencil").starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST_CASE("lines that others wrote are known, with the cost that they say") {
    CHECK(net::matches_argon2id("pencil", kReference));
    CHECK_FALSE(net::matches_argon2id("Pencil", kReference));
    CHECK(net::matches_argon2id("pencil", kTwoLanes));
    CHECK_FALSE(net::matches_argon2id("pencil", with("t=2", "t=1")));
}

TEST_CASE("what is no line of argon2id is told without any work") {
    for (std::size_t size = 0; size < kReference.size() - 30; ++size) {
        CAPTURE(size);
        CHECK_FALSE(net::is_argon2id_hash(kReference.substr(0, size)));
        CHECK_FALSE(net::matches_argon2id("pencil", kReference.substr(0, size)));
    }
    for (const std::string& text :
         {with("2id", "2i"), with("v=19", "v=16"), with("m=64", "m=064"), with("m=64", "m=-64"),
          with("m=64", "m=99999999999"), with("t=2", "t="), with("t=2", "x=2"),
          with("$MDE", "$!DE"), with("$MDEyMzQ1Njc4OWFiY2RlZg$", "$MDEyMzQ1$"), kReference + "$",
          kReference + "=", " " + kReference}) {
        CAPTURE(text);
        CHECK_FALSE(net::is_argon2id_hash(text));
        CHECK_FALSE(net::matches_argon2id("pencil", text));
    }
}

TEST_CASE("what a line may cost has bounds") {
    CHECK(net::is_argon2id_hash(with("m=64", "m=8")));
    CHECK_FALSE(net::is_argon2id_hash(with("m=64", "m=7")));
    CHECK(net::is_argon2id_hash(with("m=64", "m=262144")));
    CHECK_FALSE(net::is_argon2id_hash(with("m=64", "m=262145")));
    CHECK(net::is_argon2id_hash(with("t=2", "t=16")));
    CHECK_FALSE(net::is_argon2id_hash(with("t=2", "t=17")));
    CHECK_FALSE(net::is_argon2id_hash(with("t=2", "t=0")));
    CHECK(net::is_argon2id_hash(with("p=1", "p=4")));
    CHECK_FALSE(net::is_argon2id_hash(with("p=1", "p=5")));
}
