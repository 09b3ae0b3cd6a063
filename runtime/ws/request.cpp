#include "runtime/ws/request.h"

#include <http_parser.h>

#include <algorithm>

#include "base/assert.h"

namespace lotmesh::ws {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// For http_parser's callbacks: go on, or stop here.
constexpr int kGoOn = 0;
constexpr int kStop = 1;
// To its question what to do behind the headers: nothing, as after an upgrade.
constexpr int kNoMore = 2;

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::size_t Request::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        headers, [&](const Header& header) { return equal_ignoring_case(header.name, name); }));
}

std::string_view Request::only(std::string_view name) const {
    if (count(name) != 1) return {};
    const auto found = std::ranges::find_if(
        headers, [&](const Header& header) { return equal_ignoring_case(header.name, name); });
    return found->value;
}

std::vector<std::string_view> Request::list(std::string_view name) const {
    std::vector<std::string_view> members;
    for (const Header& header : headers) {
        if (!equal_ignoring_case(header.name, name)) continue;
        std::string_view rest = header.value;
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            const std::string_view member = trimmed(rest.substr(0, comma));
            if (!member.empty()) members.push_back(member);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return members;
}

struct RequestReader::Impl {
    enum class Part : std::uint8_t { Name, Value };

    explicit Impl(const Limits& bounds) : limits(bounds) {
        http_parser_init(&parser, HTTP_REQUEST);
        parser.data = this;
        http_parser_settings_init(&settings);
        settings.on_url = [](http_parser* of, const char* text, std::size_t size) {
            self(of).request.target.append(text, size);
            return kGoOn;
        };
        settings.on_header_field = [](http_parser* of, const char* text, std::size_t size) {
            return self(of).add_name({text, size});
        };
        settings.on_header_value = [](http_parser* of, const char* text, std::size_t size) {
            return self(of).add_value({text, size});
        };
        settings.on_headers_complete = [](http_parser* of) { return self(of).complete(); };
    }
    // http_parser points at us.
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    static Impl& self(http_parser* of) { return *static_cast<Impl*>(of->data); }

    // Names and values come in pieces.
    int add_name(std::string_view piece) {
        if (part == Part::Value) {
            if (request.headers.size() == limits.request_headers_max) {
                state = RequestState::TooLarge;
                return kStop;
            }
            request.headers.emplace_back();
            part = Part::Name;
        }
        request.headers.back().name += piece;
        return kGoOn;
    }
    int add_value(std::string_view piece) {
        part = Part::Value;
        request.headers.back().value += piece;
        return kGoOn;
    }
    int complete() {
        constexpr std::uint64_t kNoLength = ~std::uint64_t{0};  // http_parser's word for none
        state = RequestState::Complete;
        request.method = http_method_str(static_cast<http_method>(parser.method));
        request.version_major = parser.http_major;
        request.version_minor = parser.http_minor;
        const bool has_length = parser.content_length != kNoLength && parser.content_length != 0;
        request.has_body = has_length || request.count("Transfer-Encoding") != 0;
        for (Header& header : request.headers)
            header.value = trimmed(header.value);
        return kNoMore;
    }

    Limits limits;
    http_parser parser{};
    http_parser_settings settings{};
    Request request;
    RequestState state = RequestState::Incomplete;
    Part part = Part::Value;  // as if one had ended: the next name begins a header
    std::size_t bytes = 0;    // of the request so far
};

RequestReader::RequestReader(const Limits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

RequestReader::Step RequestReader::receive(ByteView bytes) {
    Impl& reader = *impl_;
    ASSERT(reader.state == RequestState::Incomplete);
    const std::size_t room = reader.limits.request_bytes_max - reader.bytes;
    const ByteView taken = bytes.first(std::min(bytes.size(), room));
    // To http_parser no bytes are the end of the stream.
    const std::size_t used =
        taken.empty()
            ? 0
            : http_parser_execute(&reader.parser, &reader.settings,
                                  reinterpret_cast<const char*>(taken.data()), taken.size());
    reader.bytes += used;
    if (reader.state == RequestState::Complete) return {RequestState::Complete, used};
    if (reader.state == RequestState::Incomplete) {
        if (HTTP_PARSER_ERRNO(&reader.parser) != HPE_OK)
            reader.state = RequestState::Malformed;
        else if (taken.size() < bytes.size())
            reader.state = RequestState::TooLarge;
    }
    return {reader.state, bytes.size()};
}

const Request& RequestReader::request() const { return impl_->request; }

}  // namespace lotmesh::ws
