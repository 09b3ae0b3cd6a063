#include "runtime/server/route_set.h"

#include <filesystem>
#include <vector>

#include "runtime/server/route_files.h"
#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;
using source::SourceText;

namespace {

struct Fixture {
    TemporaryFolder folder;
    const std::filesystem::path& path = folder.path;

    Fixture() {
        folder.write("a.lot", "one");
        folder.write("b.lot", "two");
        folder.write("notes.txt", "mine");
    }
    bool is_as_before() const {
        return folder.read("a.lot") == "one" && folder.read("b.lot") == "two" &&
               read_routes(path)->size() == 2 && folder.read("notes.txt") == "mine";
    }
};

const std::vector<SourceText> kNew = {{"b.lot", "new"}, {"c.lot", "more"}};

}  // namespace

TEST_CASE("files are replaced, added and removed; others stay") {
    const Fixture f;
    REQUIRE(replace_route_files(f.path, kNew).has_value());
    CHECK(read_routes(f.path)->size() == 2);
    CHECK(f.folder.read("b.lot") == "new");
    CHECK(f.folder.read("c.lot") == "more");
    CHECK(f.folder.read("notes.txt") == "mine");
    CHECK(has_last_good(f.path));
    REQUIRE(drop_last_good(f.path).has_value());
    CHECK_FALSE(has_last_good(f.path));
}

TEST_CASE("what was there comes back, also after several replacements") {
    const Fixture f;
    REQUIRE(replace_route_files(f.path, kNew).has_value());
    REQUIRE(replace_route_files(f.path, {}).has_value());
    CHECK(read_routes(f.path)->empty());
    REQUIRE(take_back_route_files(f.path).has_value());
    CHECK(f.is_as_before());
    CHECK_FALSE(has_last_good(f.path));
}

TEST_CASE("an end in the middle leaves what ran before") {
    const Fixture f;
    // Before the copy was whole: it means nothing, and is no obstacle.
    std::filesystem::create_directory(f.path / ".last-good.new");
    f.folder.write(".last-good.new/a.lot", "half");
    CHECK_FALSE(has_last_good(f.path));
    REQUIRE(replace_route_files(f.path, kNew).has_value());
    // After some files only.
    f.folder.write("a.lot", "half of it");
    std::filesystem::remove(f.path / "b.lot");
    REQUIRE(take_back_route_files(f.path).has_value());
    CHECK(f.is_as_before());
    // While the copy was going.
    std::filesystem::create_directory(f.path / ".last-good.old");
    REQUIRE(drop_last_good(f.path).has_value());
    CHECK_FALSE(std::filesystem::exists(f.path / ".last-good.old"));
}

TEST_CASE("a file that cannot be written is told, and everything can be taken back") {
    const Fixture f;
    std::filesystem::create_directory(f.path / "c.lot.new");
    const auto replaced = replace_route_files(f.path, kNew);
    REQUIRE_FALSE(replaced.has_value());
    CHECK(replaced.error().starts_with("cannot write "));
    REQUIRE(take_back_route_files(f.path).has_value());
    CHECK(f.is_as_before());
}

TEST_CASE("names are plain, each there once, and bounded in number and length") {
    CHECK(check_file_names(kNew).has_value());
    for (const char* name : {"a.txt", ".a.lot", "x/a.lot", "", "../a.lot", ".lot"})
        CHECK_FALSE(check_file_names(std::vector<SourceText>{{name, ""}}).has_value());
    CHECK(check_file_names(std::vector<SourceText>{{std::string(196, 'a') + ".lot", ""}}));
    CHECK_FALSE(check_file_names(std::vector<SourceText>{{std::string(197, 'a') + ".lot", ""}}));
    CHECK_FALSE(check_file_names(std::vector<SourceText>{{"a.lot", ""}, {"a.lot", ""}}));
    std::vector<SourceText> many;
    for (std::size_t i = 0; i < kRouteFilesMax; ++i)
        many.push_back({std::to_string(i) + ".lot", ""});
    CHECK(check_file_names(many).has_value());
    many.push_back({"one_more.lot", ""});
    CHECK_FALSE(check_file_names(many).has_value());
}
