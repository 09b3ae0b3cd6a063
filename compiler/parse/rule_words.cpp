#include "compiler/parse/rule_words.h"

#include <algorithm>
#include <array>
#include <vector>

#include "compiler/diag/suggest.h"
#include "grammar/generated/LotParser.h"

namespace lotmesh::parse {

namespace {

constexpr std::size_t kShortWordMax = 3;

constexpr std::array kWords = {
    RuleWord{kRuleKeyword, LotParser::RULE},
    RuleWord{"FOR", LotParser::FOR},
    RuleWord{"TO", LotParser::TO},
    RuleWord{"TOPIC", LotParser::TOPIC},
    RuleWord{"IF", LotParser::IF},
    RuleWord{"THEN", LotParser::THEN},
    RuleWord{"ELSE", LotParser::ELSE},
    RuleWord{"ALLOW", LotParser::ALLOW},
    RuleWord{"DENY", LotParser::DENY},
    RuleWord{"USER", LotParser::USER},
    RuleWord{"CLIENTID", LotParser::CLIENTID},
    RuleWord{"ANONYMOUS", LotParser::ANONYMOUS},
    RuleWord{"ANYBODY", LotParser::ANYBODY},
    RuleWord{"IS", LotParser::IS},
    RuleWord{"IN", LotParser::IN},
    RuleWord{"GROUP", LotParser::GROUP},
    RuleWord{"HAS", LotParser::HAS},
    RuleWord{"MATCHES", LotParser::MATCHES},
    RuleWord{"REGEX", LotParser::REGEX},
    RuleWord{"AND", LotParser::AND},
    RuleWord{"OR", LotParser::OR},
    RuleWord{"NOT", LotParser::NOT},
    RuleWord{"WITH", LotParser::WITH},
};

std::vector<std::string_view> long_words() {
    std::vector<std::string_view> words;
    words.reserve(kWords.size());
    for (const RuleWord& word : kWords)
        if (word.text.size() > kShortWordMax) words.push_back(word.text);
    return words;
}

}  // namespace

std::optional<RuleWord> find_rule_word(std::string_view text) {
    const auto found = std::ranges::find(kWords, text, &RuleWord::text);
    if (found == kWords.end()) return std::nullopt;
    return *found;
}

std::optional<RuleWord> near_rule_word(std::string_view text) {
    if (const auto same = find_rule_word(diag::upper_case(text))) return same;
    if (text.size() <= kShortWordMax) return std::nullopt;
    static const std::vector<std::string_view> kLongWords = long_words();
    const auto meant = diag::nearest(text, kLongWords);
    return meant ? find_rule_word(*meant) : std::nullopt;
}

std::string_view rule_word_of(std::size_t type) {
    const auto found = std::ranges::find(kWords, type, &RuleWord::type);
    return found == kWords.end() ? std::string_view() : found->text;
}

}  // namespace lotmesh::parse
