// What the readers of texts about access have in common: lines, the words in them, and mistakes
// with their places. Texts are borrowed. Bounds: limits.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotmesh::access {

struct Mistake {
    std::uint32_t line = 1;
    std::uint32_t column = 1;  // in characters, from 1
    std::string text;          // the line; what cannot be shown is a question mark
    std::string what;          // what is wrong and what to do: one line
    bool operator==(const Mistake&) const = default;
};

// "acl:3:7: publsh is no action; did you mean publish?"
std::string to_string(const Mistake& mistake, std::string_view file);
// That, and below it the line with a mark under its place.
std::string with_line(const Mistake& mistake, std::string_view file);

struct Line {
    std::uint32_t number;
    std::string_view text;  // without its end; UTF-8 without control characters but tabs
};

// Takes kMistakesMax and no more.
class Mistakes {
public:
    // `at`: a byte of the line.
    void add(const Line& line, std::size_t at, std::string what);
    bool empty() const { return mistakes_.empty(); }
    bool are_many() const;
    std::vector<Mistake> take();  // in the order of the text

private:
    std::vector<Mistake> mistakes_;
};

// The lines that can be read and say something: neither blank nor, with # at first, a comment.
// The others are mistakes.
std::vector<Line> lines_of(std::string_view text, Mistakes& mistakes);

// A word of a line, and where it begins.
struct Word {
    std::string text;
    std::size_t at = 0;
    bool quoted = false;
};

// From word to word. Words are parted by blanks; one that begins with " ends with the next one, and
// has \" and \\ in it.
class Words {
public:
    explicit Words(const Line& line) : line_(line) {}

    bool at_end();
    std::size_t at();  // of what comes next

    // What comes next, to the next blank; where `ends` has more, to one of these. An empty one
    // where the line ends or one of them stands there; nothing, and a mistake, where the quotes
    // are not closed.
    std::optional<Word> next(Mistakes& mistakes, std::string_view ends = {});
    // The same where quotes mean nothing.
    Word next_plain(std::string_view ends = {});
    // Whether this comes next; then it is behind us.
    bool skip(char c);
    // All the rest, without blanks at its ends.
    Word rest();

    const Line& line() const { return line_; }

private:
    std::optional<Word> next_quoted(Mistakes& mistakes);

    Line line_;
    std::size_t at_ = 0;
};

}  // namespace lotmesh::access
