#include "compiler/sema/check_block.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "compiler/diag/suggest.h"

namespace lotmesh::sema {

namespace {

using diag::Code;

std::vector<std::string_view> names_of(std::span<const KeySchema> keys) {
    std::vector<std::string_view> names;
    for (const KeySchema& key : keys)
        names.push_back(key.name);
    return names;
}

// Into its part of the route, and into the setting that was made for it.
void take_value(ReadValue value, const Target& target, SetKey& setting) {
    setting.from_reference = !value.written.empty();
    // What is secret is shown as stars in any case.
    if (setting.from_reference && !setting.key->secret)
        target.references->push_back({std::string(setting.key->name), std::move(value.written)});
    if (!value.setting) return;
    setting.placeholder = value.setting->placeholder;
    std::visit(
        [&]<typename Part>(Part* part) {
            std::get<void (*)(Part&, const Setting&)>(setting.key->apply)(*part, *value.setting);
        },
        target.part);
    setting.usable = true;
}

std::string with(const KeySchema& key) { return fmt::format("WITH {} {}", key.name, key.sample); }

// Another case of the same letters is certain; a typing mistake or another word is not.
diag::Fix key_fix(const ast::Parameter& parameter, const KeySchema& meant) {
    const bool certain = diag::upper_case(parameter.key.text) == meant.name;
    return diag::replacement(parameter.key.span, std::string(meant.name),
                             certain ? diag::Applicability::Machine : diag::Applicability::Maybe);
}

}  // namespace

const KeySchema* split_key(const BlockSchema& block, const ast::Parameter& parameter) {
    const std::vector<ast::Term>& terms = parameter.value.terms;
    if (!parameter.broken || terms.empty() || terms.front().kind != ast::TermKind::Word)
        return nullptr;
    const std::string joined = parameter.key.text + "_" + terms.front().text;
    if (const KeySchema* const key = find_key(block, joined)) return key;
    const auto longer = std::ranges::find_if(
        block.keys, [&](const KeySchema& key) { return key.name.starts_with(joined + "_"); });
    return longer == block.keys.end() ? nullptr : &*longer;
}

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
const KeySchema* BlockChecker::understand_key(const RouteSchema& route, const BlockSchema& block,
                                              const ast::Parameter& parameter) {
    const std::string_view name = parameter.key.text;
    if (const KeySchema* const key = find_key(block, name)) return key;
    for (const BlockSchema& other : route.blocks) {
        const KeySchema* const key = find_key(other, name);
        if (key == nullptr) continue;
        if (!contains(misplaced_, key->name)) misplaced_.push_back(key->name);
        report_misplaced(block, other, parameter);
        return nullptr;
    }
    const KeySchema* meant = split_key(block, parameter);
    if (meant == nullptr) meant = suggested_key(block, name);
    diag::Diagnostic finding = diag::draft(Code::UnknownKey, parameter.key.span,
                                           fmt::format("`{}` has no key `{}`", block.name, name));
    if (meant != nullptr) {
        finding.caption = fmt::format("did you mean `{}`?", meant->name);
        finding.help = with(*meant);
        finding.fixes.push_back(key_fix(parameter, *meant));
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
    const Span behind{parameter.key.span.file, parameter.key.span.end, parameter.key.span.end};
    finding.fixes.push_back({fmt::format("write a value, like {}", key.sample),
                             diag::Applicability::Placeholders,
                             {{behind, fmt::format(" {}", key.sample)}}});
    sink_.report(std::move(finding));
}

void BlockChecker::check_keys(const RouteSchema& route,
                              const std::vector<ast::Parameter>& parameters, const Target& target,
                              CheckedBlock& block) {
    present_.clear();
    for (const KeySchema& key : block.schema->keys)
        if (std::ranges::any_of(parameters, [&](const ast::Parameter& parameter) {
                return parameter.key.text == key.name;
            }))
            present_.push_back(key.name);
    for (const ast::Parameter& parameter : parameters) {
        const KeySchema* const key = understand_key(route, *block.schema, parameter);
        if (key == nullptr) continue;
        if (const SetKey* const first = block.find(key->name)) {
            diag::Diagnostic finding = diag::draft(Code::RepeatedKey, parameter.key.span,
                                                   fmt::format("`{}` is set twice", key->name));
            finding.related.push_back({first->key_span, "first set here"});
            sink_.report(std::move(finding));
            // Its value is judged all the same, but not taken.
            read(*key, parameter);
            continue;
        }
        block.settings.push_back({key, parameter.key.span, parameter.value.span});
        take_value(read(*key, parameter), target, block.settings.back());
    }
    if (const auto* const end = std::get_if<ir::BridgeEnd*>(&target.part))
        block.self = (*end)->self || block.find("BROKER") != nullptr;
}

ReadValue BlockChecker::read(const KeySchema& key, const ast::Parameter& parameter) {
    if (parameter.broken) return {};
    if (parameter.value.terms.empty()) {
        report_missing_value(key, parameter);
        return {};
    }
    return read_value(key, parameter, context_, sink_);
}

void BlockChecker::check_required(const CheckedBlock& block, const ast::Block* written,
                                  UnreadText& unread) {
    std::vector<const KeySchema*> missing;
    std::size_t nameless = written == nullptr ? 0 : written->nameless;
    for (const KeySchema& key : block.schema->keys) {
        const bool spared = block.self && key.spared_by_self;
        if (!key.required || spared || block.find(key.name) != nullptr ||
            contains(misplaced_, key.name))
            continue;
        if (!unread.contains(key.name))
            missing.push_back(&key);
        else if (nameless != 0)
            --nameless;
    }
    // A WITH that lost its key was reported, and is one of those that are missing.
    missing.resize(missing.size() - std::min(nameless, missing.size()));
    for (const KeySchema* const key : missing) {
        diag::Diagnostic finding =
            diag::draft(Code::MissingKey, block.span,
                        fmt::format("`{}` has no {}", block.schema->name, key->name));
        finding.caption = fmt::format("expected {} in here", key->expected);
        finding.help = with(*key);
        sink_.report(std::move(finding));
    }
}

}  // namespace lotmesh::sema
