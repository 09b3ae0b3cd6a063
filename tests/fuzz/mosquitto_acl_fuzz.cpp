// Any bytes as mosquitto's acl_file: there are rules or mistakes, with places inside of the text;
// and the rules can be written as a file of ours.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "runtime/access/limits.h"
#include "runtime/access/mosquitto.h"
#include "runtime/access/print.h"
#include "runtime/access/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lotmesh;
    using namespace lotmesh::access;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto rules = read_mosquitto_acl(text);
    if (!rules) {
        const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
        ASSERT(!rules.error().empty() && rules.error().size() <= kMistakesMax);
        for (const Mistake& mistake : rules.error())
            ASSERT(mistake.line >= 1 && mistake.line <= lines && mistake.column >= 1 &&
                   !mistake.what.empty());
        return 0;
    }
    ASSERT(faults_of(*rules).empty());
    const auto ours = read_rules(to_string(*rules));
    ASSERT(ours && ours->rules.size() == rules->rules.size());
    for (std::size_t i = 0; i < ours->rules.size(); ++i) {
        Rule expected = rules->rules[i];
        expected.line = ours->rules[i].line;
        ASSERT(ours->rules[i] == expected);
    }
    return 0;
}
