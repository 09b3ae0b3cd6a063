#include "compiler/topology/declaration.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "compiler/diag/suggest.h"

namespace lotmesh::topology {

namespace {

using diag::Code;

constexpr std::array<std::string_view, 20> kKeys = {"name",          "listen",
                                                    "hosts",         "env",
                                                    "secrets",       "cluster-credentials",
                                                    "password-file", "tls-certificate",
                                                    "tls-key",       "routes",
                                                    "data",          "log-level",
                                                    "port-file",     "tls-client-ca",
                                                    "tls-crl",       "tls-name-from",
                                                    "tls-psk",       "limit",
                                                    "ws-origin",     "tls-client-certificates"};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

void complain(Span at, std::string message, std::string caption, diag::Sink& sink) {
    diag::Diagnostic finding = diag::draft(Code::BadDeclaration, at, std::move(message));
    finding.caption = std::move(caption);
    sink.report(std::move(finding));
}

std::optional<Transport> transport_of(std::string_view word) {
    if (word.empty()) return Transport::Plain;
    if (word == "tls") return Transport::Tls;
    if (word == "ws" || word == "wss") return Transport::WebSocket;
    return std::nullopt;
}

// "[HOST:]PORT [tls|ws|wss]", or as it stands behind --listen: "tls://[HOST:]PORT", with a path and
// a query where that has them.
void take_listener(const Word& word, Declaration& declaration, diag::Sink& sink) {
    std::string_view text = trimmed(word.text);
    std::string_view kind;
    if (const std::size_t colon = text.find("://"); colon != std::string_view::npos) {
        kind = text.substr(0, colon);
        if (kind == "tcp" || kind == "mqtt") kind = "";
        if (kind == "mqtts") kind = "tls";
        text.remove_prefix(colon + 3);
        text = text.substr(0, text.find_first_of("/?"));
    } else {
        const std::size_t blank = std::min(text.find(' '), text.size());
        kind = trimmed(text.substr(blank));
        text = text.substr(0, blank);
    }
    const std::optional<Endpoint> endpoint = parse_endpoint(text);
    const std::optional<Transport> transport = transport_of(kind);
    if (!endpoint || endpoint->port == 0 || !transport)
        return complain(word.span, "this is nothing that a node can listen on",
                        "expected [HOST:]PORT, and behind it tls, ws or wss", sink);
    declaration.listeners.push_back({*endpoint, *transport, word.span});
}

// A part of the source as a word; blanks at its ends are left out.
Word word_at(const source::Source& source, std::uint32_t file, std::string_view part) {
    const std::string_view text = trimmed(part);
    const auto begin = static_cast<std::uint32_t>(text.data() - source.parse_text().data());
    return {std::string(text), {file, begin, static_cast<std::uint32_t>(begin + text.size())}};
}

// One `key = value`; the first mistake in it ends it.
class LineReader {
public:
    LineReader(const source::Source& source, std::uint32_t file, Declaration& declaration,
               diag::Sink& sink)
        : text_(source.parse_text()),
          source_(source),
          file_(file),
          declaration_(declaration),
          sink_(sink) {}

    void read() {
        for (skip(); at_ < text_.size(); skip())
            if (!take_entry()) at_ = std::min(text_.find('\n', at_), text_.size());
    }

private:
    char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }

    Span here() const {
        const auto begin = static_cast<std::uint32_t>(at_);
        return {file_, begin, begin + (at_ < text_.size() && text_[at_] != '\n' ? 1U : 0U)};
    }

    // Blanks, ends of lines and comments.
    void skip() {
        while (at_ < text_.size() && (is_blank(peek()) || peek() == '\n' || peek() == '#'))
            at_ = peek() == '#' ? std::min(text_.find('\n', at_), text_.size()) : at_ + 1;
    }

    void skip_blanks() {
        while (is_blank(peek()))
            ++at_;
    }

    bool wrong(std::string message, std::string caption = {}) {
        complain(here(), std::move(message), std::move(caption), sink_);
        return false;
    }

    bool take_entry() {
        const std::size_t begin = at_;
        while (std::string_view("=[\"'# \t\r\n").find(peek()) == std::string_view::npos)
            ++at_;
        const Word key = word_at(source_, file_, text_.substr(begin, at_ - begin));
        skip_blanks();
        if (key.text.empty() || peek() != '=')
            return wrong("this is no line of a node declaration", "expected key = \"value\"");
        ++at_;
        skip_blanks();
        std::vector<Word> values;
        const bool array = peek() == '[';
        if (array ? !take_array(values) : !take_value(values)) return false;
        skip_blanks();
        if (peek() != '\n' && peek() != '#') return wrong("there is more behind the value");
        apply(key, values, array);
        return true;
    }

    bool take_value(std::vector<Word>& values) {
        const std::size_t begin = at_;
        if (peek() == '"' || peek() == '\'') {
            const std::size_t end = text_.find(peek(), at_ + 1);
            if (end > text_.find('\n', at_)) return wrong("a text has no end on its line");
            const std::string_view inside = text_.substr(begin + 1, end - begin - 1);
            at_ = end + 1;
            Word word = word_at(source_, file_, inside);
            if (inside.empty()) word.span = {file_, word.span.begin - 1, word.span.end + 1};
            values.push_back(std::move(word));
            return true;
        }
        while (peek() >= '0' && peek() <= '9')
            ++at_;
        if (at_ == begin) return wrong("expected a text in quotes, a number, or [ ] of those");
        values.push_back(word_at(source_, file_, text_.substr(begin, at_ - begin)));
        return true;
    }

    bool take_array(std::vector<Word>& values) {
        ++at_;
        for (skip(); peek() != ']'; skip()) {
            if (at_ >= text_.size()) return wrong("an array has no end", "expected ]");
            if (!take_value(values)) return false;
            skip();
            if (peek() == ',')
                ++at_;
            else if (peek() != ']')
                return wrong("expected , or ] in an array");
        }
        ++at_;
        return true;
    }

    void apply(const Word& key, const std::vector<Word>& values, bool array) {
        if (std::ranges::find(kKeys, key.text) == kKeys.end()) {
            const auto meant = diag::nearest(key.text, kKeys);
            return complain(key.span, fmt::format("a node declaration has no key `{}`", key.text),
                            meant ? fmt::format("did you mean `{}`?", *meant) : "", sink_);
        }
        if (std::ranges::find(seen_, key.text) != seen_.end())
            return complain(key.span, fmt::format("`{}` is given twice", key.text), "", sink_);
        seen_.push_back(key.text);
        const bool list = key.text == "listen" || key.text == "hosts" || key.text == "env" ||
                          key.text == "secrets";
        if (!list && array)
            return complain(key.span, fmt::format("`{}` takes one value", key.text), "", sink_);
        for (const Word& value : values) {
            if (value.text.empty())
                complain(value.span, fmt::format("`{}` is empty", key.text), "", sink_);
            else
                apply_value(key.text, value);
        }
    }

    void apply_value(std::string_view key, const Word& value) {
        if (key == "name") declaration_.name = value;
        if (key == "listen") take_listener(value, declaration_, sink_);
        if (key == "hosts") declaration_.hosts.push_back(value);
        if (key == "secrets") declaration_.secrets.push_back(value);
        if (key == "cluster-credentials") declaration_.cluster_credentials = value;
        if (key == "password-file") declaration_.password_file = value;
        if (key == "tls-certificate") declaration_.tls_certificate = value;
        if (key == "tls-key") declaration_.tls_key = value;
        if (key != "env") return;
        if (value.text.find('=') == std::string::npos)
            return complain(value.span, "this sets no variable", "expected NAME=value", sink_);
        declaration_.env.push_back(value);
    }

    std::string_view text_;
    const source::Source& source_;
    std::uint32_t file_;
    Declaration& declaration_;
    diag::Sink& sink_;
    std::size_t at_ = 0;
    std::vector<std::string> seen_;
};

}  // namespace

Declaration read_declaration(const source::Source& source, std::uint32_t file, diag::Sink& sink) {
    Declaration declaration;
    LineReader(source, file, declaration, sink).read();
    return declaration;
}

std::optional<Declaration> read_pragma(const source::Source& source, const ast::Comment& comment,
                                       diag::Sink& sink) {
    std::string_view rest =
        source.parse_text().substr(comment.span.begin, comment.span.end - comment.span.begin);
    if (!rest.starts_with(kPragma)) return std::nullopt;
    rest.remove_prefix(kPragma.size());
    Declaration declaration;
    constexpr std::string_view kNode = "node:";
    constexpr std::string_view kListen = "listen:";
    const std::size_t node = rest.find(kNode);
    if (node == std::string_view::npos) return std::nullopt;
    const std::size_t listen = rest.find(kListen);
    if (!trimmed(rest.substr(0, node)).empty() || listen == std::string_view::npos ||
        listen < node) {
        complain(comment.span, "this comment does not declare a node",
                 "expected //! node: NAME listen: [HOST:]PORT, ...", sink);
        return std::nullopt;
    }
    const std::size_t name = node + kNode.size();
    declaration.name = word_at(source, comment.span.file, rest.substr(name, listen - name));
    if (declaration.name.text.empty() || declaration.name.text.find(' ') != std::string::npos)
        complain(comment.span, "this comment does not name a node",
                 "expected one word behind node:", sink);
    rest.remove_prefix(listen + kListen.size());
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        take_listener(word_at(source, comment.span.file, rest.substr(0, comma)), declaration, sink);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return declaration;
}

}  // namespace lotmesh::topology
