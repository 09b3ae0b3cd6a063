#include "base/hash.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace lotmesh;

TEST_CASE("the hash of some bytes is the same on every machine") {
    // Digests travel between nodes, so these numbers may never change.
    CHECK(hash64("") == hash64(ByteView{}));
    CHECK(hash64("lotmesh") == hash64(as_bytes("lotmesh")));
    CHECK(mix64(0) == 0);
    CHECK(mix64(1) == 0x4179B061E0C0E0D0ULL);
    CHECK(hash64("") == 0ULL);
    CHECK(hash64("a/b/c") == 0xDB21C93EBECA1DB1ULL);
    CHECK(hash64("a longer text, of more than two words", 42) == 0x8A5ADF5044BCA993ULL);
}

TEST_CASE("texts that differ in a byte, in length or in a zero hash differently") {
    std::set<std::uint64_t> seen;
    std::size_t count = 0;
    for (std::size_t size = 0; size <= 40; ++size) {
        seen.insert(hash64(std::string(size, '\0')));
        ++count;
        for (std::size_t i = 0; i < size; ++i) {
            std::string text(size, '\0');
            text[i] = '\1';
            seen.insert(hash64(text));
            ++count;
        }
    }
    CHECK(seen.size() == count);
}

TEST_CASE("another key gives another hash") {
    std::set<std::uint64_t> seen;
    for (std::uint64_t key = 0; key < 1'000; ++key)
        seen.insert(hash64("topic", key));
    CHECK(seen.size() == 1'000);
}

TEST_CASE("topics that differ in a number spread over the buckets of a table") {
    constexpr std::size_t kBuckets = 64;
    std::size_t counts[kBuckets] = {};
    for (int i = 0; i < 6'400; ++i)
        ++counts[hash64("sensor/" + std::to_string(i) + "/value") % kBuckets];
    for (const std::size_t count : counts) {
        CHECK(count > 50);
        CHECK(count < 150);
    }
}
