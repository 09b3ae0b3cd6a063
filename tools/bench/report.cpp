#include "tools/bench/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace lotmesh::bench {

namespace {

double per(double amount, double divisor) { return divisor > 0 ? amount / divisor : 0; }

double cpu_us_per_delivery(const Report& report) {
    return per(static_cast<double>(report.broker.cpu_us),
               static_cast<double>(report.measured_deliveries));
}

double deliveries_per_sec(const Report& report) {
    return per(static_cast<double>(report.measured_deliveries), report.measured_sec);
}

}  // namespace

bool good(const Report& report, mqtt::QoS qos) {
    const Verdict& verdict = report.verdict;
    const bool lost = verdict.lost > 0 && qos != mqtt::QoS::AtMostOnce;
    return !lost && verdict.duplicated == 0 && verdict.reordered == 0 && verdict.alien == 0;
}

std::string to_text(const Report& report, const Options& options) {
    const Verdict& verdict = report.verdict;
    std::string text = fmt::format(
        "offered {}  acked {}  refused {}  delivered {}  ({:.0f}/s)\n"
        "lost {}  duplicated {}  reordered {}  alien {}  excused {}\n"
        "latency us: p50 {}  p99 {}  max {}\n"
        "disconnects {}  sessions lost {}  unsettled {}\n",
        verdict.offered, verdict.acked, verdict.refused, verdict.delivered,
        deliveries_per_sec(report), verdict.lost, verdict.duplicated, verdict.reordered,
        verdict.alien, verdict.excused, report.latency_p50_us, report.latency_p99_us,
        report.latency_max_us, report.disconnects, report.sessions_lost, report.unsettled);
    if (!options.broker_pids.empty())
        text += fmt::format("broker: {:.2f} us CPU per delivered message, RSS {:.1f} MiB\n",
                            cpu_us_per_delivery(report),
                            static_cast<double>(report.broker.rss_bytes) / (1024.0 * 1024.0));
    text += good(report, options.qos) ? "good\n" : "NOT GOOD\n";
    return text;
}

std::string to_json(const Report& report, const Options& options) {
    const Verdict& verdict = report.verdict;
    nlohmann::ordered_json json{{"good", good(report, options.qos)},
                                {"offered", verdict.offered},
                                {"acked", verdict.acked},
                                {"refused", verdict.refused},
                                {"delivered", verdict.delivered},
                                {"lost", verdict.lost},
                                {"duplicated", verdict.duplicated},
                                {"reordered", verdict.reordered},
                                {"alien", verdict.alien},
                                {"excused", verdict.excused},
                                {"disconnects", report.disconnects},
                                {"sessions_lost", report.sessions_lost},
                                {"unsettled", report.unsettled},
                                {"publish_sec", report.publish_sec},
                                {"measured_sec", report.measured_sec},
                                {"measured_deliveries", report.measured_deliveries},
                                {"deliveries_per_sec", deliveries_per_sec(report)},
                                {"latency_p50_us", report.latency_p50_us},
                                {"latency_p99_us", report.latency_p99_us},
                                {"latency_max_us", report.latency_max_us}};
    if (!options.broker_pids.empty()) {
        json["broker_cpu_us"] = report.broker.cpu_us;
        json["broker_cpu_us_per_delivery"] = cpu_us_per_delivery(report);
        json["broker_rss_bytes"] = report.broker.rss_bytes;
    }
    return json.dump() + "\n";
}

}  // namespace lotmesh::bench
