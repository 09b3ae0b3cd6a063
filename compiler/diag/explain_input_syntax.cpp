// Pages of LOT00xx, what a file is, and LOT01xx, how it is written.
#include <array>

#include "compiler/diag/explain.h"

namespace lotmesh::diag {

namespace {

constexpr auto kPages = std::to_array<Page>({
    {
        .code = Code::FileTooLarge,
        .text = R"(A route file has 64 MiB at most, which is room for almost two hundred thousand
routes. A larger one is not read at all. Most likely it is no route file: look
at what was given to the broker. If it is one, divide it; all files of a folder
make one plan.)",
        .bad = kTwoLinks,
        .good = kOneLink,
        .setup = {.file_bytes_max = 200},
    },
    {
        .code = Code::InvalidUtf8,
        .text = R"(Route files are UTF-8. A byte here is not, so nobody can say which character it
was meant to be. It mostly comes from an editor that saves in an older encoding,
such as Latin-1, or from a file that is no text. Save the file as UTF-8.)",
        .bad = "DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER\n"
               "    ADD CLUSTER_CONFIG\n"
               "        WITH BROKER_ADDRESS \"10.0.0.2\"\n"
               "        WITH BROKER_PORT '1883'\n"
               "        WITH CLIENT_ID \"node1-to-node2\"\n"
               "        WITH USERNAME \"M\xFCller\"\n",
        .good = "DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER\n"
                "    ADD CLUSTER_CONFIG\n"
                "        WITH BROKER_ADDRESS \"10.0.0.2\"\n"
                "        WITH BROKER_PORT '1883'\n"
                "        WITH CLIENT_ID \"node1-to-node2\"\n"
                "        WITH USERNAME \"M\xC3\xBCller\"\n",
    },
    {
        .code = Code::TooManyDefinitions,
        .text = R"(A file holds 200,000 definitions at most. This one and those behind it are not
read. Nothing of the file is run then, for a plan that lacks some of its routes
would be worse than none. Divide the file; all files of a folder make one plan.)",
        .bad = kTwoLinks,
        .good = kOneLink,
        .setup = {.definitions_max = 1},
    },
    {
        .code = Code::DefinitionTooLong,
        .text = R"(A definition is all that stands between one `DEFINE` and the next: 100,000 words
and values at most. A route needs a few dozen. Most likely something else was
pasted into the file. Remove it, or begin the next definition where it should
begin.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH USERNAME "cluster_user"
)",
        .good = kOneLink,
        .setup = {.definition_tokens_max = 18},
    },
    {
        .code = Code::MisspeltKeyword,
        .text = R"(A route is written with the keywords `DEFINE`, `ROUTE`, `ADD` and `WITH`, in
upper case. This word is so near to one of them that it was probably meant. The
rest was read as if it were right, so that you see its other mistakes too. Write
what the message says.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WIHT BROKER_PORT '1883'
        with CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::UnexpectedText,
        .text = R"(What stands here does not fit behind what stands before it. A route has one
name, a block one kind, a key one value; a text of several words needs double
quotes around all of them. What follows it in the same statement was not read.
Remove what is too much, or put quotes where they are missing.)",
        .bad = R"(DEFINE ROUTE To Node2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::MissingValue,
        .text = R"(`WITH` sets a key to a value, and here the value is missing. There is no such
thing as an empty setting: a key that is not wanted is left out. Write the value
behind the key, or remove the line.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::UnterminatedString,
        .text = R"(A text begins with a quote and ends with the same quote on the same line. This
one has no end. If a quote or a backslash is part of the text, write `\"` and
`\\`: a Windows path that ends in a backslash swallows its closing quote. Close
the text.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2
)",
        .good = kOneLink,
    },
    {
        .code = Code::UnterminatedComment,
        .text = R"(A comment that begins with `/*` goes on to `*/`, over as many lines as it takes.
This one never ends, so all that stands behind it is part of the comment and no
route. Write `*/` where it ends, or `//` if it is a single line.)",
        .bad = R"(/* Links of node 1
DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = R"(/* Links of node 1 */
DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
    },
    {
        .code = Code::MissingKeyword,
        .text = R"(A route begins with `DEFINE ROUTE`, a block with `ADD`, a key with `WITH`. One
of these is missing before the word that is marked. The rest was read as if it
were there, so that you see its other mistakes too. Write it.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::QuotedName,
        .text = R"(The name of a route is a word and no text: a letter or `_`, then letters,
digits, `_`, `.` and `-`. It stands in topics and in the log, where blanks and
other characters would be in the way. Remove the quotes; put `_` where a blank
was.)",
        .bad = R"(DEFINE ROUTE "ToNode2" WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::MissingName,
        .text = R"(`DEFINE ROUTE` is followed by the name of the route, `ADD` by the kind of the
block, `WITH` by a key. Here the line ends too early. The name of a route is
yours to choose; the state of the link is shown under it. Write what is missing,
or remove the line.)",
        .bad = R"(DEFINE ROUTE WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::OutsideDefinition,
        .text = R"(A route file is a row of definitions, each of which begins with `DEFINE`.
Something stands before the first one. It says nothing to the broker. If it is a
note for people, make it a comment with `//`; if it belongs to a route, move it
behind its `DEFINE`.)",
        .bad = R"(Links of node 1
DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = R"(// Links of node 1
DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
    },
    {
        .code = Code::BadCharacter,
        .text = R"(This character has no meaning outside of a text. Between a key and its value
stands a blank and nothing else; statements have no separators; a comment begins
with `//`, not with `#`. A curly quote comes from a word processor: write a
straight one.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT = '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::IncompleteReference,
        .text = R"(A value can be fetched when the routes are loaded: `GET ENV "NAME"` from the
environment, `GET SECRET "NAME"` from the store of secrets. The name stands in
double quotes. Here a part of that is missing, so nobody knows what to fetch.
Write it in full.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH USERNAME "cluster_user"
        WITH PASSWORD GET SECRET cluster_password
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH USERNAME "cluster_user"
        WITH PASSWORD GET SECRET "cluster_password"
)",
    },
    {
        .code = Code::TemplatePlaceholder,
        .text = R"(Templates of routes have fields such as `#PORT,integer,port of the peer,,#`,
which a tool fills in before the file is used. This field is still there, so the
route has no value for its key. Write the value in its place. A block `METADATA`
describes the template: remove it.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT #PORT,integer,port of the peer,,#
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::OddEscape,
        .text = R"(In a text a backslash makes a quote or another backslash part of it: `\"` and
`\\`. This one stands before something else and was read as a plain backslash.
That is what you meant, most likely, in a Windows path. Write `\\`, and nobody
has to guess.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '8883'
        WITH CLIENT_ID "node1-to-node2"
        WITH USE_TLS true
        WITH SERVER_CA_CERT_PATH "C:\certificates\ca.pem"
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '8883'
        WITH CLIENT_ID "node1-to-node2"
        WITH USE_TLS true
        WITH SERVER_CA_CERT_PATH "C:\\certificates\\ca.pem"
)",
    },
    {
        .code = Code::ValueTooLong,
        .text = R"(A value has 4096 bytes at most, which is more than any setting needs. Most
likely the content of a file was pasted here, a certificate for example, where
its path belongs. Write the path, or a shorter text.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH USERNAME "the user under which node 1 speaks to node 2"
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH USERNAME "node1"
)",
        .setup = {.value_bytes_max = 40},
    },
    {
        .code = Code::HashComment,
        .text = R"(A comment begins with `//` here, or with `--`; between `/*` and `*/` it may have
several lines. `#` begins one in many other languages, so the rest of this line
was read as the comment that it most likely is. Write `//` in its place.)",
        .bad = R"(# the link to node 2
DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = R"(// the link to node 2
DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
    },
    {
        .code = Code::BadNotebook,
        .text = R"(A notebook (`.lotnb`) is a JSON array of cells. A cell of code has its `language`
and its text as `value`; those of the language `lot` are read as route files are,
all others are left alone. The place that is shown is where the file stops being
such an array: a comma or a quote too many or too few, as a rule. Editors of
notebooks write them without mistakes, so a file that was merged by hand, or was
cut off, is the usual cause.)",
        .bad = R"([
  {
    "kind": 2,
    "language": "lot",
    "value": "DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER"
)",
        .good = R"([
  {
    "kind": 2,
    "language": "lot",
    "value": "DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER\n    ADD CLUSTER_CONFIG\n        WITH BROKER_ADDRESS \"10.0.0.2\"\n        WITH BROKER_PORT '1883'\n        WITH CLIENT_ID \"node1-to-node2\""
  }
]
)",
        .setup = {.file_name = "sample.lotnb"},
    },
    {
        .code = Code::OddBlank,
        .text = R"(There is something that looks like a blank and is another character: a no-break
space, as web pages and chat programs put them, or one without any width. It was
read as a blank. Write ordinary blanks, or let `lotmesh lint --fix` do it. In
quotes such characters are part of the text, and are let be.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
    },
});

}  // namespace

std::span<const Page> input_and_syntax_pages() { return kPages; }

}  // namespace lotmesh::diag
