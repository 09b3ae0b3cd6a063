#include "runtime/server/count_topics.h"

#include <utility>

namespace lotmesh::server {

namespace {

constexpr Duration kInterval = Duration::seconds(10);

}  // namespace

CountTopics::CountTopics(net::Loop& loop, Publish publish, std::function<Counts()> read)
    : publish_(std::move(publish)), read_(std::move(read)), timer_(loop, [this] { look(); }) {
    look();
}

void CountTopics::look() {
    timer_.start_in(kInterval);
    Counts counts = read_();
    for (const auto& [topic, count] : counts)
        if (const auto said = said_.find(topic); said == said_.end() || said->second != count)
            publish_(topic, std::to_string(count));
    said_ = std::move(counts);
}

}  // namespace lotmesh::server
