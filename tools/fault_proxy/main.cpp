// lotmesh-fault-proxy: a TCP proxy that misbehaves on command. Commands: see fault.h.
// Prints `listening on HOST:PORT`; runs until SIGINT or SIGTERM. 78 for a bad option, 1 where a
// socket could not be opened.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "runtime/net/signals.h"
#include "tools/fault_proxy/proxy.h"

namespace {

constexpr int kExitBadOption = 78;

}  // namespace

int main(int argc, char** argv) {
    lotmesh::fault_proxy::ProxyOptions options;
    CLI::App app{"TCP proxy that delays, freezes, cuts and spoils on command"};
    app.add_option("--listen", options.listen, "HOST:PORT, port 0 for any")->required();
    app.add_option("--target", options.target, "HOST:PORT")->required();
    app.add_option("--control", options.control, "path of the control socket")->required();
    app.add_option("--seed", options.seed, "of the jitter");
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        std::fputs(app.help().c_str(), stdout);
        return 0;
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "lotmesh-fault-proxy: %s\n", error.what());
        return kExitBadOption;
    }
    lotmesh::net::ignore_broken_pipes();
    lotmesh::fault_proxy::Proxy proxy(options);
    if (const auto opened = proxy.open(); !opened) {
        std::fprintf(stderr, "lotmesh-fault-proxy: %s\n", opened.error().c_str());
        return 1;
    }
    const std::string host = options.listen.substr(0, options.listen.rfind(':'));
    std::printf("listening on %s:%u\n", host.c_str(), static_cast<unsigned>(proxy.port()));
    std::fflush(stdout);
    proxy.run();
    return 0;
}
