// Bytes -> one HTTP request without a body: the request for the upgrade.
//
// Fed as the bytes come; ends with the empty line, and what stands behind it belongs to somebody
// else. Bounded by request_bytes_max and request_headers_max. RFC 9112; http-parser does the
// grammar.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "runtime/ws/limits.h"

namespace lotmesh::ws {

struct Header {
    std::string name;  // as written
    std::string value;
    bool operator==(const Header&) const = default;
};

struct Request {
    std::string method;
    std::string target;  // "/mqtt?a=b"
    int version_major = 0;
    int version_minor = 0;
    bool has_body = false;  // announces one: a length above 0, or a coding
    std::vector<Header> headers;

    bool operator==(const Request&) const = default;

    // Names in any case. The value of the only header of this name; none where there are several.
    std::size_t count(std::string_view name) const;
    std::string_view only(std::string_view name) const;
    // The members of a list over all headers of this name, in order, without blanks around them.
    std::vector<std::string_view> list(std::string_view name) const;
};

enum class RequestState : std::uint8_t {
    Incomplete,
    Complete,
    Malformed,
    TooLarge,
};

class RequestReader {
public:
    explicit RequestReader(const Limits& limits);
    ~RequestReader();
    RequestReader(RequestReader&&) noexcept;
    RequestReader& operator=(RequestReader&&) noexcept;

    struct Step {
        RequestState state;
        std::size_t used;  // of these bytes; all but where the request has ended
    };
    // Not again after another answer than Incomplete.
    Step receive(ByteView bytes);

    const Request& request() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// "HTTP" words are compared without regard to case, ASCII only.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace lotmesh::ws
