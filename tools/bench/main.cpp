// lotmesh-bench: exit 0 where nothing was lost, duplicated or reordered, 1 where something was, 2
// where the run could not be done, 78 for a bad option.
#include <cstdio>

#include "tools/bench/options.h"
#include "tools/bench/run.h"

int main(int argc, char** argv) {
    using namespace lotmesh::bench;
    const Options options = parse_options(argc, argv);
    Run run(options);
    const auto report = run.execute();
    if (!report) {
        std::fprintf(stderr, "lotmesh-bench: %s\n", report.error().c_str());
        return 2;
    }
    const std::string text = options.json ? to_json(*report, options) : to_text(*report, options);
    std::fputs(text.c_str(), stdout);
    return good(*report, options.qos) ? 0 : 1;
}
