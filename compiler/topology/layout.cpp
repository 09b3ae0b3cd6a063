#include "compiler/topology/layout.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lotmesh::topology {

namespace {

constexpr double kGap = 56;          // between boxes
constexpr double kStretch = 1.35;    // boxes are wider than they are high, so is the circle
constexpr double kDenseShare = 0.7;  // of all pairs
constexpr double kRowWidth = 1200;   // of parts side by side
constexpr std::size_t kRelaxSteps = 2000;
constexpr std::size_t kRelaxStepsLarge = 20;
constexpr std::size_t kLarge = 200;
constexpr std::size_t kPushSteps = 200;

using Neighbours = std::vector<std::vector<std::size_t>>;

// Neighbours one behind the other as far as possible, so that a ring is a ring.
std::vector<std::size_t> walk(const Neighbours& neighbours) {
    std::vector<std::size_t> order;
    std::vector<bool> seen(neighbours.size());
    std::vector<std::size_t> starts(neighbours.size());
    for (std::size_t i = 0; i < starts.size(); ++i)
        starts[i] = i;
    // The end of a chain before its middle.
    std::ranges::stable_sort(starts, {}, [&](std::size_t i) { return neighbours[i].size(); });
    for (const std::size_t start : starts) {
        std::vector<std::size_t> next = {start};
        while (!next.empty()) {
            const std::size_t node = next.back();
            next.pop_back();
            if (seen[node]) continue;
            seen[node] = true;
            order.push_back(node);
            for (auto other = neighbours[node].rbegin(); other != neighbours[node].rend(); ++other)
                if (!seen[*other]) next.push_back(*other);
        }
    }
    return order;
}

void put_in_circle(std::vector<Box>& boxes, const std::vector<std::size_t>& order, double length) {
    const auto count = static_cast<double>(order.size());
    if (order.size() < 2) return;
    const double radius = length / 2 / std::sin(std::numbers::pi / count);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const double angle =
            2 * std::numbers::pi * static_cast<double>(i) / count - std::numbers::pi / 2;
        boxes[order[i]].x = radius * kStretch * std::cos(angle);
        boxes[order[i]].y = radius * std::sin(angle);
    }
}

// How many lines lie between two boxes of one part.
std::vector<std::vector<double>> distances(const Neighbours& neighbours) {
    const std::size_t count = neighbours.size();
    std::vector<std::vector<double>> result(count, std::vector<double>(count));
    for (std::size_t start = 0; start < count; ++start) {
        std::vector<bool> seen(count);
        std::vector<std::pair<std::size_t, double>> queue = {{start, 0}};
        seen[start] = true;
        for (std::size_t i = 0; i < queue.size(); ++i) {
            const auto [node, distance] = queue[i];
            result[start][node] = distance;
            for (const std::size_t other : neighbours[node])
                if (!seen[other]) {
                    seen[other] = true;
                    queue.emplace_back(other, distance + 1);
                }
        }
    }
    return result;
}

// Stress majorisation: each box goes where its distances to all others would have it.
void relax(std::vector<Box>& boxes, const std::vector<std::vector<double>>& wanted,
           double line_length) {
    const std::size_t steps = boxes.size() > kLarge ? kRelaxStepsLarge : kRelaxSteps;
    for (std::size_t step = 0; step < steps; ++step) {
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            double x = 0;
            double y = 0;
            double weights = 0;
            for (std::size_t j = 0; j < boxes.size(); ++j) {
                if (i == j) continue;
                const double length = wanted[i][j] * line_length;
                const double dx = boxes[i].x - boxes[j].x;
                const double dy = boxes[i].y - boxes[j].y;
                const double now = std::max(std::hypot(dx, dy), 1.0);
                const double weight = 1 / (wanted[i][j] * wanted[i][j]);
                x += weight * (boxes[j].x + dx * length / now);
                y += weight * (boxes[j].y + dy * length / now);
                weights += weight;
            }
            if (weights > 0) {
                boxes[i].x = x / weights;
                boxes[i].y = y / weights;
            }
        }
    }
}

// Pushes two boxes apart on the axis where less is to do. Whether it had to.
bool push_apart(Box& one, Box& two) {
    const double x = (one.width + two.width) / 2 + kGap - std::abs(one.x - two.x);
    const double y = (one.height + two.height) / 2 + kGap - std::abs(one.y - two.y);
    if (x <= 0 || y <= 0) return false;
    double& first = x < y ? one.x : one.y;
    double& second = x < y ? two.x : two.y;
    const double half = std::min(x, y) / 2 * (first < second ? 1 : -1);
    first -= half;
    second += half;
    return true;
}

void remove_overlaps(std::vector<Box>& boxes) {
    for (std::size_t step = 0; step < kPushSteps; ++step) {
        bool pushed = false;
        for (std::size_t i = 0; i < boxes.size(); ++i)
            for (std::size_t j = i + 1; j < boxes.size(); ++j)
                pushed = push_apart(boxes[i], boxes[j]) || pushed;
        if (!pushed) return;
    }
}

// The longest axis lies flat, as screens do, and the first box is on the left.
void lay_flat(std::vector<Box>& boxes) {
    double xx = 0;
    double yy = 0;
    double xy = 0;
    double x = 0;
    double y = 0;
    for (const Box& box : boxes) {
        x += box.x / static_cast<double>(boxes.size());
        y += box.y / static_cast<double>(boxes.size());
    }
    for (const Box& box : boxes) {
        xx += (box.x - x) * (box.x - x);
        yy += (box.y - y) * (box.y - y);
        xy += (box.x - x) * (box.y - y);
    }
    // About as wide as high: leave it.
    if (std::abs(xx - yy) < 0.1 * (xx + yy) && std::abs(xy) < 0.1 * (xx + yy)) return;
    const double angle = std::atan2(2 * xy, xx - yy) / 2;
    for (Box& box : boxes) {
        const double dx = box.x - x;
        const double dy = box.y - y;
        box.x = dx * std::cos(angle) + dy * std::sin(angle);
        box.y = dy * std::cos(angle) - dx * std::sin(angle);
    }
    if (boxes.front().x <= 0) return;
    for (Box& box : boxes)
        box.x = -box.x;
}

void put_in_line(std::vector<Box>& boxes, const std::vector<std::size_t>& order, double length) {
    for (std::size_t i = 0; i < order.size(); ++i)
        boxes[order[i]].x = static_cast<double>(i) * length;
    remove_overlaps(boxes);
}

void arrange_part(std::vector<Box>& boxes, const Neighbours& neighbours, double length) {
    std::size_t ends = 0;
    std::size_t most = 0;
    for (const std::vector<std::size_t>& list : neighbours) {
        ends += list.size();
        most = std::max(most, list.size());
    }
    if (most <= 2 && ends < 2 * boxes.size()) return put_in_line(boxes, walk(neighbours), length);
    put_in_circle(boxes, walk(neighbours), length);
    const auto pairs = static_cast<double>(boxes.size() * (boxes.size() - 1)) / 2;
    const bool dense = static_cast<double>(ends) / 2 > kDenseShare * pairs;
    if (!dense) relax(boxes, distances(neighbours), length);
    if (!dense) lay_flat(boxes);
    remove_overlaps(boxes);
}

// Puts a part to the right of `at`, or below the row that is full.
class Rows {
public:
    void add(std::vector<Box>& part) {
        double left = part.front().x;
        double right = left;
        double top = part.front().y;
        double bottom = top;
        for (const Box& box : part) {
            left = std::min(left, box.x - box.width / 2);
            right = std::max(right, box.x + box.width / 2);
            top = std::min(top, box.y - box.height / 2);
            bottom = std::max(bottom, box.y + box.height / 2);
        }
        if (x_ > 0 && x_ + right - left > kRowWidth) {
            x_ = 0;
            y_ += height_ + kGap;
            height_ = 0;
        }
        for (Box& box : part) {
            box.x += x_ - left;
            box.y += y_ - top;
        }
        x_ += right - left + kGap;
        height_ = std::max(height_, bottom - top);
    }

private:
    double x_ = 0;
    double y_ = 0;
    double height_ = 0;
};

// What hangs together with a box, in order.
std::vector<std::size_t> part_of(const Neighbours& neighbours, std::size_t first) {
    std::vector<std::size_t> part = {first};
    for (std::size_t i = 0; i < part.size(); ++i)
        for (const std::size_t other : neighbours[part[i]])
            if (std::ranges::find(part, other) == part.end()) part.push_back(other);
    std::ranges::sort(part);
    return part;
}

}  // namespace

void arrange(std::vector<Box>& boxes, const std::vector<std::pair<std::size_t, std::size_t>>& lines,
             double length) {
    Neighbours neighbours(boxes.size());
    for (const auto& [from, to] : lines) {
        if (from == to) continue;
        neighbours[from].push_back(to);
        neighbours[to].push_back(from);
    }
    std::vector<std::size_t> place(boxes.size());  // within its part
    std::vector<bool> done(boxes.size());
    Rows rows;
    for (std::size_t first = 0; first < boxes.size(); ++first) {
        if (done[first]) continue;
        const std::vector<std::size_t> part = part_of(neighbours, first);
        std::vector<Box> of_part;
        for (const std::size_t node : part) {
            place[node] = of_part.size();
            of_part.push_back(boxes[node]);
            done[node] = true;
        }
        Neighbours within(part.size());
        for (const std::size_t node : part)
            for (const std::size_t other : neighbours[node])
                within[place[node]].push_back(place[other]);
        arrange_part(of_part, within, length);
        rows.add(of_part);
        for (const std::size_t node : part)
            boxes[node] = of_part[place[node]];
    }
}

}  // namespace lotmesh::topology
