#include "runtime/server/command_text.h"

#include <doctest/doctest.h>

#include "compiler/compile.h"

using namespace lotmesh;
using namespace lotmesh::server;

TEST_CASE("a command is a word, what follows it, and the request at its end") {
    const CommandText add =
        read_command("  -addRoute DEFINE ROUTE A\n  WITH X \"y z\" -requestId  17 \n");
    CHECK(add.kind == CommandKind::AddRoute);
    CHECK(add.rest == "DEFINE ROUTE A\n  WITH X \"y z\"");
    CHECK(add.request_id == "17");
    const CommandText list = read_command("--list-routes");
    CHECK(list.kind == CommandKind::ListRoutes);
    CHECK(list.rest.empty());
    CHECK(list.request_id.empty());
}

TEST_CASE("a comment at the end of a route does not swallow the request") {
    const CommandText add = read_command("-addRoute DEFINE ROUTE A // a comment -requestId r-1");
    CHECK(add.rest == "DEFINE ROUTE A // a comment");
    CHECK(add.request_id == "r-1");
}

TEST_CASE("what looks like a request and is none stays") {
    CHECK(read_command("-addRoute A -requestId").rest == "A -requestId");
    CHECK(read_command("-requestId 1").word == "-requestId");
    CHECK(read_command("-x-requestId 1").request_id.empty());
    CHECK(read_command("").word.empty());
    CHECK(read_command(" \n").word.empty());
    CHECK_FALSE(read_command("addRoute A").kind.has_value());
    CHECK_FALSE(read_command("-addroute A").kind.has_value());
}

TEST_CASE("an answer has every member, and findings only where there are some") {
    CommandAnswer answer;
    answer.success = true;
    answer.message = "done";
    answer.route = "A";
    CHECK(to_text(read_command("-removeRoute A -requestId 7"), answer) ==
          R"({"success":true,"command":"RemoveRoute","requestId":"7","message":"done",)"
          R"("entityType":"Route","entityName":"A","data":{}})");
    const Json unknown = Json::parse(to_text(read_command("-fly"), CommandAnswer{}));
    CHECK(unknown["command"] == "-fly");
    CHECK(unknown["success"] == false);
}

TEST_CASE("bytes that are no text end nothing") {
    CHECK(to_text(read_command("-\xFF\xFE"), CommandAnswer{}).find("\xEF\xBF\xBD") !=
          std::string::npos);
}

TEST_CASE("the first error is the message, in the words that older tools look for") {
    const SourceText file{"command",
                          "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER\n  ADD CLUSTER_CONFIG\n"
                          "    WITH BROKER_ADRESS \"a\"\n    WITH BROKER_PORT \"1\"\n"
                          "    WITH CLIENT_ID \"a\"\n"};
    CommandAnswer answer;
    add_report(compile({&file, 1}).report, answer);
    REQUIRE(answer.errors.size() == 1);
    CHECK(answer.errors[0]["code"] == "LOT0208");
    CHECK(answer.errors[0]["line"] == 3);
    CHECK(answer.errors[0]["column"] == 10);
    CHECK(answer.errors[0]["sourceLines"][0] == "    WITH BROKER_ADRESS \"a\"");
    CHECK_FALSE(answer.errors[0]["suggestions"].empty());
    CHECK(answer.warnings.size() == 1);
    CHECK(answer.message.starts_with("Parsing error: `CLUSTER_CONFIG` has no key `BROKER_ADRESS`"));
    CHECK(answer.message.ends_with(" (3,10)"));
}
