#include "compiler/sema/check_route.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "compiler/diag/suggest.h"
#include "compiler/ir/mapping.h"
#include "compiler/limits.h"

namespace lotmesh::sema {

namespace {

using diag::Code;

constexpr std::string_view kMetadataBlock = "METADATA";
constexpr std::string_view kStore = "STORE";

std::vector<std::string_view> block_names(const RouteSchema& route) {
    std::vector<std::string_view> names;
    for (const BlockSchema& block : route.blocks)
        names.push_back(block.name);
    return names;
}

// Has the block that every route of the type has, or its keys in one that cannot be read.
bool looks_like(const ast::Route& route, const RouteSchema& schema) {
    const BlockSchema* const main = find_block(schema, schema.main_block);
    return std::ranges::any_of(route.blocks, [&](const ast::Block& block) {
        if (main == nullptr)
            return std::ranges::any_of(schema.blocks, [&](const BlockSchema& known) {
                return known.required && diag::is_near(block.kind.text, known.name);
            });
        return diag::is_near(block.kind.text, main->name) ||
               (!is_foreign_block(schema, block.kind.text) &&
                std::ranges::any_of(block.parameters, [&](const ast::Parameter& parameter) {
                    return find_key(*main, parameter.key.text) != nullptr;
                }));
    });
}

const RouteSchema* guess_type(const ast::Route& route) {
    const auto found = std::ranges::find_if(
        route_schemas(), [&](const RouteSchema& schema) { return looks_like(route, schema); });
    return found == route_schemas().end() ? nullptr : &*found;
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
    if (known == route_types().end() || find_route(*known) != nullptr) return std::nullopt;
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
    if (find_route(term.text) != nullptr) {
        if (term.kind == ast::TermKind::Word) return;
        diag::Diagnostic finding = diag::draft(Code::WrongValueType, parameter.value.span,
                                               "a route type stands without quotes");
        finding.help = fmt::format("WITH TYPE {}", term.text);
        finding.fixes.push_back(
            diag::replacement(parameter.value.span, term.text, diag::Applicability::Machine));
        sink_.report(std::move(finding));
        return;
    }
    report_unknown_type(parameter.value.span, term.text);
}

const BlockSchema* RouteChecker::main_block() const {
    return find_block(*schema_, schema_->main_block);
}

bool RouteChecker::is_main_key(const ast::Parameter& parameter) const {
    const BlockSchema* const main = main_block();
    return main != nullptr && find_key(*main, parameter.key.text) != nullptr;
}

// Asked for each block that nobody knows.
bool RouteChecker::has_main_block() {
    if (!has_main_block_)
        has_main_block_ = std::ranges::any_of(route_.blocks, [&](const ast::Block& block) {
            return diag::is_near(block.kind.text, schema_->main_block);
        });
    return *has_main_block_;
}

void RouteChecker::report_missing_type(const RouteSchema* guess) {
    const auto bare = std::ranges::find_if(route_.parameters, [](const ast::Parameter& p) {
        return contains(route_types(), p.key.text);
    });
    const Span span = bare == route_.parameters.end() ? route_.span : bare->key.span;
    const bool bare_head =
        route_.name.text.empty() && route_.parameters.empty() && route_.blocks.empty();
    const bool unread = unread_.contains("TYPE") ||
                        std::ranges::any_of(route_schemas(), [&](const RouteSchema& schema) {
                            return unread_.contains(schema.type);
                        });
    if (unread || bare_head || route_.nameless != 0) return;  // said already
    report(Code::MissingType, span, "this route has no type", "expected `WITH TYPE`",
           fmt::format("DEFINE ROUTE {} WITH TYPE {}", route_.name.text,
                       guess == nullptr ? kClusterType : guess->type));
}

// The type that is meant; null when none can be guessed, so that nothing else can be said.
const RouteSchema* RouteChecker::check_type() {
    const ast::Parameter* const parameter = type_parameter();
    const RouteSchema* const guess = guess_type(route_);
    if (parameter == nullptr) {
        report_missing_type(guess);
        if (guess != nullptr) return guess;
        for (const ast::Parameter& bare : route_.parameters)
            if (const RouteSchema* const schema = find_route(bare.key.text)) return schema;
        return nullptr;
    }
    if (parameter->key.text != "TYPE")
        report(Code::UnknownKey, parameter->key.span,
               fmt::format("`{}` does not belong here", parameter->key.text),
               "did you mean `TYPE`?");
    check_type_value(*parameter);
    if (parameter->value.terms.empty()) {
        if (guess == nullptr && route_.blocks.empty()) return find_route(kClusterType);
        return guess;
    }
    const std::string& written = parameter->value.terms.front().text;
    const std::optional<std::string_view> near = diag::nearest(written, route_types());
    const RouteSchema* const named = near ? find_route(*near) : nullptr;
    return named != nullptr ? named : guess;
}

void RouteChecker::check_name() {
    name_span_ = route_.name.text.empty() ? route_.span : route_.name.span;
    if (route_.name.text.size() > kRouteNameBytesMax)
        report(Code::NameTooLong, route_.name.span,
               fmt::format("the name of a route has {} characters at most", kRouteNameBytesMax));
}

const RouteChecker::PlacedBlock* RouteChecker::find_placed(const BlockSchema& schema) const {
    const auto found = std::ranges::find(
        placed_, &schema, [](const PlacedBlock& placed) { return placed.checked.schema; });
    return found == placed_.end() ? nullptr : &*found;
}

void RouteChecker::report_findings() {
    for (const diag::Diagnostic& finding : route_.findings)
        if (!unread_.is_rest_of_split_key(finding)) sink_.report(finding);
}

// The first block that must be there, is not, and knows one of the keys.
const BlockSchema* RouteChecker::block_of_head(const std::vector<ast::Parameter>& keys) const {
    const auto found = std::ranges::find_if(schema_->blocks, [&](const BlockSchema& block) {
        return block.required && !block.named && find_placed(block) == nullptr &&
               std::ranges::any_of(keys, [&](const ast::Parameter& parameter) {
                   return find_key(block, parameter.key.text) != nullptr;
               });
    });
    return found == schema_->blocks.end() ? nullptr : &*found;
}

// Keys before the first ADD. When the ADD was forgotten, they are read as if it were there.
void RouteChecker::check_head_keys() {
    const ast::Parameter* const type = type_parameter();
    std::vector<ast::Parameter> keys;
    for (const ast::Parameter& parameter : route_.parameters)
        if (&parameter != type && !contains(route_types(), parameter.key.text))
            keys.push_back(parameter);
    if (const BlockSchema* const meant = unknown_block_ ? nullptr : block_of_head(keys)) {
        if (!unread_.contains(meant->name))
            report(Code::MissingBlock, keys.front().span,
                   fmt::format("`ADD {}` is missing before this", meant->name), "",
                   fmt::format("ADD {}", meant->name));
        place(*meant, nullptr, keys);
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
               "expected `ADD` before it", fmt::format("ADD {}", schema_->blocks.front().name));
    }
}

void RouteChecker::report_unknown_block(const ast::Block& block,
                                        std::optional<std::string_view> meant) {
    if (block.kind.text == kMetadataBlock) {
        report(Code::TemplatePlaceholder, block.span, "this block belongs to a template",
               "remove it once the template is filled in");
        return;
    }
    const bool foreign = is_foreign_block(*schema_, block.kind.text);
    std::string message =
        foreign ? fmt::format("`{}` is not a block of {}", block.kind.text, schema_->type)
                : fmt::format("there is no block `{}`", block.kind.text);
    std::string caption = meant
                              ? fmt::format("did you mean `{}`?", *meant)
                              : fmt::format("expected {}", diag::join_words(block_names(*schema_)));
    report(foreign ? Code::WrongBlock : Code::UnknownBlock, block.kind.span, std::move(message),
           std::move(caption));
}

// The schema of a block. An unknown one is reported; what it was meant to be is returned.
const BlockSchema* RouteChecker::understand_block(const ast::Block& block) {
    if (const BlockSchema* const schema = find_block(*schema_, block.kind.text)) return schema;
    const BlockSchema* const main = has_main_block() ? nullptr : main_block();
    // No name: already reported; read as the block that every route has, unless that one is there.
    if (block.kind.text.empty()) {
        unknown_block_ = unknown_block_ || schema_->main_block.empty();
        return main;
    }
    std::optional<std::string_view> meant = diag::nearest(block.kind.text, block_names(*schema_));
    const bool of_another_type = is_foreign_block(*schema_, block.kind.text);
    if (!meant && !of_another_type && block.kind.text != kMetadataBlock && main != nullptr &&
        std::ranges::any_of(block.parameters,
                            [&](const ast::Parameter& p) { return is_main_key(p); }))
        meant = main->name;
    report_unknown_block(block, meant);
    if (!meant && block.kind.text != kMetadataBlock) unknown_block_ = true;
    return meant ? find_block(*schema_, *meant) : nullptr;
}

Target RouteChecker::target_of(const BlockSchema& schema, Meaning& meaning) {
    ir::Bridge& bridge = meaning.bridge;
    switch (schema.target) {
        case BlockTarget::Link: return {&meaning.link, &meaning.link.references};
        case BlockTarget::LinkOverload: return {&meaning.link.overload, &meaning.link.references};
        case BlockTarget::Source: return {&bridge.source, &bridge.source.references};
        case BlockTarget::Destination: return {&bridge.destination, &bridge.destination.references};
        case BlockTarget::Mapping:
            bridge.mappings.emplace_back();
            return {&bridge.mappings.back(), &bridge.mappings.back().references};
        case BlockTarget::BridgeOverload: return {&bridge.overload, &bridge.references};
    }
    UNREACHABLE();
}

void RouteChecker::place(const BlockSchema& schema, const ast::Block* block,
                         const std::vector<ast::Parameter>& parameters) {
    const Span at = block == nullptr ? route_.span : block->span;
    PlacedBlock& placed = placed_.emplace_back(PlacedBlock{block, {&schema, at, {}}});
    blocks_.check_keys(*schema_, parameters, target_of(schema, meaning_), placed.checked);
}

// A mapping is known by its name.
void RouteChecker::check_mapping_name(const ast::Block& block, const BlockSchema& schema) {
    if (!block.label) {
        if (!block.broken)
            report(Code::MissingName, block.span, fmt::format("this {} has no name", schema.name),
                   "", fmt::format("ADD {} Name", schema.name));
        return;
    }
    if (block.label->text.size() > kRouteNameBytesMax)
        report(Code::NameTooLong, block.label->span,
               fmt::format("the name of a mapping has {} characters at most", kRouteNameBytesMax));
    const auto [first, is_new] = mapping_names_.try_emplace(block.label->text, block.label->span);
    if (is_new) return;
    diag::Diagnostic finding =
        diag::draft(Code::DuplicateMapping, block.label->span,
                    fmt::format("a second mapping is named `{}`", block.label->text));
    finding.related.push_back({first->second, "first used here"});
    sink_.report(std::move(finding));
}

void RouteChecker::check_label(const ast::Block& block, const BlockSchema& schema) {
    if (schema.named) return check_mapping_name(block, schema);
    const bool split = block.label && block.kind.text + "_" + block.label->text == schema.name;
    if (block.label && !split)
        report(Code::UnexpectedLabel, block.label->span,
               fmt::format("`{}` takes no label", schema.name), "",
               fmt::format("ADD {}", schema.name));
}

// Both topics are known, and the wildcards of the one cannot be those of the other.
void RouteChecker::check_mapping(const CheckedBlock& block, const ir::Mapping& mapping) {
    const SetKey* const source = block.usable("SOURCE_TOPIC");
    const SetKey* const destination = block.usable("DESTINATION_TOPIC");
    if (source == nullptr || destination == nullptr || block.usable("DIRECTION") == nullptr) return;
    if (source->placeholder || destination->placeholder || ir::wildcards_agree(mapping)) return;
    diag::Diagnostic finding = diag::draft(Code::WildcardMismatch, destination->value_span,
                                           "the wildcards of these topics do not match");
    finding.caption = mapping.direction == ir::Direction::Both
                          ? "expected the same ones in the same order"
                          : "expected the same ones in the same order, or none where it is sent to";
    finding.related.push_back({source->value_span, "the other topic"});
    sink_.report(std::move(finding));
}

void RouteChecker::check_block(const ast::Block& block) {
    if (block.kind.text == kStore && schema_->type == kBridgeType)
        return report(Code::Unsupported, block.span,
                      "`STORE` is known, not supported by this broker", "left out");
    const BlockSchema* const schema = understand_block(block);
    if (schema == nullptr) {
        // Its keys are there, wherever they belong: they are not missing as well.
        for (const ast::Parameter& parameter : block.parameters)
            unread_.add(parameter.key.text);
        return;
    }
    check_label(block, *schema);
    const PlacedBlock* const first = schema->named ? nullptr : find_placed(*schema);
    if (first != nullptr) {
        diag::Diagnostic finding = diag::draft(Code::RepeatedBlock, block.span,
                                               fmt::format("`{}` stands here twice", schema->name));
        finding.related.push_back({first->block->span, "first one here"});
        sink_.report(std::move(finding));
        // Its values are judged all the same, but not taken.
        Meaning aside;
        CheckedBlock aside_block{schema, block.span, {}};
        blocks_.check_keys(*schema_, block.parameters, target_of(*schema, aside), aside_block);
        return;
    }
    place(*schema, &block, block.parameters);
    if (schema->target != BlockTarget::Mapping) return;
    ir::Mapping& mapping = meaning_.bridge.mappings.back();
    if (block.label) mapping.name = block.label->text;
    check_mapping(placed_.back().checked, mapping);
}

// The blocks that must be there, and the keys that must be in them.
void RouteChecker::check_placed() {
    for (const BlockSchema& schema : schema_->blocks) {
        if (!schema.required) continue;
        if (find_placed(schema) == nullptr && !unknown_block_ && !unread_.contains(schema.name))
            report(Code::MissingBlock, route_.span,
                   fmt::format("this route has no `{}`", schema.name), "",
                   fmt::format("ADD {}{}", schema.name, schema.named ? " Name" : ""));
        for (const PlacedBlock& placed : placed_)
            if (placed.checked.schema == &schema)
                blocks_.check_required(placed.checked, placed.block, unread_);
    }
}

// What is this broker has nothing else: lint tells what was set in vain.
RouteChecker::Checked RouteChecker::take() {
    std::vector<CheckedBlock> blocks;
    blocks.reserve(placed_.size());
    for (PlacedBlock& placed : placed_)
        blocks.push_back(std::move(placed.checked));
    for (ir::Overload* const overload : {&meaning_.link.overload, &meaning_.bridge.overload})
        // Nothing may be lost: then there is no bound to drop at. Lint tells.
        if (overload->policy == ir::OverloadPolicy::Lossless) overload->capacity = 0;
    for (ir::BridgeEnd* const end : {&meaning_.bridge.source, &meaning_.bridge.destination})
        if (end->self) *end = ir::this_broker();
    const std::string name = route_.name_broken ? std::string() : route_.name.text;
    if (schema_->type == kBridgeType) {
        meaning_.bridge.name = name;
        return CheckedBridge{std::move(meaning_.bridge), name_span_, std::move(blocks)};
    }
    meaning_.link.name = name;
    return CheckedRoute{std::move(meaning_.link), name_span_, std::move(blocks)};
}

RouteChecker::Checked RouteChecker::check() {
    report_findings();
    check_name();
    schema_ = check_type();
    if (schema_ == nullptr) return {};
    for (const ast::Block& block : route_.blocks)
        check_block(block);
    check_head_keys();
    check_placed();
    return take();
}

}  // namespace lotmesh::sema
