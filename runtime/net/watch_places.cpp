#include "runtime/net/watch_places.h"

#include <vector>

namespace lotmesh::net {

namespace fs = std::filesystem;

namespace {

// As the kernel: a path with more of them leads nowhere.
constexpr std::size_t kLinksPerPathMax = 40;

class Collector {
public:
    WatchPlaces take(const fs::path& path) {
        const fs::path real = follow(path);
        std::error_code error;
        places_.exists = fs::exists(real, error);
        if (fs::is_directory(real, error)) take_folder(real);
        return std::move(places_);
    }

private:
    fs::path follow(const fs::path& path);
    void take_folder(const fs::path& folder);

    WatchPlaces places_;
    std::size_t links_ = 0;
};

// Returns where the path leads, free of links as far as it exists.
fs::path Collector::follow(const fs::path& path) {
    const auto backwards = [](const fs::path& of) {
        std::vector<fs::path> parts(of.begin(), of.end());
        return std::vector<fs::path>(parts.rbegin(), parts.rend());
    };
    std::vector<fs::path> rest = backwards(path);
    fs::path real = "/";
    std::size_t links = 0;
    while (!rest.empty()) {
        const fs::path name = std::move(rest.back());
        rest.pop_back();
        std::error_code error;
        if (name.empty() || name == ".") continue;
        if (name == "..") {
            real = real.parent_path();
        } else if (name == "/") {
            real = name;
        } else if (fs::is_symlink(real / name, error) && links < kLinksPerPathMax) {
            places_.folders[real].insert(name);
            ++links;
            for (fs::path& part : backwards(fs::read_symlink(real / name, error)))
                rest.push_back(std::move(part));
        } else {
            real /= name;
        }
    }
    places_.folders[real.parent_path()].insert(real.filename());
    links_ += links;
    return real;
}

void Collector::take_folder(const fs::path& folder) {
    places_.folders[folder].insert("");
    std::error_code error;
    for (fs::directory_iterator item(folder, error), end; !error && item != end;
         item.increment(error)) {
        std::error_code unknown;
        if (!item->is_symlink(unknown)) continue;
        places_.complete = places_.complete && links_ < kWatchedLinksMax;
        if (places_.complete) follow(item->path());
    }
    if (error) places_.complete = false;
}

}  // namespace

WatchPlaces watch_places(const fs::path& path) { return Collector{}.take(path); }

}  // namespace lotmesh::net
