#include "compiler/sema/check_route.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "compiler/diag/suggest.h"
#include "compiler/limits.h"

namespace lotmesh::sema {

namespace {

using diag::Code;

constexpr std::string_view kMetadataBlock = "METADATA";
constexpr std::string_view kMainBlock = "CLUSTER_CONFIG";

std::vector<std::string_view> block_names() {
    std::vector<std::string_view> names;
    for (const BlockSchema& block : cluster_blocks())
        names.push_back(block.name);
    return names;
}

template <typename Visit>
void for_each_parameter(const ast::Route& route, const Visit& visit) {
    for (const ast::Parameter& parameter : route.parameters)
        visit(parameter);
    for (const ast::Block& block : route.blocks)
        for (const ast::Parameter& parameter : block.parameters)
            visit(parameter);
}

// Said and then read as it was meant: nothing was left unread.
bool was_mended(Code code) {
    return code == Code::MisspeltKeyword || code == Code::MissingKeyword ||
           code == Code::HashComment || code == Code::OddBlank || code == Code::QuotedName;
}

bool is_main_key(const ast::Parameter& parameter) {
    return find_key(*find_cluster_block(kMainBlock), parameter.key.text) != nullptr;
}

}  // namespace

void RouteChecker::report(Code code, Span span, std::string message, std::string caption,
                          std::string help) {
    diag::Diagnostic finding = diag::draft(code, span, std::move(message));
    finding.caption = std::move(caption);
    finding.help = std::move(help);
    sink_.report(std::move(finding));
}

// TYPE, or what was meant to be it.
const ast::Parameter* RouteChecker::type_parameter() const {
    const auto exact = std::ranges::find(route_.parameters, "TYPE",
                                         [](const ast::Parameter& p) { return p.key.text; });
    if (exact != route_.parameters.end()) return &*exact;
    const auto near = std::ranges::find_if(route_.parameters, [](const ast::Parameter& parameter) {
        return diag::is_near(parameter.key.text, "TYPE");
    });
    return near == route_.parameters.end() ? nullptr : &*near;
}

std::optional<std::string_view> RouteChecker::unsupported_type() const {
    const ast::Parameter* const type = type_parameter();
    if (type == nullptr || type->value.terms.empty()) return std::nullopt;
    const std::string& name = type->value.terms.front().text;
    const auto known = std::ranges::find(route_types(), diag::upper_case(name));
    if (known == route_types().end() || *known == kClusterType) return std::nullopt;
    return *known;
}

void RouteChecker::report_unknown_type(Span span, std::string_view written) {
    const std::optional<std::string_view> meant = diag::nearest(written, route_types());
    diag::Diagnostic finding = diag::draft(Code::UnknownType, span, "this is not a route type");
    finding.help = fmt::format("WITH TYPE {}", meant.value_or(kClusterType));
    if (meant) {
        const bool certain = diag::upper_case(written) == *meant;
        finding.caption = fmt::format("did you mean `{}`?", *meant);
        finding.fixes.push_back(
            diag::replacement(span, std::string(*meant),
                              certain ? diag::Applicability::Machine : diag::Applicability::Maybe));
    }
    sink_.report(std::move(finding));
}

void RouteChecker::check_type_value(const ast::Parameter& parameter) {
    if (parameter.broken) return;
    if (parameter.value.terms.empty()) {
        report(Code::MissingValue, parameter.key.span, "TYPE has no value",
               fmt::format("expected a route type here, like {}", kClusterType),
               fmt::format("WITH TYPE {}", kClusterType));
        return;
    }
    if (parameter.value.terms.size() > 1) {
        report(Code::WrongValueType, parameter.value.span, "a route type is one word", "",
               fmt::format("WITH TYPE {}", kClusterType));
        return;
    }
    const ast::Term& term = parameter.value.terms.front();
    if (term.text == kClusterType && term.kind == ast::TermKind::Word) return;
    if (term.text == kClusterType && term.kind != ast::TermKind::Word) {
        diag::Diagnostic finding = diag::draft(Code::WrongValueType, parameter.value.span,
                                               "a route type stands without quotes");
        finding.help = fmt::format("WITH TYPE {}", kClusterType);
        finding.fixes.push_back(diag::replacement(parameter.value.span, std::string(kClusterType),
                                                  diag::Applicability::Machine));
        sink_.report(std::move(finding));
        return;
    }
    report_unknown_type(parameter.value.span, term.text);
}

bool RouteChecker::has_main_block() const {
    return std::ranges::any_of(route_.blocks, [](const ast::Block& block) {
        return diag::is_near(block.kind.text, kMainBlock);
    });
}

// Has the block that every cluster route has, or its keys in one that cannot be read.
bool RouteChecker::looks_like_cluster() const {
    return has_main_block() || std::ranges::any_of(route_.blocks, [](const ast::Block& block) {
               return !contains(foreign_blocks(), block.kind.text) &&
                      std::ranges::any_of(block.parameters, is_main_key);
           });
}

// False when the route is of no type that can be guessed, so that nothing else can be said.
bool RouteChecker::check_type() {
    const ast::Parameter* const parameter = type_parameter();
    const bool cluster = looks_like_cluster();
    if (parameter == nullptr) {
        const auto bare = std::ranges::find_if(route_.parameters, [](const ast::Parameter& p) {
            return contains(route_types(), p.key.text);
        });
        const Span span = bare == route_.parameters.end() ? route_.span : bare->key.span;
        const bool bare_head =
            route_.name.text.empty() && route_.parameters.empty() && route_.blocks.empty();
        const bool explained = bare_head || route_.nameless != 0;  // said already
        if (!unread_.contains("TYPE") && !unread_.contains(kClusterType) && !explained)
            report(Code::MissingType, span, "this route has no type", "expected `WITH TYPE`",
                   fmt::format("DEFINE ROUTE {} WITH TYPE {}", route_.name.text, kClusterType));
        return cluster || bare != route_.parameters.end();
    }
    if (parameter->key.text != "TYPE")
        report(Code::UnknownKey, parameter->key.span,
               fmt::format("`{}` does not belong here", parameter->key.text),
               "did you mean `TYPE`?");
    check_type_value(*parameter);
    if (parameter->value.terms.empty()) return cluster || route_.blocks.empty();
    const std::string& written = parameter->value.terms.front().text;
    return cluster || diag::nearest(written, route_types()) == kClusterType;
}

void RouteChecker::check_name() {
    if (!route_.name_broken) result_.link.name = route_.name.text;
    result_.name_span = route_.name.text.empty() ? route_.span : route_.name.span;
    if (route_.name.text.size() > kRouteNameBytesMax)
        report(Code::NameTooLong, route_.name.span,
               fmt::format("the name of a route has {} characters at most", kRouteNameBytesMax));
}

bool RouteChecker::was_met(const BlockSchema& schema) const {
    return std::ranges::find(placed_, &schema, &PlacedBlock::schema) != placed_.end();
}

std::uint32_t RouteChecker::next_statement(std::uint32_t behind) const {
    std::uint32_t next = route_.end;
    const auto consider = [&](std::uint32_t begin) {
        if (begin > behind) next = std::min(next, begin);
    };
    for_each_parameter(route_,
                       [&](const ast::Parameter& parameter) { consider(parameter.span.begin); });
    for (const ast::Block& block : route_.blocks)
        consider(block.span.begin);
    return next;
}

// What stands in there is not missing: it was reported as what it is.
std::string RouteChecker::unread_text() const {
    std::string unread;
    std::uint32_t read_to = 0;
    for (const diag::Diagnostic& finding : route_.findings) {
        if (finding.severity != diag::Severity::Error || was_mended(finding.code)) continue;
        const std::uint32_t begin = std::max(finding.span.begin, read_to);
        const std::uint32_t end = next_statement(begin);
        if (begin >= end) continue;
        unread += sources_[finding.span.file].text().substr(begin, end - begin);
        unread += '\n';
        read_to = end;
    }
    return unread;
}

// `WITH BROKER ADDRESS "x"`: the key is reported, and that explains the value which is one too
// many.
bool RouteChecker::is_rest_of_split_key(const diag::Diagnostic& finding) const {
    if (finding.code != Code::UnexpectedText) return false;
    bool explained = false;
    for_each_parameter(route_, [&](const ast::Parameter& parameter) {
        const bool split = std::ranges::any_of(cluster_blocks(), [&](const BlockSchema& block) {
            return split_key(block, parameter) != nullptr;
        });
        const std::uint32_t end = parameter.next == Span{} ? route_.end : parameter.next.begin;
        explained = explained || (split && finding.span.begin > parameter.span.begin &&
                                  finding.span.begin < end);
    });
    return explained;
}

void RouteChecker::report_findings() {
    for (const diag::Diagnostic& finding : route_.findings)
        if (!is_rest_of_split_key(finding)) sink_.report(finding);
}

// Keys before the first ADD. When the ADD was forgotten, they are read as if it were there.
void RouteChecker::check_head_keys() {
    const ast::Parameter* const type = type_parameter();
    std::vector<ast::Parameter> keys;
    for (const ast::Parameter& parameter : route_.parameters)
        if (&parameter != type && !contains(route_types(), parameter.key.text))
            keys.push_back(parameter);
    const BlockSchema& main = *find_cluster_block(kMainBlock);
    if (!was_met(main) && !unknown_block_ && std::ranges::any_of(keys, is_main_key)) {
        if (!unread_.contains(kMainBlock))
            report(Code::MissingBlock, keys.front().span,
                   fmt::format("`ADD {}` is missing before this", kMainBlock), "",
                   fmt::format("ADD {}", kMainBlock));
        placed_.push_back({&main, nullptr});
        blocks_.check_keys(main, keys, result_);
        return;
    }
    for (const ast::Parameter& parameter : keys) {
        if (parameter.key.text == "TYPE") {
            diag::Diagnostic finding =
                diag::draft(Code::RepeatedKey, parameter.key.span, "`TYPE` is set twice");
            finding.related.push_back({type->key.span, "first set here"});
            sink_.report(std::move(finding));
            continue;
        }
        report(Code::MisplacedKey, parameter.key.span,
               fmt::format("`{}` stands outside of any block", parameter.key.text),
               "expected `ADD` before it", fmt::format("ADD {}", kMainBlock));
    }
}

void RouteChecker::report_unknown_block(const ast::Block& block,
                                        std::optional<std::string_view> meant) {
    if (block.kind.text == kMetadataBlock) {
        report(Code::TemplatePlaceholder, block.span, "this block belongs to a template",
               "remove it once the template is filled in");
        return;
    }
    const bool foreign = contains(foreign_blocks(), block.kind.text);
    std::string message =
        foreign ? fmt::format("`{}` is not a block of {}", block.kind.text, kClusterType)
                : fmt::format("there is no block `{}`", block.kind.text);
    std::string caption = meant ? fmt::format("did you mean `{}`?", *meant)
                                : fmt::format("expected {}", diag::join_words(block_names()));
    report(foreign ? Code::WrongBlock : Code::UnknownBlock, block.kind.span, std::move(message),
           std::move(caption));
}

// The schema of a block. An unknown one is reported; what it was meant to be is returned.
const BlockSchema* RouteChecker::understand_block(const ast::Block& block) {
    if (const BlockSchema* const schema = find_cluster_block(block.kind.text)) return schema;
    // No name: already reported; read as the block that every route has, unless that one is there.
    if (block.kind.text.empty()) return has_main_block() ? nullptr : find_cluster_block(kMainBlock);
    std::optional<std::string_view> meant = diag::nearest(block.kind.text, block_names());
    const bool of_another_type = contains(foreign_blocks(), block.kind.text);
    if (!meant && !of_another_type && block.kind.text != kMetadataBlock && !has_main_block() &&
        std::ranges::any_of(block.parameters, is_main_key))
        meant = kMainBlock;
    report_unknown_block(block, meant);
    if (!meant && block.kind.text != kMetadataBlock) unknown_block_ = true;
    return meant ? find_cluster_block(*meant) : nullptr;
}

void RouteChecker::check_block(const ast::Block& block) {
    const BlockSchema* const schema = understand_block(block);
    if (schema == nullptr) {
        // Its keys are there, wherever they belong: they are not missing as well.
        for (const ast::Parameter& parameter : block.parameters)
            unread_ += parameter.key.text + "\n";
        return;
    }
    const bool split = block.label && block.kind.text + "_" + block.label->text == schema->name;
    if (block.label && !split)
        report(Code::UnexpectedLabel, block.label->span,
               fmt::format("`{}` takes no label", schema->name), "",
               fmt::format("ADD {}", schema->name));
    if (was_met(*schema)) {
        diag::Diagnostic finding = diag::draft(Code::RepeatedBlock, block.span,
                                               fmt::format("`{}` stands here twice", schema->name));
        for (const PlacedBlock& placed : placed_)
            if (placed.schema == schema)
                finding.related.push_back({placed.block->span, "first one here"});
        sink_.report(std::move(finding));
        // Its values are judged all the same, but not taken.
        CheckedRoute aside;
        blocks_.check_keys(*schema, block.parameters, aside);
        return;
    }
    placed_.push_back({schema, &block});
    if (!schema->portable) result_.blocks_not_portable.push_back({nullptr, block.span, {}});
    blocks_.check_keys(*schema, block.parameters, result_);
}

// The block that must be there, and the keys that must be in it.
void RouteChecker::check_main_block() {
    for (const BlockSchema& schema : cluster_blocks()) {
        if (!schema.required) continue;
        const auto placed = std::ranges::find(placed_, &schema, &PlacedBlock::schema);
        if (placed != placed_.end()) {
            const Span at = placed->block == nullptr ? route_.span : placed->block->span;
            blocks_.check_required(schema, placed->block, at, unread_, result_);
        } else if (!unknown_block_ && !unread_.contains(schema.name)) {
            report(Code::MissingBlock, route_.span,
                   fmt::format("this route has no `{}`", schema.name), "",
                   fmt::format("ADD {}", schema.name));
        }
    }
}

std::optional<CheckedRoute> RouteChecker::check() {
    unread_ = unread_text();
    report_findings();
    check_name();
    if (!check_type()) return std::nullopt;
    for (const ast::Block& block : route_.blocks)
        check_block(block);
    check_head_keys();
    check_main_block();
    // Nothing may be lost: then there is no bound to drop at. Lint tells.
    ir::Overload& overload = result_.link.overload;
    if (overload.policy == ir::OverloadPolicy::Lossless) overload.capacity = 0;
    return std::move(result_);
}

}  // namespace lotmesh::sema
