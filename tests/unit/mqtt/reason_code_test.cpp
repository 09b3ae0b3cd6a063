#include "runtime/mqtt/reason_code.h"

#include <doctest/doctest.h>

#include <set>

using namespace lotmesh::mqtt;

TEST_CASE("each of the 43 reason codes has a name of its own") {
    std::set<std::string_view> names;
    std::size_t unknown = 0;
    for (int code = 0; code <= 0xFF; ++code) {
        const auto text = name(static_cast<ReasonCode>(code));
        if (text == "unknown reason code")
            ++unknown;
        else
            CHECK(names.insert(text).second);
    }
    CHECK(names.size() == 43);
    CHECK(unknown == 256 - 43);
}

TEST_CASE("the codes from 0x80 on are errors") {
    CHECK_FALSE(is_error(ReasonCode::Success));
    CHECK_FALSE(is_error(ReasonCode::ReAuthenticate));
    CHECK(is_error(ReasonCode::UnspecifiedError));
    CHECK(is_error(ReasonCode::WildcardSubscriptionsNotSupported));
}

TEST_CASE("each return code of 3.x says the same there and back") {
    for (std::uint8_t code = 0; code <= 5; ++code) {
        const auto reason = reason_from_connack_return_code_3x(code);
        REQUIRE(reason.has_value());
        CHECK(connack_return_code_3x(*reason) == code);
    }
    CHECK_FALSE(reason_from_connack_return_code_3x(6).has_value());
    CHECK_FALSE(reason_from_connack_return_code_3x(0x80).has_value());
}

TEST_CASE("every error has a return code of 3.x from 1 to 5") {
    for (int code = 0x80; code <= 0xA2; ++code) {
        const auto return_code = connack_return_code_3x(static_cast<ReasonCode>(code));
        CHECK(return_code >= 1);
        CHECK(return_code <= 5);
    }
    CHECK(connack_return_code_3x(ReasonCode::ServerBusy) == 3);
    CHECK(connack_return_code_3x(ReasonCode::BadAuthenticationMethod) == 5);
}
