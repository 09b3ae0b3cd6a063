// A sorted set of small numbers in one block of memory; it costs nothing while it is empty. Owned
// by sessions and connections; what bounds it stands at those who insert.
#pragma once

#include <algorithm>
#include <vector>

namespace lotmesh::broker {

template <typename T>
class SmallSet {
public:
    bool contains(T value) const;
    bool insert(T value);  // false: was there
    bool erase(T value);   // false: was not there
    std::size_t size() const { return values_.size(); }
    bool empty() const { return values_.empty(); }
    const std::vector<T>& values() const { return values_; }

private:
    std::vector<T> values_;
};

template <typename T>
bool SmallSet<T>::contains(T value) const {
    return std::ranges::binary_search(values_, value);
}

template <typename T>
bool SmallSet<T>::insert(T value) {
    const auto at = std::ranges::lower_bound(values_, value);
    if (at != values_.end() && *at == value) return false;
    values_.insert(at, value);
    return true;
}

template <typename T>
bool SmallSet<T>::erase(T value) {
    const auto at = std::ranges::lower_bound(values_, value);
    if (at == values_.end() || *at != value) return false;
    values_.erase(at);
    return true;
}

}  // namespace lotmesh::broker
