// LOTMESH_UPDATE_GOLDEN=1 test_compiler writes the tables of docs/lot-language.md anew.
#include "compiler/reference.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cstdlib>
#include <fstream>

#include "compiler/sema/schema.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::sema;

namespace {

const std::string kPage = LOTMESH_SOURCE_DIR "/docs/lot-language.md";

// The place of a route type's tables in the page.
struct Place {
    std::size_t begin = 0;
    std::size_t end = 0;
};

Place place_of(const std::string& page, std::string_view type) {
    const std::string mark = fmt::format("<!-- made from the schema: {} -->\n", type);
    const std::size_t begin = page.find(mark);
    REQUIRE(begin != std::string::npos);
    const std::size_t end = page.find("<!-- end of what is made -->\n", begin);
    REQUIRE(end != std::string::npos);
    return {begin + mark.size(), end};
}

}  // namespace

TEST_CASE("the tables of the reference page are made from the schema") {
    for (const RouteSchema& route : route_schemas()) {
        CAPTURE(route.type);
        std::string page = test::read_text(kPage);
        const Place place = place_of(page, route.type);
        const std::string expected = "\n" + render_reference(route.type) + "\n";
        if (std::getenv("LOTMESH_UPDATE_GOLDEN") != nullptr) {
            page.replace(place.begin, place.end - place.begin, expected);
            std::ofstream(kPage, std::ios::binary) << page;
        } else {
            CHECK(page.substr(place.begin, place.end - place.begin) == expected);
        }
    }
}

TEST_CASE("the keys of a block are applied to the part of the route that it names") {
    for (const RouteSchema& route : route_schemas())
        for (const BlockSchema& block : route.blocks)
            for (const KeySchema& key : block.keys) {
                CAPTURE(block.name);
                CAPTURE(key.name);
                const bool overload = block.target == BlockTarget::LinkOverload ||
                                      block.target == BlockTarget::BridgeOverload;
                const bool end =
                    block.target == BlockTarget::Source || block.target == BlockTarget::Destination;
                const std::size_t expected = overload                               ? 3
                                             : block.target == BlockTarget::Mapping ? 2
                                             : end                                  ? 1
                                                                                    : 0;
                CHECK(key.apply.index() == expected);
                CHECK(std::visit([](auto* apply) { return apply != nullptr; }, key.apply));
            }
}
