#include "base/bytes.h"

#include <doctest/doctest.h>

using namespace lotmesh;

TEST_CASE("numbers are read big-endian, as they were written") {
    Bytes bytes;
    ByteWriter writer(bytes);
    writer.u8(0x01);
    writer.u16(0x0203);
    writer.u32(0x04050607);
    writer.u64(0x08090A0B0C0D0E0F);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        CHECK(bytes[i] == i + 1);

    ByteReader reader(bytes);
    CHECK(reader.u8() == 0x01);
    CHECK(reader.u16() == 0x0203);
    CHECK(reader.u32() == 0x04050607);
    CHECK(reader.u64() == 0x08090A0B0C0D0E0F);
    CHECK(reader.ok());
    CHECK(reader.at_end());
}

TEST_CASE("a reader that ran out stays failed and gives zeros") {
    const Bytes bytes{1, 2, 3};
    ByteReader reader(bytes);
    CHECK(reader.u8() == 1);
    CHECK(reader.u32() == 0);
    CHECK_FALSE(reader.ok());
    CHECK(reader.u8() == 0);
    CHECK(reader.take(1).empty());
    CHECK(reader.rest().empty());
    CHECK_FALSE(reader.ok());
}

TEST_CASE("a reader can be failed from outside") {
    const Bytes bytes{1, 2, 3};
    ByteReader reader(bytes);
    reader.fail();
    CHECK_FALSE(reader.ok());
    CHECK(reader.take(0).empty());
    CHECK(reader.u8() == 0);
}

TEST_CASE("what is taken is a view into the bytes") {
    const Bytes bytes{1, 2, 3, 4, 5};
    ByteReader reader(bytes);
    CHECK(reader.take(2).data() == bytes.data());
    CHECK(reader.position() == 2);
    CHECK(reader.remaining() == 3);
    const ByteView rest = reader.rest();
    CHECK(rest.data() == bytes.data() + 2);
    CHECK(rest.size() == 3);
    CHECK(reader.at_end());
    CHECK(reader.ok());
}

TEST_CASE("taking more than there is fails at the bound and one past it") {
    const Bytes bytes{1, 2, 3};
    ByteReader fits(bytes);
    CHECK(fits.take(3).size() == 3);
    CHECK(fits.ok());
    ByteReader too_far(bytes);
    CHECK(too_far.take(4).empty());
    CHECK_FALSE(too_far.ok());
    ByteReader far_too_far(bytes);
    CHECK(far_too_far.take(static_cast<std::size_t>(-1)).empty());
    CHECK_FALSE(far_too_far.ok());
}

TEST_CASE("an empty reader is at its end and sound") {
    ByteReader reader({});
    CHECK(reader.at_end());
    CHECK(reader.rest().empty());
    CHECK(reader.ok());
}

TEST_CASE("a writer appends and text goes there and back") {
    Bytes bytes{9};
    ByteWriter writer(bytes);
    writer.bytes(as_bytes("abc"));
    writer.bytes({});
    CHECK(writer.size() == 4);
    CHECK(as_text(ByteView(bytes).subspan(1)) == "abc");
}
