#include "compiler/topology/rules.h"

#include <fmt/core.h>

#include <map>
#include <utility>

#include "compiler/diag/suggest.h"

namespace lotmesh::topology {

using diag::Code;

diag::Diagnostic finding(Code code, Span span, std::string message, std::string caption,
                         std::string help) {
    diag::Diagnostic result = diag::draft(code, span, std::move(message));
    result.caption = std::move(caption);
    result.help = std::move(help);
    return result;
}

std::string list_nodes(const Model& model, const std::vector<std::size_t>& nodes) {
    std::string text;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (i != 0) text += i + 1 == nodes.size() ? " and " : ", ";
        text += fmt::format("`{}`", model.nodes[nodes[i]].name);
    }
    return text;
}

// LOT0621: what each declaration says by itself has been read; here, what two of them say.
void check_declarations(const Model& model, diag::Sink& sink) {
    std::map<std::string, const Node*> names;
    std::map<std::string, const Listener*> endpoints;
    for (const Node& node : model.nodes) {
        if (node.declaration.listeners.empty())
            sink.report(finding(Code::BadDeclaration, node.span,
                                fmt::format("nothing says where node `{}` listens", node.name), "",
                                fmt::format("//! node: {} listen: 10.0.0.1:1883", node.name)));
        const auto [named, is_new] = names.try_emplace(node.name, &node);
        if (!is_new) {
            diag::Diagnostic second =
                finding(Code::BadDeclaration, node.span,
                        fmt::format("a second node is named `{}`", node.name));
            second.related.push_back({named->second->span, "the first one"});
            sink.report(std::move(second));
        }
        for (const Listener& listener : node.declaration.listeners) {
            if (is_wildcard(listener.endpoint.host) || is_loopback(listener.endpoint.host))
                continue;
            const auto [bound, is_first] =
                endpoints.try_emplace(diag::lower_case(to_string(listener.endpoint)), &listener);
            if (is_first) continue;
            diag::Diagnostic second =
                finding(Code::BadDeclaration, listener.span,
                        fmt::format("{} has a listener already", to_string(listener.endpoint)));
            second.related.push_back({bound->second->span, "the first one"});
            sink.report(std::move(second));
        }
    }
}

}  // namespace lotmesh::topology
