// What each code means to those who write route files: one page for each line of codes.def, with a
// file that gives it and the same file mended. Data only; explain_render.h of the compiler shows
// it.
//
// A page: two to five sentences, what is wrong, why it matters, how to mend it. ASCII, lines as
// they are shown. Tests compile all samples: `bad` gives this code and no other, `good` gives none.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/diag/diagnostic.h"

namespace lotmesh::diag {

// How samples are compiled, where it is not as `lotmesh lint` does it. A limit of 0 is the usual
// one; small ones keep samples short.
struct SampleSetup {
    bool load = false;  // as a broker does it: references must have values
    bool portable = false;
    std::string_view file_name = "node1.lot";
    bool cluster = false;  // the sample is the files of several nodes (explain_cluster.h)
    std::size_t file_bytes_max = 0;
    std::size_t definitions_max = 0;
    std::size_t definition_tokens_max = 0;
    std::size_t value_bytes_max = 0;
    std::size_t rules_max = 0;
    std::size_t condition_tests_max = 0;
};

// An environment variable that is set; without a name, none is.
struct Variable {
    std::string_view name;
    std::string_view value;
};

// What most samples are when they are mended.
inline constexpr std::string_view kOneLink = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)";

inline constexpr std::string_view kTwoLinks = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"

DEFINE ROUTE ToNode3 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node3"
)";

inline constexpr std::string_view kOneBridge = R"(// lot: allow(LOT0402)
DEFINE ROUTE ToCloud WITH TYPE MQTT_BRIDGE
    ADD SOURCE_CONFIG
        WITH BROKER SELF
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "cloud.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "site1"
    ADD MAPPING Sensors
        WITH SOURCE_TOPIC "sensors/#"
        WITH DESTINATION_TOPIC "site1/sensors/#"
        WITH DIRECTION "out"
)";

struct Page {
    Code code{};
    std::string_view text;
    std::string_view bad;
    std::string_view good;
    SampleSetup setup = {};
    Variable bad_variable = {};
    Variable good_variable = {};
};

const std::vector<Page>& pages();  // in the order of their codes
const Page& page_of(Code code);

// The parts that pages() is made of, by group.
std::span<const Page> input_and_syntax_pages();
std::span<const Page> structure_pages();
std::span<const Page> value_pages();
std::span<const Page> advice_pages();  // support and advice
std::span<const Page> rule_pages();    // about rules of access, of all groups

}  // namespace lotmesh::diag
