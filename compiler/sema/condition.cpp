#include "compiler/sema/condition.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace lotmesh::sema {

namespace {

using ast::Piece;
using ast::PieceKind;
using diag::Code;
using source::Span;

constexpr KeySchema text_key(std::string_view name, std::string_view sample) {
    return {.name = name,
            .type = ValueType::Text,
            .sample = sample,
            .expected = "a text",
            .statement = ""};
}
constexpr KeySchema kUserIs = text_key("USER IS", "\"ada\"");
constexpr KeySchema kUserInGroup = text_key("USER IN GROUP", "\"operators\"");
constexpr KeySchema kClientIs = text_key("CLIENTID IS", "\"pump-7\"");
constexpr KeySchema kClientMatches = text_key("CLIENTID MATCHES", "\"pump-*\"");

bool is_random(const ast::Value& value) {
    return std::ranges::any_of(
        value.terms, [](const ast::Term& term) { return term.kind == ast::TermKind::RandomUuid; });
}

// A word that waits for what it applies to.
struct Waiting {
    PieceKind kind;
    Span span;
};

class Reader {
public:
    Reader(const ValueContext& context, diag::Sink& sink) : context_(context), sink_(sink) {}

    std::optional<ir::Condition> read(const ast::Condition& condition) {
        if (condition.pieces.empty()) {
            report(Code::BadCondition, condition.span, "this condition says nothing",
                   "expected a test behind `IF`", "IF USER IS \"ada\" THEN ALLOW");
            return std::nullopt;
        }
        for (const Piece& piece : condition.pieces)
            if (!take(piece)) return std::nullopt;
        if (!finish(condition)) return std::nullopt;
        if (!good_) return std::nullopt;
        ASSERT(ir::is_well_formed(result_));
        return std::move(result_);
    }

private:
    void report(Code code, Span span, std::string message, std::string caption = {},
                std::string help = {}) {
        diag::Diagnostic finding = diag::draft(code, span, std::move(message));
        finding.caption = std::move(caption);
        finding.help = std::move(help);
        sink_.report(std::move(finding));
        good_ = false;
    }

    // False: the words do not make sense from here on.
    bool take(const Piece& piece) {
        switch (piece.kind) {
            case PieceKind::And:
            case PieceKind::Or: return take_between(piece);
            case PieceKind::Close: return take_close(piece);
            case PieceKind::Not:
            case PieceKind::Open: return take_before(piece);
            case PieceKind::Anonymous:
            case PieceKind::Anybody:
            case PieceKind::UserIs:
            case PieceKind::UserInGroup:
            case PieceKind::UserHas:
            case PieceKind::ClientIs:
            case PieceKind::ClientMatches:
            case PieceKind::ClientMatchesRegex:
            case PieceKind::UserAlone:
            case PieceKind::ClientAlone: return take_test(piece);
        }
        UNREACHABLE();
    }

    bool may_begin(const Piece& piece) {
        if (!complete_) return true;
        report(Code::BadCondition, piece.span, "two tests stand side by side",
               "expected `AND` or `OR` before this one");
        return false;
    }

    bool take_before(const Piece& piece) {
        if (!may_begin(piece)) return false;
        if (++depth_ > sink_.limits().condition_depth_max) {
            report(Code::ConditionTooLarge, piece.span,
                   fmt::format("parentheses and `NOT` stand in each other {} deep at most",
                               sink_.limits().condition_depth_max));
            return false;
        }
        waiting_.push_back({piece.kind, piece.span});
        return true;
    }

    bool take_between(const Piece& piece) {
        if (!complete_) {
            report(Code::BadCondition, piece.span, "there is no test before this word",
                   "expected a test on both sides of it");
            return false;
        }
        // What binds more tightly, or as tightly and stands before it, comes first.
        while (!waiting_.empty() &&
               (waiting_.back().kind == PieceKind::And ||
                (waiting_.back().kind == PieceKind::Or && piece.kind == PieceKind::Or)))
            apply_last();
        waiting_.push_back({piece.kind, piece.span});
        complete_ = false;
        return true;
    }

    bool take_close(const Piece& piece) {
        if (!complete_) {
            report(Code::BadCondition, piece.span, "there is no test before this parenthesis");
            return false;
        }
        while (!waiting_.empty() && waiting_.back().kind != PieceKind::Open)
            apply_last();
        if (waiting_.empty()) {
            report(Code::BadCondition, piece.span, "this parenthesis closes nothing");
            return false;
        }
        waiting_.pop_back();
        --depth_;
        apply_nots();
        return true;
    }

    bool take_test(const Piece& piece) {
        if (!may_begin(piece)) return false;
        if (++tests_ > sink_.limits().condition_tests_max) {
            report(
                Code::ConditionTooLarge, piece.span,
                fmt::format("a condition has {} tests at most", sink_.limits().condition_tests_max),
                "", "groups say in one test what many names say");
            return false;
        }
        result_.push_back(step_of(piece));
        complete_ = true;
        apply_nots();
        return true;
    }

    void apply_last() {
        const bool is_and = waiting_.back().kind == PieceKind::And;
        ASSERT(is_and || waiting_.back().kind == PieceKind::Or);
        result_.push_back({is_and ? ir::Operator::And : ir::Operator::Or});
        waiting_.pop_back();
    }

    void apply_nots() {
        while (!waiting_.empty() && waiting_.back().kind == PieceKind::Not) {
            result_.push_back({ir::Operator::Not});
            waiting_.pop_back();
            --depth_;
        }
    }

    bool finish(const ast::Condition& condition) {
        if (!complete_) {
            report(Code::BadCondition, condition.pieces.back().span, "nothing follows this word",
                   "expected a test behind it");
            return false;
        }
        while (!waiting_.empty() && waiting_.back().kind != PieceKind::Open)
            apply_last();
        if (waiting_.empty()) return true;
        report(Code::BadCondition, waiting_.back().span, "this parenthesis is never closed");
        return false;
    }

    ir::ConditionStep step_of(const Piece& piece) {
        switch (piece.kind) {
            case PieceKind::UserIs: return with_text(ir::Operator::User, kUserIs, piece);
            case PieceKind::UserInGroup: return with_text(ir::Operator::Group, kUserInGroup, piece);
            case PieceKind::ClientIs: return with_text(ir::Operator::Client, kClientIs, piece);
            case PieceKind::ClientMatches: return client_pattern(piece);
            case PieceKind::Anonymous: return {ir::Operator::Anonymous};
            case PieceKind::UserHas:
                report(Code::UndecidableTest, piece.span,
                       "users have no permissions of their own here", "",
                       "USER IN GROUP \"operators\"");
                break;
            case PieceKind::ClientMatchesRegex:
                report(Code::UndecidableTest, piece.span,
                       "regular expressions are not run on what clients send", "",
                       "CLIENTID MATCHES \"pump-*\": one `*` stands for any characters");
                break;
            case PieceKind::UserAlone:
                report(Code::BadCondition, piece.span, "this test is not finished",
                       "expected `IS \"name\"` or `IN GROUP \"name\"` behind `USER`");
                break;
            case PieceKind::ClientAlone:
                report(Code::BadCondition, piece.span, "this test is not finished",
                       "expected `IS \"id\"` or `MATCHES \"pattern\"` behind `CLIENTID`");
                break;
            case PieceKind::Anybody:
            case PieceKind::And:
            case PieceKind::Or:
            case PieceKind::Not:
            case PieceKind::Open:
            case PieceKind::Close: break;
        }
        return {ir::Operator::Anybody};
    }

    ir::ConditionStep with_text(ir::Operator op, const KeySchema& key, const Piece& piece) {
        if (piece.value.terms.empty()) {
            report(Code::BadCondition, piece.span, "this test is not finished",
                   "expected a text in double quotes behind it",
                   fmt::format("{} {}", key.name, key.sample));
            return {op};
        }
        if (is_random(piece.value)) {
            report(Code::BadCondition, piece.value.span, "this changes at every start",
                   "so that nobody has this name twice");
            return {op};
        }
        ast::Parameter parameter;
        parameter.key = {std::string(key.name), piece.span};
        parameter.value = piece.value;
        ReadValue read = read_value(key, parameter, context_, sink_);
        good_ = good_ && read.setting.has_value();
        if (!read.setting) return {op};
        unresolved_ = read.setting->placeholder;
        if (read.setting->text.empty())
            report(read.written.empty() ? Code::BadText : Code::BadReferenceValue, piece.value.span,
                   fmt::format("`{}` is followed by an empty text", key.name), "",
                   op == ir::Operator::User ? "ANONYMOUS is who has no user name" : "");
        return {op, {std::move(read.setting->text), std::move(read.written)}};
    }

    ir::ConditionStep client_pattern(const Piece& piece) {
        ir::ConditionStep step = with_text(ir::Operator::ClientPattern, kClientMatches, piece);
        if (step.text.value.empty() || unresolved_ || ir::is_client_pattern(step.text.value))
            return step;
        report(step.text.written.empty() ? Code::BadClientPattern : Code::BadReferenceValue,
               piece.value.span, "this is no pattern of client ids",
               "one `*` stands for any characters, or `%u` alone for the user name",
               "CLIENTID MATCHES \"pump-*\"");
        return step;
    }

    const ValueContext& context_;
    diag::Sink& sink_;
    ir::Condition result_;
    std::vector<Waiting> waiting_;
    std::size_t tests_ = 0;
    std::size_t depth_ = 0;    // NOTs and open parentheses that wait
    bool complete_ = false;    // what was read ends with a test
    bool unresolved_ = false;  // the text that was read last is not known
    bool good_ = true;
};

}  // namespace

std::optional<ir::Condition> read_condition(const ast::Condition& condition,
                                            const ValueContext& context, diag::Sink& sink) {
    return Reader(context, sink).read(condition);
}

}  // namespace lotmesh::sema
