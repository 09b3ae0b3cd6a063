// tests/golden/graph/NAME.FORMAT: what is drawn of some clusters. LOTMESH_UPDATE_GOLDEN=1
// test_compiler writes them anew; look at the pictures.
#include "compiler/topology/picture.h"

#include <doctest/doctest.h>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "compiler/cluster.h"
#include "compiler/topology/layout.h"
#include "tests/unit/compiler/cluster_text.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::test;
using topology::Drawing;
using topology::Picture;

namespace {

// Each link in both directions.
std::vector<std::string> both(std::vector<std::string> links) {
    const std::size_t count = links.size();
    for (std::size_t i = 0; i < count; ++i)
        links.push_back({links[i][1], links[i][0]});
    return links;
}

Picture drawn(std::string_view nodes, const std::vector<std::string>& links) {
    return topology::picture_of(check_cluster(cluster_of(nodes, links)).model);
}

struct Named {
    std::string name;
    Picture picture;
};

Picture live_picture() {
    Picture picture = drawn("abc", both({"ab", "ac", "bc"}));
    topology::LiveNode a{
        .name = "a", .uuid = {}, .status = "partitioned", .links = {}, .routes = {}};
    a.links.push_back({.peer = "b",
                       .state = "up",
                       .reason = {},
                       .rtt_us = 1234,
                       .queued = 3,
                       .queued_bytes = 600});
    a.links.push_back({.peer = "c",
                       .state = "away",
                       .reason = {},
                       .rtt_us = std::nullopt,
                       .queued = 70,
                       .queued_bytes = 9000});
    topology::overlay(picture, {a});
    return picture;
}

std::vector<Named> pictures() {
    const std::string golden = LOTMESH_SOURCE_DIR "/tests/golden/cluster/";
    const auto of_folder = [&](const std::string& folder) {
        return topology::picture_of(check_cluster(read_cluster(golden + folder)).model);
    };
    std::vector<std::string> ring;
    const std::string twelve = "abcdefghijkl";
    for (std::size_t i = 0; i < twelve.size(); ++i)
        ring.push_back({twelve[i], twelve[(i + 1) % twelve.size()]});
    return {{"mesh3", drawn("abc", both({"ab", "ac", "bc"}))},
            {"chain5", drawn("abcde", {"ab", "ba", "bc", "cd", "dc", "de", "ed"})},
            {"star", drawn("abcdef", both({"ab", "ac", "ad", "ae", "af"}))},
            {"ring12", drawn(twelve, both(ring))},
            {"islands", drawn("abcd", both({"ab"}))},
            {"missing", of_folder("03-unknown-target/fail")},
            {"itself", of_folder("02-route-to-itself/fail")},
            {"transport", of_folder("04-transport-mismatch/fail")},
            {"tls", of_folder("04-transport-mismatch/pass")},
            {"live", live_picture()}};
}

bool overlap(const topology::Box& one, const topology::Box& two) {
    return std::abs(one.x - two.x) < (one.width + two.width) / 2 &&
           std::abs(one.y - two.y) < (one.height + two.height) / 2;
}

}  // namespace

TEST_CASE("pictures are drawn as they were") {
    for (const Named& named : pictures())
        for (const std::string_view format : topology::drawing_words()) {
            const std::string path =
                fmt::format(LOTMESH_SOURCE_DIR "/tests/golden/graph/{}.{}", named.name, format);
            CAPTURE(path);
            const std::string text = draw(named.picture, *topology::parse_drawing(format));
            if (std::getenv("LOTMESH_UPDATE_GOLDEN") != nullptr)
                std::ofstream(path, std::ios::binary) << text;
            CHECK(text == read_text(path));
        }
}

TEST_CASE("a picture for programs is JSON with all nodes and links") {
    const auto json = nlohmann::json::parse(draw(live_picture(), Drawing::Json));
    CHECK(json["version"] == 1);
    CHECK(json["nodes"].size() == 3);
    CHECK(json["links"].size() == 3);
    CHECK(json["links"][0]["live"]["rtt_us"] == 1234);
    CHECK(json["links"][1]["live"]["queued"] == 70);
}

TEST_CASE("names that mean something to a format are escaped") {
    Picture picture;
    picture.nodes.push_back({"a\"<b>&\\", {}});
    CHECK(draw(picture, Drawing::Svg).find("a&quot;&lt;b&gt;&amp;\\") != std::string::npos);
    CHECK(draw(picture, Drawing::Dot).find("a\\\"<b>&\\\\") != std::string::npos);
    CHECK(draw(picture, Drawing::Mermaid).find("a#quot;#lt;b#gt;&") != std::string::npos);
    CHECK(nlohmann::json::parse(draw(picture, Drawing::Json))["nodes"][0]["name"] == "a\"<b>&\\");
}

TEST_CASE("no two boxes overlap, whatever hangs together how") {
    for (const std::size_t count : {1U, 2U, 5U, 12U, 40U}) {
        std::vector<topology::Box> boxes(count, {0, 0, 150, 60});
        std::vector<std::pair<std::size_t, std::size_t>> lines;
        for (std::size_t i = 1; i < count; ++i)
            lines.emplace_back(i, (i * 7) % i);
        for (std::size_t i = 3; i < count; i += 3)
            lines.emplace_back(i, i / 3);
        topology::arrange(boxes, lines, 190);
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = i + 1; j < count; ++j)
                CHECK_FALSE(overlap(boxes[i], boxes[j]));
    }
}

TEST_CASE("what runs and is written nowhere is drawn, and said to be in no file") {
    Picture picture;
    topology::LiveNode a{.name = "a", .uuid = {}, .status = "healthy", .links = {}, .routes = {}};
    a.links.push_back({.peer = "b", .state = "up", .reason = {}, .rtt_us = std::nullopt});
    topology::overlay(picture, {a});
    CHECK(draw(picture, Drawing::Text) ==
          "2 nodes, 1 link\n\na  (healthy)\n    <-> b  in no file; 0 queued\n\nb\n    <-> a  in no "
          "file; 0 queued\n");
}
