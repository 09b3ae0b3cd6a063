// lotmesh-bench: exit 0 where nothing was lost, duplicated or reordered, 1 where something was, 2
// where the run could not be done, 78 for a bad option.
#include <cstdio>

#include "tools/bench/options.h"
#include "tools/bench/run.h"

int main(int argc, char** argv) {
    using lotmesh::bench::Options;
    const Options options = lotmesh::bench::parse_options(argc, argv);
    lotmesh::bench::Run run(options);
    const auto report = run.execute();
    if (!report) {
        std::fprintf(stderr, "lotmesh-bench: %s\n", report.error().c_str());
        return 2;
    }
    const std::string text = options.json ? lotmesh::bench::to_json(*report, options)
                                          : lotmesh::bench::to_text(*report, options);
    std::fputs(text.c_str(), stdout);
    return lotmesh::bench::good(*report, options.qos) ? 0 : 1;
}
