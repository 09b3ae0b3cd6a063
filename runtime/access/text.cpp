#include "runtime/access/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/topic.h"
#include "runtime/access/limits.h"
#include "runtime/access/pattern.h"
#include "runtime/access/vocabulary.h"

namespace lotmesh::access {

namespace {

constexpr std::array<std::string_view, 3> kFirstWords = {"allow", "deny", "group"};

struct SubjectWord {
    std::string_view word;
    SubjectKind kind;
    bool named;
};
constexpr SubjectWord kSubjectWords[] = {
    {"user", SubjectKind::User, true},
    {"client", SubjectKind::Client, true},
    {"group", SubjectKind::Group, true},
    {"listener", SubjectKind::Listener, true},
    {"anonymous", SubjectKind::Anonymous, false},
    {"anybody", SubjectKind::Anybody, false},
};

struct ActionWord {
    std::string_view word;
    ActionSet actions;
};

std::vector<ActionWord> action_words() {
    std::vector<ActionWord> words = {{"read", kRead}, {"write", kWrite}};
    for (const Action action : kActions)
        words.push_back({to_string(action), {action}});
    return words;
}

const SubjectWord* find_subject(std::string_view word) {
    const auto* const found = std::ranges::find(kSubjectWords, word, &SubjectWord::word);
    return found == std::end(kSubjectWords) ? nullptr : found;
}

// What is wrong with a topic for these actions; nothing where it is right.
std::optional<std::string> complaint_about(std::string_view topic, ActionSet actions) {
    if (auto complaint = complaint_about_filter(topic)) return complaint;
    for (const std::string_view level : TopicLevels(topic))
        for (const std::string_view placeholder : {kUserPlaceholder, kClientPlaceholder})
            if (level != placeholder && level.find(placeholder) != std::string_view::npos)
                return fmt::format("{} must be a level of its own, as in plant/{}/#", placeholder,
                                   placeholder);
    const bool is_sys = is_sys_topic(topic);
    if (actions.has(Action::Sys) && !is_sys)
        return "sys is about topics below $SYS; write read or write for others";
    if (is_sys && actions != ActionSet{Action::Sys})
        return "what is below $SYS is for the action sys, and for no other";
    return std::nullopt;
}

class Reader {
public:
    explicit Reader(std::string_view text) : lines_(lines_of(text, mistakes_)) {}

    Result<Rules, std::vector<Mistake>> read() {
        for (const Line& line : lines_)
            read_line(line);
        if (mistakes_.empty()) add_faults(rules_, lines_, mistakes_);
        if (!mistakes_.empty()) return failure(mistakes_.take());
        return std::move(rules_);
    }

private:
    void read_line(const Line& line) {
        Words words(line);
        const auto first = words.next(mistakes_);
        if (!first) return;
        if (first->text == "group") return read_group(words);
        if (first->text == "allow" || first->text == "deny")
            return read_rule(words, first->text == "allow" ? Verdict::Allow : Verdict::Deny);
        mistakes_.add(
            line, first->at,
            unknown_word(first->text, "allow, deny or group, which begin a line", kFirstWords));
    }

    void read_group(Words& words) {
        Group group{.line = words.line().number};
        const auto name = read_name(words, "the name of the group", "=");
        if (!name) return;
        group.name = *name;
        if (!words.skip('=')) {
            mistakes_.add(
                words.line(), words.at(),
                "here should be = and who is in the group, as in `group staff = ada, bob`");
            return;
        }
        while (!words.at_end()) {
            const auto member = read_name(words, "the name of a user", ",");
            if (!member) return;
            group.members.push_back(*member);
            if (words.at_end()) break;
            if (!words.skip(',')) return complain(words, "here should be a comma");
            if (words.at_end()) return complain(words, "here should be the name of a user");
        }
        rules_.groups.push_back(std::move(group));
    }

    void read_rule(Words& words, Verdict verdict) {
        Rule rule{.verdict = verdict, .line = words.line().number};
        if (!read_who(words, rule.who)) return;
        const std::size_t actions_at = words.at();
        if (!read_actions(words, rule.actions)) return;
        if (!read_topic(words, rule, actions_at)) return;
        rules_.rules.push_back(std::move(rule));
    }

    bool read_who(Words& words, std::vector<Subject>& who) {
        while (true) {
            Words ahead = words;
            const auto word = ahead.next(mistakes_);
            if (!word) return false;
            const SubjectWord* const known = word->quoted ? nullptr : find_subject(word->text);
            if (!known && who.empty()) {
                mistakes_.add(words.line(), word->at, unknown_subject(word->text));
                return false;
            }
            if (!known) return true;
            words = ahead;
            Subject subject{known->kind, {}};
            if (known->named) {
                const auto name = read_name(words, fmt::format("the name of the {}", known->word));
                if (!name) return false;
                subject.name = *name;
            }
            if (!add_subject(words, word->at, who, std::move(subject))) return false;
        }
    }

    bool add_subject(const Words& words, std::size_t at, std::vector<Subject>& who,
                     Subject subject) {
        if (who.size() == kSubjectsMax) {
            mistakes_.add(
                words.line(), at,
                fmt::format("a rule has at most {} words for who is meant", kSubjectsMax));
            return false;
        }
        if (subject.kind != SubjectKind::Group &&
            std::ranges::find(who, subject.kind, &Subject::kind) != who.end()) {
            mistakes_.add(words.line(), at,
                          "nobody is both; write a rule for each, or make a group of users");
            return false;
        }
        who.push_back(std::move(subject));
        return true;
    }

    bool read_actions(Words& words, ActionSet& actions) {
        static const std::vector<ActionWord> kWords = action_words();
        do {
            const auto word = words.next(mistakes_, ",");
            if (!word) return false;
            const auto known = std::ranges::find(kWords, word->text, &ActionWord::word);
            if (known == kWords.end() || word->quoted) {
                mistakes_.add(words.line(), word->at, unknown_action(word->text));
                return false;
            }
            actions.add(known->actions);
        } while (words.skip(','));
        return true;
    }

    bool read_topic(Words& words, Rule& rule, std::size_t actions_at) {
        ActionSet about_topics;
        for (const Action action : kActions)
            if (rule.actions.has(action) && has_topic(action)) about_topics.add(action);
        if (!about_topics.empty() && about_topics != rule.actions) {
            mistakes_.add(words.line(), actions_at,
                          "connect, admin and cluster are about no topic; write a rule of their "
                          "own for them");
            return false;
        }
        const std::size_t at = words.at();
        if (about_topics.empty()) {
            if (words.at_end()) return true;
            mistakes_.add(words.line(), at,
                          "this action is about no topic, and a comment needs a line of its own; "
                          "end the line here");
            return false;
        }
        const auto topic = words.next(mistakes_);
        if (!topic) return false;
        if (topic->text.empty()) {
            mistakes_.add(words.line(), at, "here should be a topic filter; # is for all topics");
            return false;
        }
        if (!words.at_end()) {
            mistakes_.add(words.line(), words.at(),
                          "a rule ends behind its topic; a topic with blanks in it needs \" "
                          "around it, a comment a line of its own");
            return false;
        }
        if (const auto complaint = complaint_about(topic->text, rule.actions)) {
            mistakes_.add(words.line(), topic->at, *complaint);
            return false;
        }
        rule.topic = topic->text;
        return true;
    }

    std::optional<std::string> read_name(Words& words, std::string_view what,
                                         std::string_view ends = {}) {
        auto word = words.next(mistakes_, ends);
        if (!word) return std::nullopt;
        if (word->text.empty()) {
            mistakes_.add(words.line(), word->at, fmt::format("here should be {}", what));
            return std::nullopt;
        }
        return std::move(word->text);
    }

    static std::string unknown_subject(std::string_view word) {
        std::vector<std::string_view> known;
        known.reserve(std::size(kSubjectWords));
        for (const SubjectWord& subject : kSubjectWords)
            known.push_back(subject.word);
        return unknown_word(
            word, "who is meant: user, client, group, listener, anonymous or anybody", known);
    }

    static std::string unknown_action(std::string_view word) {
        std::vector<std::string_view> known;
        for (const ActionWord& action : action_words())
            known.push_back(action.word);
        return unknown_word(word,
                            "an action: read, write, connect, publish, subscribe, receive, retain, "
                            "will, sys, admin or cluster",
                            known);
    }

    void complain(Words& words, std::string what) {
        mistakes_.add(words.line(), words.at(), std::move(what));
    }

    Mistakes mistakes_;
    std::vector<Line> lines_;
    Rules rules_;
};

}  // namespace

Result<Rules, std::vector<Mistake>> read_rules(std::string_view text) {
    return Reader(text).read();
}

}  // namespace lotmesh::access
