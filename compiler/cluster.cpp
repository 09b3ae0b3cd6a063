#include "compiler/cluster.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/assert.h"
#include "compiler/diag/sink.h"
#include "compiler/lint/allow.h"
#include "compiler/lint/rules.h"
#include "compiler/parse/parser.h"
#include "compiler/parse/sources.h"
#include "compiler/sema/check.h"
#include "compiler/sema/redact.h"

namespace lotmesh {

namespace {

using topology::Declaration;
using topology::Model;
using topology::Node;

// What a node says that it has. Of a secret only the name is known.
class DeclaredValues final : public ReferenceResolver {
public:
    explicit DeclaredValues(const Declaration& declaration) : declaration_(declaration) {}

    std::optional<std::string> env(std::string_view name) const override {
        for (const topology::Word& variable : declaration_.env) {
            const std::size_t equal = variable.text.find('=');
            if (std::string_view(variable.text).substr(0, equal) == name)
                return variable.text.substr(equal + 1);
        }
        return std::nullopt;
    }
    std::optional<std::string> secret(std::string_view) const override { return std::nullopt; }

private:
    const Declaration& declaration_;
};

// Where the names of routes begin: file and byte.
using Places = std::set<std::pair<std::uint32_t, std::uint32_t>>;

Places places_of(const sema::CheckedRoutes& routes) {
    Places places;
    for (const sema::CheckedRoute& route : routes.links)
        places.emplace(route.name_span.file, route.name_span.begin);
    for (const sema::CheckedBridge& route : routes.bridges)
        places.emplace(route.name_span.file, route.name_span.begin);
    return places;
}

// References in the routes that were taken.
void collect_references(const ast::File& tree, const Places& taken, Node& node) {
    for (const ast::Route& route : tree.routes) {
        if (!taken.contains({route.name.span.file, route.name.span.begin})) continue;
        for (const ast::Block& block : route.blocks)
            for (const ast::Parameter& parameter : block.parameters)
                for (const ast::Term& term : parameter.value.terms)
                    if (term.kind == ast::TermKind::Env || term.kind == ast::TermKind::Secret)
                        node.references.push_back({term.kind, {term.text, term.span}});
    }
}

class ClusterReader {
public:
    ClusterReader(std::span<const NodeFolder> folders, const ClusterOptions& options)
        : folders_(folders.first(std::min(folders.size(), options.limits.cluster_nodes_max))),
          too_many_(folders.size() - folders_.size()),
          options_(options) {
        for (const NodeFolder& folder : folders_) {
            ASSERT(!folder.files.empty() || folder.declaration);
            for (const SourceText& file : folder.files)
                texts_.push_back(file);
            if (folder.declaration) texts_.push_back(*folder.declaration);
        }
    }

    ClusterResult read() {
        diag::Sink sink(texts_.size(), options_.limits);
        sources_ = parse::open_sources(texts_, options_.limits, sink);
        Model model;
        std::uint32_t file = 0;
        for (const NodeFolder& folder : folders_)
            read_node(folder, file, model, sink);
        if (too_many_ != 0)
            sink.report(topology::finding(
                diag::Code::BadDeclaration, {0, 0, 0},
                fmt::format("there are more than {} nodes", options_.limits.cluster_nodes_max),
                fmt::format("{} were not looked at", too_many_)));
        topology::resolve_targets(model);
        topology::check_declarations(model, sink);
        topology::check_links(model, sink);
        topology::check_shape(model, sink);
        topology::check_bridges(model, sink);
        topology::check_settings(model, options_.profile, options_.crypto, sink);
        if (options_.files != nullptr)
            topology::check_certificates(
                model, {*options_.files, options_.crypto, options_.now_s, options_.profile}, sink);
        topology::check_drift(model, options_.answers, sink);
        const bool ok = !sink.has_errors();
        return {std::move(model), sink.finish(std::move(sources_), options_.levels), ok};
    }

private:
    // `file` is the index of the folder's first file, and then of the next folder's.
    void read_node(const NodeFolder& folder, std::uint32_t& file, Model& model, diag::Sink& sink) {
        Node node;
        node.name = folder.name;
        node.span = {file, 0, 0};
        node.folder = folder.path;
        std::vector<ast::File> trees;
        std::optional<Declaration> declared;
        for (std::size_t i = 0; i < folder.files.size(); ++i, ++file) {
            trees.push_back(
                parse::parse(sources_[file], file, options_.limits, sink, ast::KeepComments::All));
            sema::redact_secrets(sources_[file], trees.back());
            lint::apply_allowances(trees.back(), sources_[file], lint::Reach::Cluster, sink);
            for (const ast::Comment& comment : trees.back().comments)
                if (auto pragma = topology::read_pragma(sources_[file], comment, sink))
                    take_declaration(std::move(*pragma), comment.span, declared, node, sink);
        }
        if (folder.declaration) {
            const topology::Span span{file, 0, 0};
            take_declaration(topology::read_declaration(sources_[file], file, sink), span, declared,
                             node, sink);
            ++file;
        }
        if (declared) node.declaration = std::move(*declared);
        if (!node.declaration.name.text.empty()) node.name = node.declaration.name.text;
        if (options_.files != nullptr) topology::read_accounts(node, *options_.files);
        take_routes(trees, std::move(node), model, sink);
    }

    static void take_declaration(Declaration found, topology::Span span,
                                 std::optional<Declaration>& declared, Node& node,
                                 diag::Sink& sink) {
        if (declared) {
            diag::Diagnostic second = topology::finding(diag::Code::BadDeclaration, span,
                                                        "this node is declared a second time");
            second.related.push_back({node.span, "the first time"});
            return sink.report(std::move(second));
        }
        node.span = found.name.text.empty() ? span : found.name.span;
        declared = std::move(found);
    }

    void take_routes(const std::vector<ast::File>& trees, Node node, Model& model,
                     diag::Sink& sink) {
        const DeclaredValues resolver(node.declaration);
        const sema::ValueContext context{&resolver, sema::OnUnresolved::Placeholder,
                                         options_.limits.value_bytes_max};
        sema::CheckedRoutes routes = sema::check(trees, sources_, context, sink);
        lint::lint(routes, options_.portable ? lint::Portability::Warn : lint::Portability::Ignore,
                   sink);
        const Places taken = places_of(routes);
        for (const ast::File& tree : trees)
            collect_references(tree, taken, node);
        for (sema::CheckedRoute& route : routes.links)
            model.links.push_back({model.nodes.size(), std::move(route), {}});
        for (sema::CheckedBridge& route : routes.bridges)
            model.bridges.push_back({model.nodes.size(), std::move(route)});
        model.nodes.push_back(std::move(node));
    }

    std::span<const NodeFolder> folders_;
    std::size_t too_many_;
    const ClusterOptions& options_;
    std::vector<SourceText> texts_;
    source::SourceSet sources_;
};

}  // namespace

ClusterResult check_cluster(std::span<const NodeFolder> folders, const ClusterOptions& options) {
    return ClusterReader(folders, options).read();
}

}  // namespace lotmesh
