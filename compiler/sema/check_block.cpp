#include "compiler/sema/check_block.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "compiler/diag/suggest.h"

namespace lotmesh::sema {

namespace {

using diag::Code;

// How far from a finding, on its line, a key counts as mentioned.
constexpr std::uint32_t kMentionReach = 200;

std::vector<std::string_view> names_of(std::span<const KeySchema> keys) {
    std::vector<std::string_view> names;
    for (const KeySchema& key : keys)
        names.push_back(key.name);
    return names;
}

// Into the link, and into the last of the settings, which is the one that was read.
void take_value(ReadValue value, CheckedRoute& route) {
    SetKey& setting = route.settings.back();
    setting.from_reference = !value.written.empty();
    // What is secret is shown as stars in any case.
    if (setting.from_reference && !setting.key->secret)
        route.link.references.push_back({std::string(setting.key->name), std::move(value.written)});
    if (!value.setting) return;
    setting.key->apply(route.link, *value.setting);
    setting.usable = true;
}

std::string with(const KeySchema& key) { return fmt::format("WITH {} {}", key.name, key.sample); }

}  // namespace

// The key that was probably meant, unless that one stands in the block already.
const KeySchema* BlockChecker::suggested_key(const BlockSchema& block,
                                             std::string_view name) const {
    std::optional<std::string_view> meant = synonym_of(diag::upper_case(name));
    if (!meant || find_key(block, *meant) == nullptr)
        meant = diag::nearest(name, names_of(block.keys));
    if (!meant) return nullptr;
    if (std::ranges::find(present_, *meant) != present_.end()) return nullptr;
    return find_key(block, *meant);
}

void BlockChecker::report_misplaced(const BlockSchema& wrong, const BlockSchema& right,
                                    const ast::Parameter& parameter) {
    diag::Diagnostic finding =
        diag::draft(Code::MisplacedKey, parameter.key.span,
                    fmt::format("`{}` is not a key of `{}`", parameter.key.text, wrong.name));
    finding.caption = fmt::format("belongs to `{}`", right.name);
    finding.help = fmt::format("ADD {}", right.name);
    sink_.report(std::move(finding));
}

// The schema of a parameter's key. An unknown one is reported; what it was meant to be is returned.
const KeySchema* BlockChecker::understand_key(const BlockSchema& block,
                                              const ast::Parameter& parameter) {
    const std::string_view name = parameter.key.text;
    if (const KeySchema* const key = find_key(block, name)) return key;
    for (const BlockSchema& other : cluster_blocks()) {
        const KeySchema* const key = find_key(other, name);
        if (key == nullptr) continue;
        misplaced_.push_back(key->name);
        report_misplaced(block, other, parameter);
        return nullptr;
    }
    const KeySchema* const meant = suggested_key(block, name);
    diag::Diagnostic finding = diag::draft(Code::UnknownKey, parameter.key.span,
                                           fmt::format("`{}` has no key `{}`", block.name, name));
    if (meant != nullptr) {
        finding.caption = fmt::format("did you mean `{}`?", meant->name);
        finding.help = with(*meant);
    } else {
        finding.notes.push_back(fmt::format("it knows {}", diag::join_words(names_of(block.keys))));
    }
    sink_.report(std::move(finding));
    return meant;
}

void BlockChecker::report_missing_value(const KeySchema& key, const ast::Parameter& parameter) {
    diag::Diagnostic finding = diag::draft(Code::MissingValue, parameter.key.span,
                                           fmt::format("{} has no value", key.name));
    finding.caption = fmt::format("expected {} here, like {}", key.expected, key.sample);
    if (parameter.next != Span{}) {
        // As wide as the keyword that stands there.
        const Span next{parameter.next.file, parameter.next.begin, parameter.next.begin + 4};
        finding.related.push_back({next, "the next statement starts here"});
    }
    finding.help = with(key);
    sink_.report(std::move(finding));
}

void BlockChecker::check_keys(const BlockSchema& block,
                              const std::vector<ast::Parameter>& parameters, CheckedRoute& route) {
    present_.clear();
    for (const KeySchema& key : block.keys)
        if (std::ranges::any_of(parameters, [&](const ast::Parameter& parameter) {
                return parameter.key.text == key.name;
            }))
            present_.push_back(key.name);
    for (const ast::Parameter& parameter : parameters) {
        const KeySchema* const key = understand_key(block, parameter);
        if (key == nullptr) continue;
        if (const SetKey* const first = route.find(key->name)) {
            diag::Diagnostic finding = diag::draft(Code::RepeatedKey, parameter.key.span,
                                                   fmt::format("`{}` is set twice", key->name));
            finding.related.push_back({first->key_span, "first set here"});
            sink_.report(std::move(finding));
            continue;
        }
        route.settings.push_back({key, parameter.key.span, parameter.value.span});
        if (parameter.broken) continue;
        if (parameter.value.terms.empty()) {
            report_missing_value(*key, parameter);
            continue;
        }
        take_value(read_value(*key, parameter, context_, sink_), route);
    }
}

bool BlockChecker::is_mentioned(const KeySchema& key,
                                const std::vector<diag::Diagnostic>& findings) const {
    if (std::ranges::find(misplaced_, key.name) != misplaced_.end()) return true;
    return std::ranges::any_of(findings, [&](const diag::Diagnostic& finding) {
        if (finding.severity != diag::Severity::Error) return false;
        const source::Source& source = sources_[finding.span.file];
        const std::uint32_t at = finding.span.begin;
        const std::uint32_t line = source.line_of(at);
        const std::uint32_t reach_begin = at - std::min(at, kMentionReach);
        const std::uint32_t begin = std::max(source.line_begin(line), reach_begin);
        const std::uint32_t end = std::min(source.line_end(line), at + kMentionReach);
        return source.text().substr(begin, end - begin).find(key.name) != std::string_view::npos;
    });
}

void BlockChecker::check_required(const BlockSchema& block, Span at,
                                  const std::vector<diag::Diagnostic>& findings,
                                  const CheckedRoute& route) {
    for (const KeySchema& key : block.keys) {
        if (!key.required || route.find(key.name) != nullptr) continue;
        if (is_mentioned(key, findings)) continue;
        diag::Diagnostic finding =
            diag::draft(Code::MissingKey, at, fmt::format("`{}` has no {}", block.name, key.name));
        finding.caption = fmt::format("expected {} in here", key.expected);
        finding.help = with(key);
        sink_.report(std::move(finding));
    }
}

}  // namespace lotmesh::sema
