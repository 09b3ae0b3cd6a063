#include "tests/unit/compiler/corpus.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/assert.h"

namespace lotmesh::test {

namespace {

constexpr std::array<std::string_view, kSlotCount> kGood = {
    "DEFINE ROUTE R{} WITH TYPE MQTT_CLUSTER",
    "ADD CLUSTER_CONFIG",
    "WITH BROKER_ADDRESS \"n{}.example\"",
    "WITH BROKER_PORT '1883'",
    "WITH CLIENT_ID \"c{}\"",
    "WITH USERNAME \"u{}\"",
    "WITH PASSWORD GET SECRET \"p{}\"",
    "WITH MESSAGE_VALIDITY_SEC '30'",
    "WITH USE_TLS false",
    "WITH KEEPALIVE_SEC '10'",
    "ADD ROUTE_CONFIG",
    "WITH OVERLOAD_POLICY \"balanced\"",
};

// How a file is written, where the language leaves it open.
struct Layout {
    std::string_view indent;
    std::string_view remark;  // behind each good statement
    std::string_view line_end;
    std::string_view mark;  // before the first byte
};

constexpr std::array<Layout, kLayoutCount> kLayouts = {
    Layout{"    ", "", "\n", ""},
    Layout{"\t", "  // as it should be", "\n", ""},
    Layout{"  ", " /* good */", "\r\n", "\xEF\xBB\xBF"},
    Layout{"", " -- good, isn't it?", "\n", ""},
};

using Choice = std::array<const Mistake*, kSlotCount>;

class Writer {
public:
    explicit Writer(std::size_t layout) : layout_(kLayouts[layout]) { file_.text = layout_.mark; }

    void route(std::size_t number, const Choice& choice) {
        for (std::size_t slot = 0; slot < kSlotCount; ++slot) {
            if (const Mistake* const mistake = choice[slot])
                statement(slot, mistake->bad, number, mistake);
            else
                statement(slot, kGood[slot], number, nullptr);
        }
    }

    BrokenFile take() {
        std::ranges::sort(file_.expected);
        return std::move(file_);
    }

private:
    static bool opens_block(std::size_t slot) {
        return slot == static_cast<std::size_t>(Slot::Add) ||
               slot == static_cast<std::size_t>(Slot::AddRouteConfig);
    }

    void statement(std::size_t slot, std::string_view text, std::size_t number,
                   const Mistake* mistake) {
        if (slot == static_cast<std::size_t>(Slot::Add)) add_line_ = line_;
        // What is not there is missing in the block.
        if (text.empty()) return file_.expected.push_back({add_line_, mistake->code});
        if (mistake != nullptr) file_.expected.push_back({line_ + mistake->line, mistake->code});
        const std::size_t depth = slot == 0 ? 0 : opens_block(slot) ? 1 : 2;
        while (true) {
            const std::size_t end = text.find('\n');
            for (std::size_t level = 0; level < depth; ++level)
                file_.text += layout_.indent;
            file_.text += fmt::format(fmt::runtime(text.substr(0, end)), number, number);
            if (mistake == nullptr) file_.text += layout_.remark;
            file_.text += layout_.line_end;
            ++line_;
            if (end == std::string_view::npos) return;
            text.remove_prefix(end + 1);
        }
    }

    const Layout& layout_;
    BrokenFile file_;
    std::size_t line_ = 1;
    std::size_t add_line_ = 0;  // of the route at hand
};

// Which statement has to be good for this one.
std::optional<std::size_t> needed(const Mistake& mistake) {
    switch (mistake.needs) {
        case Needs::Nothing: return std::nullopt;
        case Needs::GoodHead: return static_cast<std::size_t>(Slot::Head);
        case Needs::GoodAdd: return static_cast<std::size_t>(Slot::Add);
        case Needs::GoodNext: return static_cast<std::size_t>(mistake.slot) + 1;
    }
    UNREACHABLE();
}

bool fits(const Mistake& mistake, const Choice& choice) {
    const auto slot = static_cast<std::size_t>(mistake.slot);
    if (choice[slot] != nullptr) return false;
    const std::optional<std::size_t> other = needed(mistake);
    if (other && choice[*other] != nullptr) return false;
    return std::ranges::none_of(choice, [&](const Mistake* present) {
        return present != nullptr && needed(*present) == slot;
    });
}

}  // namespace

BrokenFile file_with(const Mistake& mistake, std::size_t layout) {
    Choice choice{};
    choice[static_cast<std::size_t>(mistake.slot)] = &mistake;
    Writer writer(layout);
    writer.route(1, {});
    writer.route(2, choice);
    writer.route(3, {});
    return writer.take();
}

BrokenFile broken_file(Rng& rng) {
    std::vector<Choice> routes(2 + rng.below(5));
    for (std::size_t left = 2 + rng.below(8); left != 0;) {
        Choice& choice = routes[rng.below(routes.size())];
        const Mistake& mistake = mistakes()[rng.below(mistakes().size())];
        if (!fits(mistake, choice)) continue;
        choice[static_cast<std::size_t>(mistake.slot)] = &mistake;
        --left;
    }
    Writer writer(rng.below(kLayoutCount));
    for (std::size_t number = 0; number < routes.size(); ++number)
        writer.route(number + 1, routes[number]);
    return writer.take();
}

}  // namespace lotmesh::test
