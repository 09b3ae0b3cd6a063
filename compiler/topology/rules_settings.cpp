// What routes set, where it takes more than one node to see that it does not fit.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "compiler/topology/rules.h"

namespace lotmesh::topology {

namespace {

using diag::Code;

// The longest wait between two attempts to reach a peer that does not answer (runtime/cluster).
constexpr std::uint32_t kBackoffMaxSec = 4;

// Where it cannot be told, it is.
bool is_password_of(const Account& account, const std::string& password, const CryptoPort* crypto) {
    if (!account.hashed) return account.secret == password;
    return crypto == nullptr || crypto->is_password(password, account.secret).value_or(true);
}

// LOT0609
void check_credentials(const Model& model, const Link& link, const CryptoPort* crypto,
                       diag::Sink& sink) {
    if (!link.is_between_nodes()) return;
    const Node& target = model.nodes[link.target.node];
    if (!target.accounts) return;
    const sema::SetKey* const user = link.route.find("USERNAME");
    const sema::SetKey* const password = link.route.find("PASSWORD");
    if (user == nullptr)
        return sink.report(
            finding(Code::CredentialsRefused, link.route.name_span,
                    fmt::format("node `{}` wants a user name and a password", target.name),
                    "this route has none", "WITH USERNAME \"cluster_user\""));
    // What is behind a reference is not known, or not to be told.
    if (!user->usable || user->from_reference) return;
    const auto account =
        std::ranges::find(*target.accounts, link.route.link.username, &Account::user);
    if (account == target.accounts->end())
        return sink.report(finding(Code::CredentialsRefused, user->value_span,
                                   fmt::format("node `{}` does not know this user", target.name)));
    if (password == nullptr || !password->usable || password->from_reference ||
        is_password_of(*account, link.route.link.password.reveal(), crypto))
        return;
    sink.report(finding(Code::CredentialsRefused, password->key_span,
                        fmt::format("node `{}` has another password for this user", target.name)));
}

// LOT0611. Encrypted links and those that stay on a machine tell nobody.
void check_password(const Link& link, diag::Sink& sink) {
    const sema::SetKey* const password = link.route.find("PASSWORD");
    const sema::SetKey* const tls = link.route.find("USE_TLS");
    if (password == nullptr || link.route.usable("BROKER_ADDRESS") == nullptr) return;
    if (link.route.link.tls.enabled || (tls != nullptr && !tls->usable)) return;
    if (link.target.aim == Aim::Unknown || is_loopback(link.route.link.address)) return;
    sink.report(finding(Code::PasswordInClear, password->key_span,
                        "this password goes over the network in plain text",
                        "whoever is on the way can read it", "WITH USE_TLS true"));
}

// LOT0612, of one link
void check_backoff(const Link& link, diag::Sink& sink) {
    const sema::SetKey* const key = link.route.usable("MESSAGE_VALIDITY_SEC");
    const std::uint32_t seconds = link.route.link.message_validity_sec;
    if (key == nullptr || key->from_reference || seconds == 0 || seconds >= kBackoffMaxSec) return;
    sink.report(
        finding(Code::ValidityMismatch, key->value_span,
                fmt::format("{} seconds are less than a lost link may take to come back", seconds),
                fmt::format("attempts are up to {} seconds apart", kBackoffMaxSec)));
}

// Where the validity of a link stands; its name, where that is the default.
Span validity_span(const Link& link) {
    const sema::SetKey* const key = link.route.usable("MESSAGE_VALIDITY_SEC");
    return key != nullptr ? key->value_span : link.route.name_span;
}

bool has_known_validity(const Link& link) {
    const sema::SetKey* const key = link.route.find("MESSAGE_VALIDITY_SEC");
    return key == nullptr || (key->usable && !key->from_reference);
}

// LOT0612, of the two directions of one pair; told at the second of them.
void check_both_validities(const Model& model, const Link& link, diag::Sink& sink) {
    if (!link.is_between_nodes() || link.from < link.target.node || !has_known_validity(link))
        return;
    const Link* const back = find_link(model, link.target.node, link.from);
    if (back == nullptr || !has_known_validity(*back)) return;
    const std::uint32_t ours = link.route.link.message_validity_sec;
    const std::uint32_t theirs = back->route.link.message_validity_sec;
    if (ours == theirs) return;
    diag::Diagnostic unequal =
        finding(Code::ValidityMismatch, validity_span(link),
                fmt::format("messages wait {} seconds this way and {} seconds back", ours, theirs),
                "one link should have one validity");
    unequal.related.push_back({validity_span(*back), "the other direction"});
    sink.report(std::move(unequal));
}

// LOT0615
void check_references(const Node& node, Profile profile, diag::Sink& sink) {
    for (const ReferenceUse& use : node.references) {
        const bool secret = use.kind == ast::TermKind::Secret;
        const std::vector<Word>& known = secret ? node.declaration.secrets : node.declaration.env;
        const bool there = std::ranges::any_of(known, [&](const Word& word) {
            return secret ? word.text == use.name.text
                          : word.text.substr(0, word.text.find('=')) == use.name.text;
        });
        if (there) continue;
        diag::Diagnostic missing = finding(
            Code::UndeclaredReference, use.name.span,
            fmt::format("node `{}` does not say that it has `{}`", node.name, use.name.text), "",
            secret ? fmt::format("in node.toml: secrets = [\"{}\"]", use.name.text)
                   : fmt::format("in node.toml: env = [\"{}=...\"]", use.name.text));
        if (profile == Profile::Deploy) missing.severity = diag::Severity::Error;
        sink.report(std::move(missing));
    }
}

// LOT0618
void check_factory(const Link& link, diag::Sink& sink) {
    const sema::SetKey* const user = link.route.usable("USERNAME");
    const sema::SetKey* const password = link.route.usable("PASSWORD");
    if (user == nullptr || password == nullptr) return;
    if (user->from_reference || password->from_reference) return;
    if (link.route.link.username != "root" || link.route.link.password.reveal() != "coreflux")
        return;
    sink.report(finding(Code::FactoryCredentials, user->value_span,
                        "these are the credentials that a broker is delivered with",
                        "everybody knows them", "WITH PASSWORD GET SECRET \"cluster_password\""));
}

}  // namespace

void check_settings(const Model& model, Profile profile, const CryptoPort* crypto,
                    diag::Sink& sink) {
    for (const Link& link : model.links) {
        check_credentials(model, link, crypto, sink);
        check_password(link, sink);
        check_backoff(link, sink);
        check_both_validities(model, link, sink);
        check_factory(link, sink);
    }
    for (const Node& node : model.nodes)
        check_references(node, profile, sink);
}

}  // namespace lotmesh::topology
