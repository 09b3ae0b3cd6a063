#include "base/slot_map.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace lotmesh;

TEST_CASE("a handle finds its value until it is erased") {
    SlotMap<std::string> map;
    const SlotHandle a = map.insert("a");
    const SlotHandle b = map.insert("b");
    REQUIRE(map.find(a) != nullptr);
    CHECK(*map.find(a) == "a");
    CHECK(map.erase(a));
    CHECK(map.find(a) == nullptr);
    CHECK(*map.find(b) == "b");
    CHECK(map.size() == 1);
}

TEST_CASE("a default handle finds nothing and says so") {
    SlotMap<int> map;
    CHECK(map.find(SlotHandle{}) == nullptr);
    map.insert(1);
    CHECK(map.find(SlotHandle{}) == nullptr);
    CHECK_FALSE(map.erase(SlotHandle{}));
    CHECK_FALSE(static_cast<bool>(SlotHandle{}));
}

TEST_CASE("a stale handle finds nothing although its slot is in use again") {
    SlotMap<int> map;
    const SlotHandle old_handle = map.insert(1);
    map.erase(old_handle);
    const SlotHandle new_handle = map.insert(2);
    CHECK(new_handle.index == old_handle.index);
    CHECK(new_handle != old_handle);
    CHECK(map.find(old_handle) == nullptr);
    CHECK_FALSE(map.erase(old_handle));
    CHECK(*map.find(new_handle) == 2);
}

TEST_CASE("a handle from beyond the map finds nothing") {
    const SlotMap<int> map;
    CHECK(map.find({1000, 1}) == nullptr);
}

TEST_CASE("values are visited in the order of their slots, without the erased ones") {
    SlotMap<int> map;
    map.insert(0);
    const SlotHandle gone = map.insert(1);
    map.insert(2);
    map.erase(gone);
    std::vector<int> seen;
    map.for_each([&](SlotHandle handle, int& value) {
        CHECK(*map.find(handle) == value);
        seen.push_back(value);
    });
    CHECK(seen == std::vector<int>{0, 2});
}

TEST_CASE("erasing destroys the value at once") {
    SlotMap<std::shared_ptr<int>> map;
    const auto value = std::make_shared<int>(1);
    const SlotHandle handle = map.insert(value);
    CHECK(value.use_count() == 2);
    map.erase(handle);
    CHECK(value.use_count() == 1);
}
