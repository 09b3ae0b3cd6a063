#include "runtime/access/print.h"

#include <string_view>

#include "base/assert.h"

namespace lotmesh::access {

namespace {

std::string_view word_of(SubjectKind kind) {
    switch (kind) {
        case SubjectKind::User: return "user";
        case SubjectKind::Client: return "client";
        case SubjectKind::Group: return "group";
        case SubjectKind::Listener: return "listener";
        case SubjectKind::Anonymous: return "anonymous";
        case SubjectKind::Anybody: return "anybody";
    }
    UNREACHABLE();
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

// In quotes only where it would be read as something else without them.
std::string name_text(std::string_view name) {
    const bool plain = name.find_first_of(" \t,=") == std::string_view::npos &&
                       !name.starts_with('"') && !name.empty();
    return plain ? std::string(name) : quoted(name);
}

std::string topic_text(std::string_view topic) {
    // A comma at first would be read as one of the list of actions before it.
    const bool plain = topic.find_first_of(" \t") == std::string_view::npos &&
                       !topic.starts_with('"') && !topic.starts_with(',');
    return plain ? std::string(topic) : quoted(topic);
}

void append_word(std::string& words, std::string_view word) {
    if (!words.empty()) words += ',';
    words += word;
}

std::string actions_text(ActionSet actions) {
    std::string words;
    if (actions.has_all(kRead)) {
        append_word(words, "read");
        actions.remove(kRead);
    }
    if (actions.has_all(kWrite)) {
        append_word(words, "write");
        actions.remove(kWrite);
    }
    for (const Action action : kActions)
        if (actions.has(action)) append_word(words, to_string(action));
    return words;
}

}  // namespace

std::string to_string(const Subject& subject) {
    std::string text(word_of(subject.kind));
    if (!subject.name.empty()) text += " " + name_text(subject.name);
    return text;
}

std::string to_string(const Rule& rule) {
    std::string text = rule.verdict == Verdict::Allow ? "allow" : "deny";
    if (!rule.name.empty()) text = "rule " + rule.name + ": " + text;
    if (rule.when.empty())
        for (const Subject& subject : rule.who)
            text += " " + to_string(subject);
    text += " " + actions_text(rule.actions);
    if (!rule.topic.empty()) text += " " + topic_text(rule.topic);
    return text;
}

std::string to_string(const Group& group) {
    std::string members;
    for (const std::string& member : group.members)
        members += (members.empty() ? " " : ", ") + name_text(member);
    return "group " + name_text(group.name) + " =" + members;
}

std::string to_string(const Rules& rules) {
    std::string text;
    for (const Group& group : rules.groups)
        text += to_string(group) + '\n';
    for (const Rule& rule : rules.rules)
        text += to_string(rule) + '\n';
    return text;
}

}  // namespace lotmesh::access
