// What stands in a file, as plain structs with a span on every node. No meaning yet: any key may
// carry any value, and what is missing is empty.
//
// Syntax findings stay with the route that they were made in: whether they matter depends on its
// type (a route of a type that we do not support gets one diagnostic, whatever is in it).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/source/source.h"

namespace lotmesh::ast {

using source::Span;

// Whether a text could stand without quotes, as a name or a label, whatever the grammar takes
// beyond.
bool is_word(std::string_view text);

struct Name {
    std::string text;
    Span span;
    bool operator==(const Name&) const = default;
};

enum class TermKind : std::uint8_t {
    String,      // "text"
    Quoted,      // '1884'
    Number,      // 1884
    Duration,    // 5 SECONDS
    Word,        // true, SELF
    Env,         // GET ENV "text"
    Secret,      // GET SECRET "text"
    RandomUuid,  // RANDOM UUID
};

struct Term {
    TermKind kind = TermKind::Word;
    std::string text;  // without quotes, unescaped; the name of a reference
    Span span;
    bool operator==(const Term&) const = default;
};

// term + term + ...; no term: the value is missing.
struct Value {
    std::vector<Term> terms;
    Span span;
    bool operator==(const Value&) const = default;
};

// WITH key value
struct Parameter {
    Name key;
    Value value;
    Span span;            // from WITH to the end of the value
    Span next;            // where the next statement starts; empty at the end of the definition
    bool broken = false;  // a syntax finding was made here: do not judge the value
    bool operator==(const Parameter&) const = default;
};

// ADD kind [label], and the parameters up to the next ADD
struct Block {
    Name kind;
    std::optional<Name> label;
    Span span;  // ADD kind
    std::vector<Parameter> parameters;
    std::size_t nameless = 0;  // WITHs in it that have no key
    bool broken = false;
    bool operator==(const Block&) const = default;
};

struct Route {
    Name name;
    bool name_broken = false;           // more stands there than a name: not what was meant
    Span span;                          // DEFINE ROUTE name
    std::uint32_t end = 0;              // of the whole definition
    std::vector<Parameter> parameters;  // before the first ADD: WITH TYPE
    std::size_t nameless = 0;           // WITHs there that have no key
    std::vector<Block> blocks;
    std::vector<diag::Diagnostic> findings;
    bool operator==(const Route&) const = default;
};

// A word of a condition, or a test with what it compares with.
enum class PieceKind : std::uint8_t {
    And,
    Or,
    Not,
    Open,   // (
    Close,  // )
    Anonymous,
    Anybody,
    UserIs,              // USER IS value
    UserInGroup,         // USER IN GROUP value
    UserHas,             // USER HAS word, which is the value
    ClientIs,            // CLIENTID IS value
    ClientMatches,       // CLIENTID MATCHES value
    ClientMatchesRegex,  // CLIENTID MATCHES REGEX value
    UserAlone,           // USER, and no test that follows
    ClientAlone,
};

struct Piece {
    PieceKind kind = PieceKind::And;
    Span span;
    Value value;  // of a test that has one; no term: it is missing
    bool operator==(const Piece&) const = default;
};

// IF and what follows; `pieces` in the order of the text, whether that makes sense or not.
struct Condition {
    Span span;
    std::vector<Piece> pieces;
    bool broken = false;  // a syntax finding was made here
    bool operator==(const Condition&) const = default;
};

enum class VerdictWord : std::uint8_t { Missing, Allow, Deny };

// THEN or ELSE, and its verdict.
struct Outcome {
    Span span;
    VerdictWord verdict = VerdictWord::Missing;
    bool broken = false;
    bool operator==(const Outcome&) const = default;
};

// FOR and a word, which may be missing.
struct Scope {
    Name name;
    Span span;
    bool broken = false;
    bool operator==(const Scope&) const = default;
};

// DEFINE RULE. Parts that stand twice were reported, and the first of them is here. Its topic is a
// parameter of the key TOPIC.
struct Rule {
    Name name;
    bool name_broken = false;
    Span span;                          // DEFINE RULE name
    std::uint32_t end = 0;              // of the whole definition
    std::vector<Parameter> parameters;  // WITH PRIORITY
    std::size_t nameless = 0;           // WITHs that have no key
    std::optional<Scope> scope = {};
    std::optional<Parameter> topic = {};
    std::optional<Condition> condition = {};
    std::optional<Outcome> then = {};
    std::optional<Outcome> otherwise = {};
    std::vector<diag::Diagnostic> findings = {};
    bool operator==(const Rule&) const = default;
};

// DEFINE of another kind; its body is not read.
struct Foreign {
    Name kind;
    Span span;
    bool operator==(const Foreign&) const = default;
};

// `// text`, `-- text` or `/* text */`, with its marks.
struct Comment {
    Span span;
    bool own_line = false;  // nothing but comments stands before it on its line
    bool operator==(const Comment&) const = default;
};

// Which comments a tree has.
enum class KeepComments : std::uint8_t {
    Markers,  // those that begin with kCommentMarker, which speak to the compiler
    All,
};

inline constexpr std::string_view kCommentMarker = "lot:";

// What is between a comment's marks, without the blanks around it.
std::string_view comment_text(std::string_view comment);

struct File {
    std::vector<Route> routes;
    std::vector<Rule> rules;
    std::vector<Foreign> foreigns;
    std::vector<Comment> comments;  // in the order of the text; which ones, parse() was told
    bool operator==(const File&) const = default;
};

}  // namespace lotmesh::ast
