#include "tools/lotmesh/explain_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <string_view>
#include <utility>

#include "compiler/diag/levels.h"
#include "compiler/diag/suggest.h"
#include "compiler/explain_render.h"

namespace lotmesh::tool {

namespace {

constexpr std::size_t kDigits = 4;

// A code as it should have been written: "302" is LOT0302.
std::string completed(std::string_view word) {
    const bool digits =
        !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) return std::string(word);
    const std::size_t missing = kDigits - std::min(word.size(), kDigits);
    return fmt::format("LOT{}{}", std::string(missing, '0'), word);
}

// One typing mistake at most: two would turn any number into another one.
std::optional<std::string> meant_by(std::string_view word) {
    const std::string written = completed(word);
    std::optional<std::string> near;
    for (const diag::CodeInfo& code : diag::all_codes()) {
        std::string name = diag::to_string(code.code);
        const std::size_t distance = diag::edit_distance(written, name, 1);
        if (distance == 0) return name;
        if (distance == 1 && !near) near = std::move(name);
    }
    return near;
}

std::string unknown_code(std::string_view word) {
    if (const std::optional<std::string> meant = meant_by(word))
        return fmt::format("there is no code `{}`, did you mean `{}`?", word, *meant);
    return fmt::format("there is no code `{}`: `lotmesh explain` alone lists them all", word);
}

}  // namespace

ExplainExit explain(const ExplainOptions& options, std::ostream& out, std::ostream& error) {
    std::vector<diag::Code> codes;
    for (const std::string& word : options.codes) {
        const std::optional<diag::Code> code = diag::parse_code(word);
        if (!code) {
            error << "lotmesh explain: " << unknown_code(word) << "\n";
            return ExplainExit::UnknownCode;
        }
        codes.push_back(*code);
    }
    if (codes.empty()) out << render_code_list();
    for (std::size_t i = 0; i < codes.size(); ++i)
        out << (i == 0 ? "" : "\n") << render_page(codes[i]);
    return ExplainExit::Explained;
}

int run_explain(const ExplainOptions& options) {
    return static_cast<int>(explain(options, std::cout, std::cerr));
}

}  // namespace lotmesh::tool
