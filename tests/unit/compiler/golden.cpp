#include "tests/unit/compiler/golden.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "compiler/explain_render.h"
#include "compiler/ir/dump.h"
#include "runtime/net/password_hash.h"
#include "runtime/net/pem_file.h"

namespace lotmesh::test {

namespace {

constexpr std::string_view kOptions = "// OPTIONS:";
constexpr std::string_view kFile = "// FILE: ";
constexpr std::string_view kCheck = "// CHECK: ";

class MapResolver final : public ReferenceResolver {
public:
    std::optional<std::string> env(std::string_view name) const override {
        return find(envs, name);
    }
    std::optional<std::string> secret(std::string_view name) const override {
        return find(secrets, name);
    }

    std::map<std::string, std::string, std::less<>> envs;
    std::map<std::string, std::string, std::less<>> secrets;

private:
    static std::optional<std::string> find(
        const std::map<std::string, std::string, std::less<>>& values, std::string_view name) {
        const auto found = values.find(name);
        if (found == values.end()) return std::nullopt;
        return found->second;
    }
};

struct Setup {
    CompileOptions options;
    MapResolver resolver;
    bool plan = false;
};

void set_limit(CompilerLimits& limits, std::string_view name, std::size_t value) {
    if (name == "file_bytes") limits.file_bytes_max = value;
    if (name == "definitions") limits.definitions_max = value;
    if (name == "definition_tokens") limits.definition_tokens_max = value;
    if (name == "value_bytes") limits.value_bytes_max = value;
    if (name == "rules") limits.rules_max = value;
    if (name == "condition_tests") limits.condition_tests_max = value;
    if (name == "condition_depth") limits.condition_depth_max = value;
    if (name == "shown") limits.diagnostics_shown_max = value;
}

Setup parse_options(const std::string& input) {
    Setup setup;
    const std::size_t at = input.find(kOptions);
    if (at == std::string::npos) return setup;
    std::istringstream words(
        input.substr(at + kOptions.size(), input.find('\n', at) - at - kOptions.size()));
    for (std::string word, pair; words >> word;) {
        if (word == "load") setup.options.mode = CompileMode::Load;
        if (word == "portable") setup.options.portable = true;
        if (word == "plan") setup.plan = true;
        if (word != "env" && word != "secret" && word != "limit") continue;
        words >> pair;
        const std::size_t equal = pair.find('=');
        const std::string name = pair.substr(0, equal);
        const std::string value = pair.substr(equal + 1);
        if (word == "env") setup.resolver.envs[name] = value;
        if (word == "secret") setup.resolver.secrets[name] = value;
        if (word == "limit") set_limit(setup.options.limits, name, std::stoul(value));
    }
    return setup;
}

std::vector<SourceText> split_files(const std::string& input) {
    std::vector<SourceText> files = {{"input.lot", {}}};
    std::istringstream lines(input);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(kFile)) {
            files.back().text += line + "\n";
        } else if (files.back().text.empty()) {
            files.back().name = line.substr(kFile.size());
        } else {
            files.push_back({line.substr(kFile.size()), {}});
        }
    }
    return files;
}

}  // namespace

Golden parse_golden(const std::string& text) {
    Golden golden;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(kCheck))
            golden.expected.push_back(line.substr(kCheck.size()));
        else
            golden.input += line + "\n";
    }
    return golden;
}

std::string to_text(const std::string& input, const std::vector<std::string>& lines) {
    std::string text = input;
    for (const std::string& line : lines)
        text += fmt::format("{}{}\n", kCheck, line);
    return text;
}

std::string summary(const diag::Diagnostic& diagnostic, const source::SourceSet& sources) {
    const source::Position position = source::position_of(sources, diagnostic.span);
    std::string file;
    if (sources.size() > 1) file = sources[diagnostic.span.file].name() + ":";
    std::string line =
        fmt::format("{} {}{}:{} {}: {}", diag::to_string(diagnostic.code), file, position.line,
                    position.column, diag::to_string(diagnostic.severity), diagnostic.message);
    if (!diagnostic.caption.empty()) line += " | " + diagnostic.caption;
    for (const diag::Label& label : diagnostic.related) {
        const source::Position at = source::position_of(sources, label.span);
        line += fmt::format(" | {} {}:{}", label.text, at.line, at.column);
    }
    if (!diagnostic.help.empty()) line += " | help: " + diagnostic.help;
    return line;
}

std::vector<std::string> summaries(const diag::Report& report) {
    std::vector<std::string> lines;
    for (const diag::Diagnostic& diagnostic : report.diagnostics)
        lines.push_back(summary(diagnostic, report.sources));
    return lines;
}

GoldenResult run_golden(const std::string& input) {
    Setup setup = parse_options(input);
    setup.options.resolver = &setup.resolver;
    const std::vector<SourceText> files = split_files(input);
    GoldenResult result{compile(files, setup.options), {}};
    result.lines = summaries(result.compiled.report);
    if (setup.plan && result.compiled.plan) {
        std::istringstream dump(ir::dump(*result.compiled.plan));
        for (std::string line; std::getline(dump, line);)
            result.lines.push_back(line);
    }
    return result;
}

std::vector<NodeFolder> read_cluster(const std::string& path) {
    std::map<std::string, NodeFolder> folders;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
        if (!entry.is_regular_file() || entry.path().parent_path() == path) continue;
        const std::string name = std::filesystem::relative(entry.path(), path).string();
        const auto extension = entry.path().extension();
        if (extension != ".lot" && extension != ".toml") continue;
        NodeFolder& folder = folders[entry.path().parent_path().string()];
        folder.name = entry.path().parent_path().filename().string();
        folder.path = entry.path().parent_path().string();
        SourceText text{name, read_text(entry.path().string())};
        if (entry.path().extension() == ".lot") folder.files.push_back(std::move(text));
        if (entry.path().filename() == "node.toml") folder.declaration = std::move(text);
    }
    std::vector<NodeFolder> result;
    for (auto& [folder_path, folder] : folders) {
        std::ranges::sort(folder.files, {}, &SourceText::name);
        result.push_back(std::move(folder));
    }
    return result;
}

namespace {

class FolderFiles final : public topology::FilePort {
public:
    std::optional<std::string> read(const std::string& folder,
                                    const std::string& path) const override {
        const std::string whole = folder + "/" + path;
        if (!std::filesystem::exists(whole)) return std::nullopt;
        return read_text(whole);
    }
};

class FolderCrypto final : public topology::CryptoPort {
public:
    Result<PemFile, std::string> read(std::string_view text,
                                      const std::string& passphrase) const override {
        return net::read_pem(text, passphrase);
    }
    bool covers(std::string_view text, const std::string& host) const override {
        return net::certificate_covers(text, host);
    }
    std::optional<bool> is_password(std::string_view password,
                                    std::string_view hash) const override {
        return net::matches_password_hash(password, hash);
    }
};

// 2026-07-01
constexpr std::int64_t kGoldenNow = 1'782'864'000;

}  // namespace

ClusterResult check_folder(const std::string& path) {
    const FolderFiles files;
    const FolderCrypto crypto;
    ClusterOptions options;
    options.files = &files;
    options.crypto = &crypto;
    options.now_s = kGoldenNow;
    options.answers = read_answers(read_text(path + "/running.txt"));
    return check_cluster(read_cluster(path), options);
}

std::vector<std::string> cluster_folders() {
    std::vector<std::string> folders;
    for (const auto& rule :
         std::filesystem::directory_iterator(LOTMESH_SOURCE_DIR "/tests/golden/cluster"))
        for (const char* const kind : {"/fail", "/pass"})
            folders.push_back(rule.path().string() + kind);
    std::ranges::sort(folders);
    return folders;
}

std::string read_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> lot_files(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".lot") files.push_back(entry.path().string());
    std::ranges::sort(files);
    return files;
}

}  // namespace lotmesh::test
