#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "compiler/topology/certificates.h"
#include "compiler/topology/rules.h"

namespace lotmesh::topology {

namespace {

using diag::Code;

constexpr std::int64_t kDaySec = 86'400;

std::string date(std::int64_t time_s) { return fmt::format("{:%F}", fmt::gmtime(time_s)); }

// A file as it is named in a route or a declaration of a node.
struct NamedFile {
    const Node& node;
    std::string path;
    Span span;
};

// What was made of it. Without a CryptoPort there is only the text.
struct ReadFile {
    std::string text;
    std::optional<PemFile> pem;
};

class CertificateRule {
public:
    CertificateRule(const Model& model, const CertificateSources& sources, diag::Sink& sink)
        : model_(model), sources_(sources), sink_(sink) {}

    void check() {
        for (const Node& node : model_.nodes)
            check_listener(node);
        for (const Link& link : model_.links)
            check_link(link);
    }

private:
    void complain(const NamedFile& file, std::string message, std::string caption = {}) {
        sink_.report(
            finding(Code::BadCertificate, file.span, std::move(message), std::move(caption)));
    }

    // One mistake in a file is told once for each node, however many routes name it.
    bool is_first(const NamedFile& file) {
        return seen_.emplace(file.node.folder, file.path).second;
    }

    void complain_of_absence(const NamedFile& file) {
        if (!is_first(file)) return;
        diag::Diagnostic missing =
            finding(Code::BadCertificate, file.span, fmt::format("`{}` cannot be read", file.path));
        missing.caption = "looked for beside the files of the node";
        if (file.path.starts_with('/')) {
            missing.caption = "not there on this machine";
            if (sources_.profile == Profile::Check) missing.severity = diag::Severity::Note;
        }
        sink_.report(std::move(missing));
    }

    // Each file once, however many routes name it; nullptr: it is of no use, and that was told.
    const ReadFile* read(const NamedFile& file, const std::string& passphrase) {
        const auto [known, is_new] =
            read_.try_emplace({file.node.folder, file.path, passphrase}, std::nullopt);
        if (is_new) known->second = read_anew(file, passphrase);
        return known->second ? &*known->second : nullptr;
    }

    std::optional<ReadFile> read_anew(const NamedFile& file, const std::string& passphrase) {
        std::optional<std::string> text = sources_.files.read(file.node.folder, file.path);
        if (!text) {
            complain_of_absence(file);
            return std::nullopt;
        }
        ReadFile result{std::move(*text), std::nullopt};
        if (sources_.crypto == nullptr) return result;
        auto pem = sources_.crypto->read(result.text, passphrase);
        if (pem) {
            result.pem = std::move(*pem);
            return result;
        }
        if (is_first(file))
            complain(file, fmt::format("`{}` is of no use: {}", file.path, pem.error()));
        return std::nullopt;
    }

    // Certificates that can be shown or trusted now, and some time yet.
    void check_certificates_of(const NamedFile& file, const PemFile& pem) {
        if (!is_first(file)) return;
        if (pem.certificates.empty())
            return complain(file, fmt::format("`{}` has no certificate", file.path));
        for (const Certificate& certificate : pem.certificates)
            if (!check_dates(file, certificate)) return;
    }

    bool check_dates(const NamedFile& file, const Certificate& certificate) {
        const std::int64_t left_s = certificate.not_after_s - sources_.now_s;
        if (left_s < 0) {
            complain(file, fmt::format("the certificate in `{}` expired on {}", file.path,
                                       date(certificate.not_after_s)));
            return false;
        }
        if (certificate.not_before_s > sources_.now_s) {
            complain(file, fmt::format("the certificate in `{}` is not valid before {}", file.path,
                                       date(certificate.not_before_s)));
            return false;
        }
        if (left_s >= kExpiresSoonDays * kDaySec) return true;
        diag::Diagnostic soon = finding(Code::BadCertificate, file.span,
                                        fmt::format("the certificate in `{}` expires on {}",
                                                    file.path, date(certificate.not_after_s)),
                                        fmt::format("in {} days", left_s / kDaySec));
        soon.severity = diag::Severity::Warning;
        sink_.report(std::move(soon));
        return false;
    }

    void check_key(const NamedFile& certificate, const PemFile& shown, const NamedFile& key,
                   const PemFile& held) {
        if (!held.private_key)
            return complain(key, fmt::format("`{}` has no private key", key.path),
                            &shown == &held ? "certificate and key stand in this one file" : "");
        if (shown.certificates.empty() ||
            shown.certificates.front().public_key == *held.private_key)
            return;
        complain(key,
                 fmt::format("the private key in `{}` is not that of the certificate{}", key.path,
                             &shown == &held ? "" : fmt::format(" in `{}`", certificate.path)));
    }

    // What a node shows to those who dial it.
    void check_listener(const Node& node) {
        const Declaration& declaration = node.declaration;
        if (!declaration.tls_certificate) return;
        const NamedFile file{node, declaration.tls_certificate->text,
                             declaration.tls_certificate->span};
        const ReadFile* const certificate = read(file, "");
        if (certificate != nullptr && certificate->pem)
            check_certificates_of(file, *certificate->pem);
        const bool in_one = !declaration.tls_key;
        const NamedFile key_file =
            in_one ? file : NamedFile{node, declaration.tls_key->text, declaration.tls_key->span};
        const ReadFile* const key = in_one ? certificate : read(key_file, "");
        if (certificate == nullptr || !certificate->pem || key == nullptr || !key->pem) return;
        check_key(file, *certificate->pem, key_file, *key->pem);
    }

    // The file that a key of a route names; nothing: none, or it is behind a reference.
    std::optional<NamedFile> file_of(const Link& link, std::string_view key,
                                     const std::string& path) const {
        const sema::SetKey* const set = link.route.usable(key);
        if (set == nullptr || set->from_reference || path.empty()) return std::nullopt;
        return NamedFile{model_.nodes[link.from], path, set->value_span};
    }

    void check_link(const Link& link) {
        const ir::Tls& tls = link.route.link.tls;
        if (!tls.enabled) return;
        if (const auto file = file_of(link, "SERVER_CA_CERT_PATH", tls.server_ca_cert_path))
            if (const ReadFile* const authority = read(*file, "");
                authority != nullptr && authority->pem)
                check_certificates_of(*file, *authority->pem);
        check_client_certificate(link);
        check_name(link);
    }

    void check_client_certificate(const Link& link) {
        const ir::Tls& tls = link.route.link.tls;
        const auto file = file_of(link, "CLIENT_CERT_PATH", tls.client_cert_path);
        const sema::SetKey* const passphrase = link.route.find("CLIENT_CERT_PASS");
        if (!file) return;
        // Without the passphrase its key cannot be looked at.
        if (passphrase != nullptr && (!passphrase->usable || passphrase->from_reference)) {
            if (!sources_.files.read(file->node.folder, file->path)) complain_of_absence(*file);
            return;
        }
        const ReadFile* const client = read(*file, tls.client_cert_pass.reveal());
        if (client == nullptr || !client->pem) return;
        check_certificates_of(*file, *client->pem);
        check_key(*file, *client->pem, *file, *client->pem);
    }

    // Whether the node that answers may be called what the route calls it.
    void check_name(const Link& link) {
        const sema::SetKey* const address = link.route.usable("BROKER_ADDRESS");
        if (!link.is_between_nodes() || link.route.link.tls.allow_untrusted_certs ||
            address == nullptr || address->placeholder || sources_.crypto == nullptr)
            return;
        const Node& target = model_.nodes[link.target.node];
        if (!target.declaration.tls_certificate) return;
        const Word& named = *target.declaration.tls_certificate;
        const ReadFile* const shown = read({target, named.text, named.span}, "");
        if (shown == nullptr || !shown->pem || shown->pem->certificates.empty() ||
            sources_.crypto->covers(shown->text, link.route.link.address))
            return;
        diag::Diagnostic other = finding(
            Code::BadCertificate, address->value_span,
            fmt::format("the certificate of node `{}` is not for this address", target.name),
            covered(shown->pem->certificates.front()));
        other.related.push_back({named.span, "the certificate"});
        sink_.report(std::move(other));
    }

    static std::string covered(const Certificate& certificate) {
        if (certificate.names.empty()) return "it has no subject alternative name";
        std::string text = "it is for ";
        const std::size_t shown = std::min<std::size_t>(certificate.names.size(), kNamesShown);
        for (std::size_t i = 0; i < shown; ++i)
            text += fmt::format("{}`{}`", i == 0 ? "" : ", ", certificate.names[i]);
        return shown < certificate.names.size() ? text + " and others" : text;
    }

    static constexpr std::size_t kNamesShown = 4;

    const Model& model_;
    const CertificateSources& sources_;
    diag::Sink& sink_;
    std::set<std::pair<std::string, std::string>> seen_;                  // folder and path
    std::map<std::array<std::string, 3>, std::optional<ReadFile>> read_;  // and passphrase
};

}  // namespace

void check_certificates(const Model& model, const CertificateSources& sources, diag::Sink& sink) {
    CertificateRule(model, sources, sink).check();
}

}  // namespace lotmesh::topology
