// What a broker with one route says of itself, for tests of the commands that ask it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/tools/scripted_broker.h"
#include "tools/lotmesh/plan_command.h"

namespace lotmesh::test {

inline std::string route_file(const std::string& name, int port, const std::string& more = "") {
    return "DEFINE ROUTE " + name +
           " WITH TYPE MQTT_CLUSTER\n    ADD CLUSTER_CONFIG\n"
           "        WITH BROKER_ADDRESS \"10.0.0.1\"\n        WITH BROKER_PORT '" +
           std::to_string(port) + "'\n        WITH CLIENT_ID \"label-" + name + "\"\n" + more;
}

using Said = std::vector<std::pair<std::string, std::string>>;

// A healthy node that runs what the folder says, as revision 7, with a peer behind route ToB.
inline Said running(const std::string& folder) {
    const auto files = tool::compile_files(folder);
    REQUIRE(files.has_value());
    const server::PlanView view = server::view_of(files->plan);
    return {
        {"$SYS/broker/cluster/status",
         R"({"status":"healthy","reasons":[],"name":"node1","version":"1.2.3"})"},
        {"$SYS/broker/cluster/nodes",
         R"({"routes":[{"route":"ToB","state":"up_primary","reason":"","address":"10.0.0.1",)"
         R"("port":1883,"peer":"id2"}],"peers":[{"uuid":"id2","name":"node2"}]})"},
        {"$SYS/broker/cluster/sync",
         R"({"peers":[{"uuid":"id2","lag_records":12,"lag_bytes":340,"interest":{"filters":3}}]})"},
        {"$SYS/broker/config/revision",
         R"({"revision":7,"hash":")" + server::hash_of(view) +
             R"(","at":"2026-01-31T12:00:00.000Z","cause":"files","plan_shown":true,"routes":")" +
             folder + R"(","revisions":null})"},
        {"$SYS/broker/config/plan", server::print(view)},
        {"$SYS/broker/config/reload",
         R"({"ok":true,"result":"applied","at":"2026-01-31T12:00:00.000Z","errors":[],)"
         R"("counts":{"applied":7,"unchanged":2,"refused":1}})"},
        {"$SYS/broker/config/history",
         R"({"revisions":[{"revision":7,"hash":"abc","at":"2026-01-31T12:00:00.000Z",)"
         R"("cause":"files","links":1,"added":0,"removed":0,"retuned":1,"reconnected":0,)"
         R"("kept":true}]})"},
    };
}

inline void say(Said& said, const std::string& topic, const std::string& payload) {
    for (auto& [known, value] : said)
        if (known == topic) value = payload;
}

}  // namespace lotmesh::test
