#include "tools/bench/options.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "tools/bench/payload.h"

namespace lotmesh::bench {

namespace {

constexpr int kExitBadOption = 78;

HostPort host_port(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon + 1 == text.size())
        throw CLI::ValidationError(text, "must be HOST:PORT");
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    return {host, text.substr(colon + 1)};
}

void add_load(CLI::App& app, Options& options) {
    static const std::map<std::string, Workload> kWorkloads{
        {"pairs", Workload::Pairs}, {"fanout", Workload::FanOut}, {"fanin", Workload::FanIn}};
    static const std::map<std::string, mqtt::QoS> kQoS{
        {"0", mqtt::QoS::AtMostOnce}, {"1", mqtt::QoS::AtLeastOnce}, {"2", mqtt::QoS::ExactlyOnce}};
    static const std::map<std::string, mqtt::ProtocolVersion> kVersions{
        {"3.1.1", mqtt::ProtocolVersion::V311}, {"5", mqtt::ProtocolVersion::V5}};
    app.add_option("workload", options.workload, "pairs, fanout or fanin")
        ->required()
        ->transform(CLI::CheckedTransformer(kWorkloads));
    app.add_option("--clients", options.clients,
                   "pairs, subscribers (fanout) or publishers (fanin)")
        ->check(CLI::Range(1, 20000));
    app.add_option("--qos", options.qos)->transform(CLI::CheckedTransformer(kQoS));
    app.add_option("--mqtt", options.version, "3.1.1 or 5")
        ->transform(CLI::CheckedTransformer(kVersions));
    app.add_option("--payload", options.payload_bytes, "bytes")
        ->check(CLI::Range(kPayloadBytesMin, 1U << 20U));
    app.add_option("--inflight", options.inflight, "messages on their way, per publisher")
        ->check(CLI::Range(1, 60000));
    app.add_option("--rate", options.rate, "messages per second of all publishers; 0: flat out");
    app.add_option("--count", options.count, "messages of all publishers; 0: use --duration-sec");
}

void add_run(CLI::App& app, Options& options) {
    app.add_option("--duration-sec", options.duration_sec);
    app.add_option("--warmup-sec", options.warmup_sec);
    app.add_option("--drain-sec", options.drain_sec, "longest wait for what is still on its way");
    app.add_option("--connect-sec", options.connect_sec);
    app.add_option("--topic-prefix", options.topic_prefix);
    app.add_option("--tls-ca", options.tls_ca,
                   "with TLS: the authority of the broker's certificate");
    app.add_option("--username", options.username);
    app.add_option("--password", options.password);
    app.add_flag("--reconnect", options.reconnect,
                 "resume sessions (clean start 0) and resend what was not acked");
    app.add_flag("--json", options.json, "the result as JSON");
    app.add_flag("--quiet", options.quiet, "no progress on stderr");
    app.add_option("--broker-pid", options.broker_pids, "report CPU and RSS of these processes")
        ->delimiter(',');
}

}  // namespace

Options parse_options(int argc, char** argv) {
    Options options;
    std::string host = "127.0.0.1:1883";
    std::string publish_host;
    std::string subscribe_host;
    CLI::App app{"MQTT load generator and oracle: counts what is lost, duplicated or reordered"};
    add_load(app, options);
    add_run(app, options);
    app.add_option("--host", host, "HOST:PORT of publishers and subscribers");
    app.add_option("--publish-host", publish_host, "HOST:PORT of the publishers");
    app.add_option("--subscribe-host", subscribe_host, "HOST:PORT of the subscribers");
    try {
        app.parse(argc, argv);
        options.publish_host = host_port(publish_host.empty() ? host : publish_host);
        options.subscribe_host = host_port(subscribe_host.empty() ? host : subscribe_host);
    } catch (const CLI::CallForHelp&) {
        std::fputs(app.help().c_str(), stdout);
        std::exit(EXIT_SUCCESS);
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "lotmesh-bench: %s\n", error.what());
        std::exit(kExitBadOption);
    }
    return options;
}

}  // namespace lotmesh::bench
