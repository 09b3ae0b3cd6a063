#include "runtime/access/mosquitto.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "base/topic.h"
#include "runtime/access/pattern.h"
#include "runtime/access/vocabulary.h"

namespace lotmesh::access {

namespace {

constexpr std::array<std::string_view, 3> kFirstWords = {"user", "topic", "pattern"};
constexpr std::array<std::string_view, 4> kAccessWords = {"read", "write", "readwrite", "deny"};

constexpr ActionSet kReadWrite = {Action::Subscribe, Action::Receive, Action::Publish,
                                  Action::Retain, Action::Will};
// mosquitto grants each SUBSCRIBE, denied topics or not.
constexpr ActionSet kDenied = {Action::Receive, Action::Publish, Action::Retain, Action::Will};

// Rules about the same people. Denials come first, wherever they stand.
struct Section {
    Subject who;
    std::vector<Rule> denied = {};
    std::vector<Rule> allowed = {};

    void move_into(std::vector<Rule>& rules) {
        std::ranges::move(denied, std::back_inserter(rules));
        std::ranges::move(allowed, std::back_inserter(rules));
    }
};

class Reader {
public:
    explicit Reader(std::string_view text) : lines_(lines_of(text, mistakes_)) {}

    Result<Rules, std::vector<Mistake>> read() {
        for (const Line& line : lines_)
            read_line(line);
        Rules rules;
        rules.rules.push_back({Verdict::Allow, {Subject{}}, {Action::Connect}});
        for (Section& section : sections_)
            section.move_into(rules.rules);
        patterns_.move_into(rules.rules);
        if (mistakes_.empty()) add_faults(rules, lines_, mistakes_);
        if (!mistakes_.empty()) return failure(mistakes_.take());
        return rules;
    }

private:
    void read_line(const Line& line) {
        // mosquitto parts words by spaces alone: a tab would be of the topic, which nobody means.
        if (const std::size_t tab = line.text.find('\t'); tab != std::string_view::npos)
            return mistakes_.add(line, tab, "there is a tab here; write a space");
        Words words(line);
        const Word first = words.next_plain();
        if (first.text == "user") return read_user(words);
        if (first.text == "topic") return read_topic(words, current(), false);
        if (first.text == "pattern") return read_topic(words, patterns_, true);
        mistakes_.add(line, first.at,
                      unknown_word(first.text, "user, topic or pattern", kFirstWords));
    }

    void read_user(Words& words) {
        const Word name = words.rest();
        if (name.text.empty())
            return mistakes_.add(words.line(), name.at, "here should be the name of a user");
        user_ = {SubjectKind::User, name.text};
    }

    void read_topic(Words& words, Section& section, bool is_pattern) {
        Words ahead = words;
        const Word access = ahead.next_plain();
        Word topic = ahead.rest();
        ActionSet actions = kReadWrite;
        bool denies = false;
        if (topic.text.empty()) {
            topic = access;
        } else if (access.text == "read") {
            actions = kRead;
        } else if (access.text == "write") {
            actions = kWrite;
        } else if (access.text == "deny") {
            denies = true;
            actions = kDenied;
        } else if (access.text != "readwrite") {
            mistakes_.add(
                words.line(), access.at,
                unknown_word(access.text, "read, write, readwrite or deny", kAccessWords));
            return;
        }
        if (const auto complaint = complaint_about(topic.text, is_pattern))
            return mistakes_.add(words.line(), topic.at, *complaint);
        if (is_sys_topic(topic.text)) {
            if (!denies && actions != kRead)
                return mistakes_.add(words.line(), topic.at,
                                     "nobody publishes below $SYS here; write `read` before the "
                                     "topic, or leave the line out");
            actions = {Action::Sys};
        }
        std::vector<Rule>& rules = denies ? section.denied : section.allowed;
        rules.push_back({denies ? Verdict::Deny : Verdict::Allow,
                         {section.who},
                         actions,
                         std::move(topic.text),
                         words.line().number});
    }

    static std::optional<std::string> complaint_about(std::string_view topic, bool is_pattern) {
        if (topic.empty()) return "here should be a topic";
        if (auto complaint = complaint_about_filter(topic)) return complaint;
        for (const std::string_view level : TopicLevels(topic))
            for (const std::string_view placeholder : {kUserPlaceholder, kClientPlaceholder}) {
                if (level.find(placeholder) == std::string_view::npos) continue;
                if (level != placeholder)
                    return fmt::format("{} is within a level; here it must be a level of its own",
                                       placeholder);
                if (!is_pattern)
                    return fmt::format(
                        "{} is taken literally in a topic line, which cannot be "
                        "said here; is a pattern line meant?",
                        placeholder);
            }
        return std::nullopt;
    }

    // Of the user whose lines these are. A user may come again.
    Section& current() {
        const auto known = std::ranges::find(sections_, user_, &Section::who);
        return known == sections_.end() ? sections_.emplace_back(Section{user_}) : *known;
    }

    Mistakes mistakes_;
    std::vector<Line> lines_;
    Subject user_ = {SubjectKind::Anonymous, {}};
    std::vector<Section> sections_;
    Section patterns_ = {Subject{}};
};

}  // namespace

Result<Rules, std::vector<Mistake>> read_mosquitto_acl(std::string_view text) {
    return Reader(text).read();
}

}  // namespace lotmesh::access
