// The lotmesh binary: one word chooses the command, each command has a file of its own.

#include <cstdio>
#include <exception>

#include "base/assert.h"
#include "runtime/net/allocator.h"
#include "runtime/server/memory_reserve.h"
#include "tools/lotmesh/command_line.h"

namespace {

using namespace lotmesh;
using namespace lotmesh::tool;

int run(const Finish& finish) {
    std::fputs(finish.output.c_str(), stdout);
    if (!finish.error.empty()) std::fprintf(stderr, "%s\n", finish.error.c_str());
    return finish.exit_code;
}

// No command line is one.
int run(const CommandInfo&) { UNREACHABLE(); }
int run(const ServeOptions& options) { return run_serve(options); }
int run(const LintOptions& options) { return run_lint(options); }
int run(const FmtOptions& options) { return run_fmt(options); }
int run(const ExplainOptions& options) { return run_explain(options); }
int run(const GraphOptions& options) { return run_graph(options); }
int run(const TraceOptions& options) { return run_trace(options); }
int run(const StatusOptions& options) { return run_status(options); }
int run(const PlanOptions& options) { return run_plan(options); }
int run(const ApplyOptions& options) { return run_apply(options); }
int run(const RollbackOptions& options) { return run_rollback(options); }
int run(const ConfirmOptions& options) { return run_confirm(options); }
int run(const HistoryOptions& options) { return run_history(options); }
int run(const PasswdOptions& options) { return run_passwd(options); }
int run(const NewClusterOptions& options) { return run_new_cluster(options); }
int run(const AclOptions& options) { return run_acl(options); }
int run(const ImportAclOptions& options) { return run_import_acl(options); }

}  // namespace

int main(int argc, char** argv) {
    net::share_new_handler();
    if (!server::keep_memory_reserve()) {
        std::fputs("lotmesh: there is not enough memory to start\n", stderr);
        return server::kExitOutOfMemory;
    }
    try {
        const std::vector<std::string> words(argv + 1, argv + argc);
        return std::visit([](const auto& command) { return run(command); },
                          parse_command_line(words));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "lotmesh: %s\n", error.what());
        return kExitConfig;
    }
}
