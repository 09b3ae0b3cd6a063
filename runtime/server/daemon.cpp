#include "runtime/server/daemon.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <optional>

#include "base/assert.h"
#include "base/log.h"
#include "runtime/net/file_watch.h"
#include "runtime/net/rlimits.h"
#include "runtime/net/signals.h"
#include "runtime/server/audit_log.h"
#include "runtime/server/auth_reloader.h"
#include "runtime/server/commands.h"
#include "runtime/server/config_topics.h"
#include "runtime/server/core_thread.h"
#include "runtime/server/count_topics.h"
#include "runtime/server/descriptors.h"
#include "runtime/server/disk_watch.h"
#include "runtime/server/heap_use.h"
#include "runtime/server/identity_file.h"
#include "runtime/server/listeners.h"
#include "runtime/server/memory_reserve.h"
#include "runtime/server/memory_watch.h"
#include "runtime/server/plan_rules.h"
#include "runtime/server/references.h"
#include "runtime/server/reloader.h"
#include "runtime/server/route_files.h"
#include "runtime/server/route_set.h"
#include "runtime/server/route_store.h"
#include "runtime/server/server_policy.h"
#include "runtime/server/tls_keeper.h"

namespace lotmesh::server {

namespace {

constexpr Duration kShutdownMax = Duration::seconds(5);
constexpr int kForcedExit = 1;
constexpr std::size_t kLogLinesMax = 1000;  // published in one turn
constexpr std::string_view kSourceTopics = "$SYS/Coreflux/Routes/";

using Started = Result<void, std::string>;

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "lotmesh";
    return name.data();
}

Result<NodeIdentity, std::string> identity_for(const ServerConfig& config) {
    if (config.data) return claim_identity(*config.data);
    return passing_identity();
}

Result<cluster::CertificatePins, std::string> pins_for(const ServerConfig& config) {
    if (config.data) return read_pins(*config.data);
    return cluster::CertificatePins();
}

void keep_pins(const ServerConfig& config, const std::string& text) {
    if (!config.data) return;
    if (const auto written = write_pins(*config.data, text); !written)
        log::warning("certificates of peers are not remembered: " + written.error());
}

cluster::NodeConfig node_config(const ServerConfig& config, const NodeIdentity& identity) {
    cluster::NodeConfig node;
    node.id = identity.identity.id;
    node.incarnation = identity.identity.incarnation;
    node.boot_nonce = random_number();
    node.name = config.name.empty() ? host_name() : config.name;
    node.version = config.version;
    node.seed = random_number();
    node.broker_limits = config.limits;
    node.server_reference = config.server_reference;
    node.response_information = config.response_information;
    node.log_subscriptions = config.log_topics;
    return node;
}

// What peers must present; nothing where they need not.
Result<std::optional<ClusterCredentials>, std::string> read_peers(const ServerConfig& config) {
    if (!config.credentials_file) return std::nullopt;
    auto credentials = read_credentials(*config.credentials_file);
    if (!credentials) return failure(credentials.error());
    return std::move(*credentials);
}

// An earlier run ended in the middle of an apply, or before somebody confirmed it.
Started take_back_unconfirmed(const std::filesystem::path& routes) {
    if (!has_last_good(routes)) return {};
    log::warning("routes that nobody confirmed are taken back");
    return take_back_route_files(routes);
}

void log_reload(const Reload& reload) {
    for (const std::string& warning : reload.warnings)
        log::warning(warning);
    for (const std::string& error : reload.errors)
        log::error(error);
    const std::string revision =
        "revision=" + std::to_string(reload.revision) + " files=" + std::to_string(reload.files);
    switch (reload.kind) {
        case Reload::Kind::Applied:
            log::info("routes applied " + revision);
            if (reload.bridges != 0)
                log::warning("bridges=" + std::to_string(reload.bridges) +
                             " are inactive: this version does not run MQTT_BRIDGE routes yet");
            break;
        case Reload::Kind::Unchanged: log::info("routes are as they were " + revision); break;
        case Reload::Kind::Refused:
            log::error("routes refused, nothing changed " + revision);
            break;
    }
}

// Members are destroyed from the last to the first: all of them before the loop.
class Daemon {
public:
    explicit Daemon(ServerConfig config)
        : config_(std::move(config)), references_(default_secret_folders()) {}

    Result<int, std::string> run(const Announce& announce);

private:
    Started start(const Announce& announce);
    Started load_routes();
    Started load_auth();
    Started open_audit_log();
    void watch_resources();
    CountTopics::Counts refused() const;
    void hang_up();
    void say_who_may_connect() const;
    void take_first_load();
    Started listen(const Announce& announce);
    Started load_tls();
    SharedRules make_rules(const ListenAddress& address) const;
    void take_tls();
    void watch_link_files();
    void take_plan_rules();
    Started write_port_file() const;
    void reload(Reloader::Reason reason);
    void take(const Reload& reload);
    void publish(const Reload& reload);
    void publish_sources();
    void publish_log();
    void end();
    void on_turn_end();

    ServerConfig config_;
    SystemReferences references_;
    std::optional<NodeIdentity> identity_;
    std::optional<RouteStore> routes_;
    std::optional<RouteStore::Reading> first_reading_;
    net::Loop loop_;
    std::optional<ServerPolicy> policy_;
    PlanRules plan_rules_;
    std::optional<AuditLog> audit_log_;
    std::optional<CoreThread> core_;
    std::optional<AuthReloader> auth_;
    std::optional<ConfigTopics> config_topics_;
    HeapUse heap_;
    std::optional<CountTopics> count_topics_;
    std::optional<MemoryWatch> memory_;
    bool memory_was_spent_ = false;  // at the end of the last turn
    std::optional<DiskWatch> disk_;
    std::optional<TlsKeeper> tls_;
    // Of all listeners, by their names.
    struct Rules {
        ListenAddress address;
        SharedRules rules;
    };
    std::map<std::string, Rules> rules_;
    Listeners listeners_;
    std::optional<Reloader> reloader_;
    Commands commands_{loop_,
                       [this](const broker::ReplyTo& to, const std::string& text) {
                           core_->answer_command(to, text);
                       },
                       [this] { return core_->routes(); },
                       [this](std::string_view topic, const std::string& text) {
                           core_->publish_sys(topic, text);
                       }};
    std::map<std::string, std::string> shown_routes_;  // retained, by name
    std::optional<net::FileWatch> watch_;
    std::map<std::filesystem::path, std::unique_ptr<net::FileWatch>> link_files_;
    std::optional<net::Signals> hang_up_;
    std::optional<net::Signals> signals_;
    std::optional<net::Timer> patience_;
    int exit_code_ = 0;
};

Started Daemon::load_routes() {
    if (!config_.routes) return {};
    // Watched before they are read, so that no edit falls between the two.
    watch_.emplace(loop_, *config_.routes, [this] { reload(Reloader::Reason::FileChange); });
    if (auto taken = take_back_unconfirmed(*config_.routes); !taken) return taken;
    routes_.emplace(*config_.routes, references_);
    first_reading_ = routes_->read();
    if (first_reading_->reload.kind != Reload::Kind::Refused) return {};
    std::string text = std::move(first_reading_->reload.text);
    while (text.ends_with('\n'))
        text.pop_back();
    return failure(text);
}

SharedRules Daemon::make_rules(const ListenAddress& address) const {
    TransportRules rules;
    rules.listener = to_string(address);
    rules.proxy = address.proxy;
    if (address.tls) rules.tls = tls_->context();
    if (address.protocol == Protocol::WebSocket)
        rules.websocket = ws::UpgradeRules{address.path, config_.ws_origins};
    rules.trusted_proxies = config_.trusted_proxies;
    rules.arrival_max = config_.limits.connect_timeout;
    rules.connections_max = address.connections_max;
    return std::make_shared<const TransportRules>(std::move(rules));
}

Started Daemon::load_tls() {
    const bool wanted = std::ranges::any_of(config_.listen, &ListenAddress::tls);
    if (!wanted) {
        if (config_.tls == TlsFiles{}) return {};
        return failure(
            std::string("there are certificates or keys, and no listener with TLS: "
                        "--listen tls://8883 is one"));
    }
    if (config_.tls.identities.empty() && !config_.tls.psk)
        return failure(
            std::string("a listener with TLS needs --tls-certificate and --tls-key, "
                        "or --tls-psk"));
    tls_.emplace(
        loop_, config_.tls, [this] { take_tls(); },
        [this](std::string_view topic, std::string_view payload) {
            core_->publish_sys(topic, payload);
        });
    return tls_->load();
}

// New connections get what is new; old ones go on with what they have, unless they would not be let
// in today.
void Daemon::take_tls() {
    for (auto& [listener, entry] : rules_)
        if (entry.address.tls) entry.rules = make_rules(entry.address);
    core_->evict([this](const std::string& listener) -> SharedRules {
        const auto found = rules_.find(listener);
        return found == rules_.end() ? nullptr : found->second.rules;
    });
}

Started Daemon::listen(const Announce& announce) {
    std::vector<ListenAddress> addresses = config_.listen;
    if (addresses.empty()) {
        addresses = {kDefaultListen};
        announce("no --listen given: listening on loopback only");
    }
    auto listeners = open_listeners(loop_, addresses, [this](const ListenAddress& address) {
        // Where it stands it stays; what stands there may be replaced (take_tls).
        const Rules& of_listener =
            rules_.try_emplace(to_string(address), Rules{address, make_rules(address)})
                .first->second;
        return [this, &of_listener](net::FileDescriptor socket, const net::Address& remote) {
            core_->accepted(std::move(socket), remote, of_listener.rules);
        };
    });
    if (!listeners) return failure(listeners.error());
    listeners_ = std::move(*listeners);
    for (const Listener& listener : listeners_)
        announce("listening on " + to_string(listener.address));
    return write_port_file();
}

// One port a line. Renamed into place, so whoever waits for it never reads half of it.
Started Daemon::write_port_file() const {
    if (!config_.port_file) return {};
    const std::string path = config_.port_file->string();
    const std::string temporary = path + ".new";
    {
        std::ofstream file(temporary);
        for (const Listener& listener : listeners_)
            file << listener.address.port << '\n';
        if (!file.flush()) return failure("cannot write " + temporary);
    }
    std::error_code error;
    std::filesystem::rename(temporary, path, error);
    if (error) return failure("cannot write " + path + ": " + error.message());
    return {};
}

Started Daemon::load_auth() {
    auth_.emplace(
        loop_, config_.auth,
        [this](AuthRules rules) {
            plan_rules_.set_file(std::move(rules.acl));
            rules.acl = plan_rules_.book();
            policy_->set_rules(std::move(rules));
            const bool at_start = listeners_.empty();
            if (!at_start) core_->policy_changed();
        },
        [this](std::string_view topic, std::string_view payload) {
            core_->publish_sys(topic, payload);
        });
    return auth_->load();
}

Started Daemon::open_audit_log() {
    if (!config_.audit_log) return {};
    auto opened = AuditLog::open(*config_.audit_log);
    if (!opened) return failure(opened.error());
    audit_log_ = std::move(*opened);
    return {};
}

// One line, where nobody has to prove anything.
void Daemon::say_who_may_connect() const {
    if (config_.allow_anonymous)
        return log::warning(
            "clients need no password, wherever they are: started with --allow-anonymous");
    if (config_.auth.proves()) return;
    log::info(
        "clients of this machine need no password, others may not connect: --password-file FILE "
        "asks all of them for one, --allow-anonymous lets everybody in");
}

Started Daemon::start(const Announce& announce) {
    if (auto loaded = load_routes(); !loaded) return loaded;
    if (auto opened = open_audit_log(); !opened) return opened;
    auto identity = identity_for(config_);
    if (!identity) return failure(identity.error());
    identity_ = std::move(*identity);
    auto peers = read_peers(config_);
    if (!peers) return failure(peers.error());
    policy_.emplace(
        loop_, config_.allow_anonymous ? Anonymous::Everywhere : Anonymous::WhereUnguarded,
        std::move(*peers), [this](broker::AuthTicket ticket, broker::AuthVerdict verdict) {
            core_->authenticated(ticket, std::move(verdict));
        });
    auto pins = pins_for(config_);
    if (!pins) return failure(pins.error());
    cluster::NodeConfig node = node_config(config_, *identity_);
    node.pins = std::move(*pins);
    node.policy = &*policy_;
    const std::string who = "node name=" + node.name + " uuid=" + node.id.text() +
                            " incarnation=" + std::to_string(node.incarnation);
    core_.emplace(
        loop_, node, [this](broker::Command command) { commands_.take(std::move(command)); },
        [this](const broker::Audit& audit) {
            if (audit_log_) audit_log_->write(audit, loop_.now().wall);
        },
        [this](const std::string& text) { keep_pins(config_, text); });
    if (auto loaded = load_auth(); !loaded) return loaded;
    watch_resources();
    if (auto loaded = load_tls(); !loaded) return loaded;
    if (auto listening = listen(announce); !listening) return listening;
    log::info(who);
    say_who_may_connect();
    if (first_reading_) take_first_load();
    return {};
}

// What they find is published, and the core told of it.
void Daemon::watch_resources() {
    const auto publish = [this](std::string_view topic, std::string_view payload) {
        core_->publish_sys(topic, payload);
    };
    count_topics_.emplace(loop_, publish, [this] {
        auto counts = refused();
        counts.merge(heap_.look());
        return counts;
    });
    memory_.emplace(
        loop_, own_memory, [this](broker::Pressure level) { core_->memory_pressure(level); },
        publish);
    if (config_.data)
        disk_.emplace(
            loop_, [this] { return space_of(*config_.data); },
            [this](broker::DiskSpace level) { core_->disk_space(level); }, publish);
}

// By topic.
CountTopics::Counts Daemon::refused() const {
    CountTopics::Counts counts = core_->refused();
    std::uint64_t& turned_away = counts["$SYS/broker/refused/descriptors"];
    for (const Listener& listener : listeners_)
        turned_away += listener.socket->turned_away();
    return counts;
}

// Goes on counting where an earlier run with this data directory has ended.
void Daemon::take_first_load() {
    config_topics_.emplace(*config_.routes, config_.data,
                           [this](std::string_view topic, std::string_view payload) {
                               core_->publish_sys(topic, payload);
                           });
    if (const auto loaded = config_topics_->load(); !loaded)
        log::warning("earlier revisions are not known: " + loaded.error());
    if (const Revision* last = config_topics_->last(); last != nullptr)
        routes_->resume(last->number, last->fingerprint);
    take(routes_->take(std::move(*first_reading_)));
    first_reading_.reset();
    reloader_.emplace(loop_, *routes_, [this](const Reload& reload) { take(reload); });
    commands_.serve(*routes_, *reloader_,
                    config_.data ? revisions_folder(*config_.data) : std::filesystem::path());
}

void Daemon::reload(Reloader::Reason reason) {
    if (tls_ && reason == Reloader::Reason::Command) tls_->reload();
    if (!reloader_) return log::info("no route files to read: started without --routes");
    reloader_->request(reason);
}

void Daemon::hang_up() {
    if (audit_log_)
        if (const auto opened = audit_log_->reopen(); !opened)
            log::error("audit goes on in the file that was open: " + opened.error());
    if (auth_) auth_->request();
    reload(Reloader::Reason::Command);
}

void Daemon::take(const Reload& reload) {
    if (patience_) return;  // the plan of a node that ends does not change any more
    if (reload.kind == Reload::Kind::Applied) {
        core_->apply_plan(with_absolute_paths(routes_->plan(), *config_.routes));
        watch_link_files();
        take_plan_rules();
    }
    publish(reload);
}

void Daemon::take_plan_rules() {
    if (!plan_rules_.set_plan(routes_->plan())) return;
    policy_->set_access(plan_rules_.book());
    log::info("rules of the routes are taken rules=" +
              std::to_string(routes_->plan().rules.size()));
    core_->policy_changed();
}

// Whom a link may talk to can change without its route.
void Daemon::watch_link_files() {
    std::map<std::filesystem::path, std::unique_ptr<net::FileWatch>> files;
    for (const ir::Link& link : with_absolute_paths(routes_->plan(), *config_.routes).links) {
        const std::filesystem::path path = link.tls.server_ca_cert_path;
        if (!link.tls.enabled || path.empty() || files.contains(path)) continue;
        const auto known = link_files_.find(path);
        files[path] =
            known != link_files_.end()
                ? std::move(known->second)
                : std::make_unique<net::FileWatch>(loop_, path, [this] { core_->evict_dialled(); });
    }
    link_files_ = std::move(files);
}

void Daemon::publish(const Reload& reload) {
    log_reload(reload);
    const WallTime now = loop_.now().wall;
    core_->publish_sys(kReloadTopic, to_json(reload, now));
    if (const auto kept = config_topics_->take(reload, *routes_, now); !kept)
        log::warning("revision is not kept: " + kept.error());
    publish_sources();
}

// What each route says, without its secrets; nothing where it has gone.
void Daemon::publish_sources() {
    std::map<std::string, std::string> shown;
    for (const RouteSource& route : routes_->routes())
        shown.emplace(route.name, route.text);
    const auto say = [this](const std::string& name, const std::string& text) {
        core_->publish_sys(std::string(kSourceTopics) + name, text);
    };
    for (const auto& [name, text] : shown)
        if (const auto last = shown_routes_.find(name);
            last == shown_routes_.end() || last->second != text)
            say(name, text);
    for (const auto& [name, text] : shown_routes_)
        if (!shown.contains(name)) say(name, "");
    shown_routes_ = std::move(shown);
}

void Daemon::end() {
    if (patience_) {
        log::warning("second signal: ending at once");
        exit_code_ = kForcedExit;
        return loop_.stop();
    }
    log::info("ending: saying goodbye to connections=" + std::to_string(core_->connection_count()));
    listeners_.clear();
    watch_.reset();
    core_->shut_down();
    patience_.emplace(loop_, [this] { loop_.stop(); });
    patience_->start_in(kShutdownMax);
}

// Below $SYS/broker/log/, with mosquitto's letters.
void Daemon::publish_log() {
    const auto topic = [](log::Level level) {
        switch (level) {
            case log::Level::Debug: return "$SYS/broker/log/D";
            case log::Level::Info: return "$SYS/broker/log/I";
            case log::Level::Warning: return "$SYS/broker/log/W";
            case log::Level::Error: return "$SYS/broker/log/E";
        }
        UNREACHABLE();
    };
    for (const log::Line& line : log::take_kept_lines())
        core_->publish_sys_line(topic(line.level), line.text);
}

void Daemon::on_turn_end() {
    if (config_.log_topics) publish_log();
    if (memory_reserve_is_spent() && !memory_was_spent_) memory_->look();
    memory_was_spent_ = memory_reserve_is_spent();
    core_->end_turn();
    if (patience_ && core_->connection_count() == 0) loop_.stop();
}

Result<int, std::string> Daemon::run(const Announce& announce) {
    net::ignore_broken_pipes();
    // Asked to read the routes again before we are ready: nothing to die of.
    hang_up_.emplace(loop_, std::vector<int>{SIGHUP}, [this](int) { hang_up(); });
    if (const auto started = start(announce); !started) return failure(started.error());
    signals_.emplace(loop_, std::vector<int>{SIGTERM, SIGINT}, [this](int) { end(); });
    loop_.at_turn_end([this] { on_turn_end(); });
    announce("ready");
    loop_.run();
    log::info("ended");
    // libuv waits for its threads at exit, and a name server that does not answer keeps one busy.
    const bool threads_busy = core_->lookups_in_flight() > 0 || (reloader_ && reloader_->busy()) ||
                              auth_->busy() || policy_->busy();
    if (threads_busy) std::_Exit(exit_code_);
    return exit_code_;
}

// As many connections as there can be; said where it is fewer than there should.
ServerConfig within_descriptors(ServerConfig config) {
    const std::uint64_t open_files = net::raise_open_files();
    std::size_t& connections_max = config.limits.connections_max;
    const std::size_t wanted =
        std::exchange(connections_max, connections_within(open_files, connections_max));
    if (connections_max < wanted)
        log::warning("there may be " + std::to_string(connections_max) + " connections, not " +
                     std::to_string(wanted) + ": the process may have " +
                     std::to_string(open_files) + " open files (ulimit -n, LimitNOFILE)");
    return config;
}

}  // namespace

Result<int, std::string> run_daemon(const ServerConfig& config, const Announce& announce) {
    // Whatever the umask was: what is written here is nobody else's to read.
    ::umask(S_IRWXG | S_IRWXO);
    // Nor is the memory, with passwords in it: neither by a debugger nor as a core dump.
    if (!config.core_dumps) ::prctl(PR_SET_DUMPABLE, 0);
    log::set_level(config.log_level);
    if (config.log_topics) log::keep_lines(kLogLinesMax);
    return Daemon(within_descriptors(config)).run(announce);
}

}  // namespace lotmesh::server
