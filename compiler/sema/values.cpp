#include "compiler/sema/values.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/assert.h"
#include "base/endpoint.h"
#include "base/topic.h"
#include "base/utf8.h"
#include "compiler/diag/suggest.h"
#include "compiler/ir/mapping.h"

namespace lotmesh::sema {

namespace {

using ast::Term;
using ast::TermKind;
using diag::Code;

bool is_reference(const Term& term) {
    return term.kind == TermKind::Env || term.kind == TermKind::Secret;
}

std::string reference_text(const Term& term) {
    return fmt::format("GET {} \"{}\"", term.kind == TermKind::Env ? "ENV" : "SECRET", term.text);
}

// `GET ENV "SITE" + "_a"`; nothing where no part is a reference.
std::string written_with_references(const ast::Value& value) {
    if (std::ranges::none_of(value.terms, is_reference)) return {};
    std::string written;
    for (const Term& term : value.terms) {
        if (!written.empty()) written += " + ";
        written += is_reference(term) ? reference_text(term) : fmt::format("\"{}\"", term.text);
    }
    return written;
}

// What a value came to after references and `+`.
struct Flat {
    std::string text;
    TermKind kind = TermKind::String;  // of a single term; String for a sum
    bool resolved = false;             // a part came from a reference: never to be shown
    bool placeholder = false;          // a part did not resolve
    std::size_t bytes = 0;             // of the parts that are known
};

class Reader {
public:
    Reader(const KeySchema& key, const ast::Parameter& parameter, const ValueContext& context,
           diag::Sink& sink)
        : key_(key), parameter_(parameter), context_(context), sink_(sink) {}

    std::optional<Setting> read() {
        const std::optional<Flat> flat = flatten();
        if (!flat) return std::nullopt;
        if (flat->placeholder) return placeholder(*flat);
        switch (key_.type) {
            case ValueType::Text: return text(*flat);
            case ValueType::Address: return address(*flat);
            case ValueType::ClientId: return client_id(*flat);
            case ValueType::Integer: return integer(*flat);
            case ValueType::Boolean: return boolean(*flat);
            case ValueType::Choice: return choice(*flat);
            case ValueType::Topic: return topic(*flat);
            case ValueType::Self: return self(*flat);
        }
        UNREACHABLE();
    }

private:
    std::nullopt_t report(Code code, std::string message, std::string caption = {},
                          std::string help = {}) {
        diag::Diagnostic finding = diag::draft(code, parameter_.value.span, std::move(message));
        finding.caption = std::move(caption);
        finding.help = std::move(help);
        sink_.report(std::move(finding));
        return std::nullopt;
    }

    // A value from a reference that does not do: says so without showing it.
    std::nullopt_t report_value(const Flat& flat, Code code, std::string message,
                                std::string caption = {}, std::string help = {}) {
        if (!flat.resolved)
            return report(code, std::move(message), std::move(caption), std::move(help));
        return report(
            Code::BadReferenceValue,
            fmt::format("what this reference stands for cannot be used for `{}`", key_.name),
            fmt::format("expected {}", key_.expected));
    }

    std::string with(std::string_view value) const {
        return fmt::format("{}{} {}", key_.statement, key_.name, value);
    }

    bool resolve(const Term& term, Flat& flat) {
        std::optional<std::string> value;
        if (context_.resolver != nullptr)
            value = term.kind == TermKind::Env ? context_.resolver->env(term.text)
                                               : context_.resolver->secret(term.text);
        if (value && value->size() > context_.value_bytes_max) {
            report(Code::BadReferenceValue,
                   fmt::format("what this reference stands for is longer than {} bytes",
                               context_.value_bytes_max));
            return false;
        }
        if (!value && context_.on_unresolved == OnUnresolved::Error) {
            diag::Diagnostic finding =
                diag::draft(Code::UnresolvedReference, term.span,
                            fmt::format("`{}` has no value here", reference_text(term)));
            finding.help = term.kind == TermKind::Env
                               ? fmt::format("set the environment variable {}", term.text)
                               : fmt::format("store a secret named {}", term.text);
            sink_.report(std::move(finding));
            return false;
        }
        flat.resolved = true;
        flat.placeholder = flat.placeholder || !value;
        if (value) flat.bytes += value->size();
        flat.text += value ? *value : reference_text(term);
        return true;
    }

    std::optional<Flat> flatten() {
        const std::vector<Term>& terms = parameter_.value.terms;
        Flat flat;
        for (const Term& term : terms) {
            if (term.kind == TermKind::RandomUuid) {
                return report(Code::RandomClientId,
                              fmt::format("`{}` must not change at every start", key_.name),
                              "a peer knows a link by it and keeps messages for it",
                              with(key_.sample));
            }
            if (is_reference(term)) {
                if (!resolve(term, flat)) return std::nullopt;
            } else {
                flat.bytes += term.text.size();
                flat.text += term.text;
                if (terms.size() == 1) flat.kind = term.kind;
            }
            // At once: a sum of references may stand for more than memory holds.
            if (flat.bytes > context_.value_bytes_max)
                return report(Code::ValueTooLong, fmt::format("this value is longer than {} bytes",
                                                              context_.value_bytes_max));
        }
        return flat;
    }

    std::optional<Setting> placeholder(const Flat& flat) const {
        const bool is_text = key_.type == ValueType::Text || key_.type == ValueType::Address ||
                             key_.type == ValueType::ClientId || key_.type == ValueType::Topic;
        if (!is_text) return std::nullopt;
        return Setting{.text = flat.text, .placeholder = true};
    }

    // Text stands in quotes; a bare word or number is most likely a forgotten pair of them.
    bool is_quoted(const Flat& flat) {
        if (flat.kind == TermKind::String || flat.kind == TermKind::Quoted) return true;
        const std::string value = key_.secret ? "..." : flat.text;
        const source::Span span = parameter_.value.span;
        diag::Diagnostic finding =
            diag::draft(Code::WrongValueType, span, fmt::format("`{}` takes a text", key_.name));
        finding.caption = "expected double quotes around it";
        finding.help = with(fmt::format("\"{}\"", value));
        if (flat.kind == TermKind::Word || flat.kind == TermKind::Number)
            finding.fixes.push_back({"put it in double quotes",
                                     diag::Applicability::Machine,
                                     {{{span.file, span.begin, span.begin}, "\""},
                                      {{span.file, span.end, span.end}, "\""}}});
        sink_.report(std::move(finding));
        return false;
    }

    bool is_printable(const Flat& flat) {
        const bool control = std::ranges::any_of(
            flat.text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
        if (control)
            report_value(flat, Code::BadText,
                         fmt::format("`{}` holds a control character", key_.name));
        return !control;
    }

    std::optional<Setting> text(const Flat& flat) {
        if (!is_quoted(flat) || !is_printable(flat)) return std::nullopt;
        // A file is UTF-8 all over, a reference may bring anything. MQTT takes a password as bytes.
        if (!key_.secret && !is_mqtt_utf8(flat.text))
            return report_value(flat, Code::BadText, fmt::format("`{}` is not UTF-8", key_.name));
        return Setting{.text = flat.text};
    }

    // Read as it is meant: the language has a key for it.
    std::optional<Setting> self_as_address(const Flat& flat) {
        // A reference may only bring what the rest of the block goes with: an address.
        if (flat.resolved) return report_value(flat, Code::BadAddress, {});
        const source::Span span{parameter_.key.span.file, parameter_.key.span.begin,
                                parameter_.value.span.end};
        diag::Diagnostic finding =
            diag::draft(Code::SelfAsAddress, span, "this broker has no address of its own here");
        finding.caption = "read as `BROKER SELF`";
        finding.help = "WITH BROKER SELF";
        finding.fixes.push_back(
            diag::replacement(span, "BROKER SELF", diag::Applicability::Machine));
        sink_.report(std::move(finding));
        return Setting{.flag = true};
    }

    std::optional<Setting> self(const Flat& flat) {
        if (diag::upper_case(flat.text) == "SELF" && !flat.resolved) return Setting{.flag = true};
        return report_value(flat, Code::WrongValueType, "`BROKER` is `SELF` or is left out",
                            "another broker is named by `BROKER_ADDRESS`", with(key_.sample));
    }

    std::optional<Setting> topic(const Flat& flat) {
        if (!is_quoted(flat)) return std::nullopt;
        if (ir::is_mappable_topic(flat.text)) return Setting{.text = flat.text};
        return report_value(flat, Code::BadTopic, "this is not a topic that can be mapped",
                            topic_hint(flat.text));
    }

    static std::string topic_hint(std::string_view text) {
        if (text.empty()) return "nothing stands in the quotes";
        if (is_shared_filter(text)) return "a shared subscription is not taken here";
        if (text.find_first_of("+#") != std::string_view::npos)
            return "`+` is a whole level, `#` a whole level and the last one";
        return "";
    }

    std::optional<Setting> address(const Flat& flat) {
        if (diag::upper_case(flat.text) == "SELF") {
            if (key_.takes_self) return self_as_address(flat);
            return report_value(flat, Code::SelfAddress,
                                "a cluster route leads to another broker, not to this one",
                                "expected the address of the peer", with(key_.sample));
        }
        if (!is_quoted(flat)) return std::nullopt;
        if (is_host(flat.text)) return Setting{.text = flat.text};
        return report_value(flat, Code::BadAddress, "this is neither a host name nor an IP address",
                            address_hint(flat.text), with(key_.sample));
    }

    std::string address_hint(std::string_view text) const {
        if (text.empty()) return "nothing stands in the quotes";
        if (text.find("://") != std::string_view::npos) return "only the host, without a scheme";
        const std::size_t colon = text.rfind(':');
        const bool has_port = colon != std::string_view::npos && is_host(text.substr(0, colon));
        return has_port ? "the port stands in `BROKER_PORT`" : "";
    }

    std::optional<Setting> client_id(const Flat& flat) {
        if (!is_quoted(flat)) return std::nullopt;
        if (flat.text.empty() || flat.text.size() > key_.max)
            return report_value(flat, Code::BadText,
                                fmt::format("`{}` has 1 to {} characters", key_.name, key_.max),
                                flat.resolved ? "" : fmt::format("these are {}", flat.text.size()));
        const bool printable =
            std::ranges::all_of(flat.text, [](char c) { return c >= 0x20 && c <= 0x7E; });
        if (!printable)
            return report_value(flat, Code::BadText,
                                fmt::format("`{}` has printable ASCII characters only", key_.name));
        return Setting{.text = flat.text};
    }

    std::optional<Setting> integer(const Flat& flat) {
        std::uint64_t number = 0;
        const char* const end = flat.text.data() + flat.text.size();
        const auto [stop, error] = std::from_chars(flat.text.data(), end, number);
        const bool digits =
            !flat.text.empty() && std::ranges::all_of(flat.text.substr(flat.text[0] == '-' ? 1 : 0),
                                                      [](char c) { return c >= '0' && c <= '9'; });
        if (!digits || flat.text == "-")
            return report_value(flat, Code::WrongValueType,
                                fmt::format("`{}` takes {}", key_.name, key_.expected),
                                fmt::format("expected a whole number, like {}", key_.sample));
        if (error != std::errc{} || stop != end || number < key_.min || number > key_.max)
            return report_value(flat, Code::OutOfRange,
                                fmt::format("`{}` is out of range", key_.name),
                                fmt::format("expected {} to {}", key_.min, key_.max));
        if (flat.kind == TermKind::String && !flat.resolved) {
            diag::Diagnostic finding = diag::draft(Code::NumberInString, parameter_.value.span,
                                                   "this number stands in double quotes");
            finding.caption = "read as a number";
            finding.help = with(fmt::format("'{}'", number));
            finding.fixes.push_back(diag::replacement(
                parameter_.value.span, fmt::format("'{}'", number), diag::Applicability::Machine));
            sink_.report(std::move(finding));
        }
        return Setting{.number = static_cast<std::uint32_t>(number)};
    }

    std::optional<Setting> boolean(const Flat& flat) {
        const std::string word = diag::lower_case(flat.text);
        if (word == "true") return Setting{.flag = true};
        if (word == "false") return Setting{.flag = false};
        return report_value(flat, Code::WrongValueType,
                            fmt::format("`{}` is `true` or `false`", key_.name), "",
                            with(key_.sample));
    }

    std::optional<Setting> choice(const Flat& flat) {
        const auto found = std::ranges::find(key_.choices, diag::lower_case(flat.text));
        if (found != key_.choices.end())
            return Setting{.number = static_cast<std::uint32_t>(found - key_.choices.begin())};
        const std::optional<std::string_view> near = diag::nearest(flat.text, key_.choices);
        return report_value(flat, Code::UnknownChoice,
                            fmt::format("`{}` is {}", key_.name, diag::join_words(key_.choices)),
                            near ? fmt::format("did you mean `{}`?", *near) : "");
    }

    const KeySchema& key_;
    const ast::Parameter& parameter_;
    const ValueContext& context_;
    diag::Sink& sink_;
};

}  // namespace

ReadValue read_value(const KeySchema& key, const ast::Parameter& parameter,
                     const ValueContext& context, diag::Sink& sink) {
    return {Reader(key, parameter, context, sink).read(), written_with_references(parameter.value)};
}

}  // namespace lotmesh::sema
