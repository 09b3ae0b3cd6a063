#include "tools/lotmesh/passwd_command.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>

#include "base/utf8.h"
#include "runtime/net/crypto.h"
#include "runtime/server/files.h"
#include "runtime/server/scram_users.h"

namespace lotmesh::tool {

namespace {

constexpr std::size_t kSaltBytes = 16;

// A terminal does not show what is typed while this exists.
class HiddenTyping {
public:
    HiddenTyping() {
        if (::isatty(STDIN_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &before_.emplace()) != 0) {
            before_.reset();
            return;
        }
        std::fputs("Password: ", stderr);
        termios hidden = *before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    ~HiddenTyping() {
        if (!before_) return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &*before_);
        std::fputs("\n", stderr);
    }
    HiddenTyping(const HiddenTyping&) = delete;
    HiddenTyping& operator=(const HiddenTyping&) = delete;

private:
    std::optional<termios> before_;
};

Result<std::string, std::string> read_password(std::istream& input) {
    std::string password;
    for (char c = 0; input.get(c) && c != '\n';) {
        if (password.size() == kPasswordBytesMax)
            return failure("the password is longer than " + std::to_string(kPasswordBytesMax) +
                           " bytes");
        password += c;
    }
    if (password.ends_with('\r')) password.pop_back();
    if (password.empty()) return failure(std::string("no password came on standard input"));
    if (!is_mqtt_utf8(password)) return failure(std::string("the password is not valid UTF-8"));
    return password;
}

// The text with that user's line in it, which replaces an earlier one.
std::string with_line(std::string_view text, std::string_view user, std::string_view line) {
    const std::string begin = std::string(user) + ":";
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        if (!text.starts_with(begin)) result += text.substr(0, end);
        text.remove_prefix(end);
    }
    if (!result.empty() && !result.ends_with('\n')) result += '\n';
    return result + std::string(line) + "\n";
}

}  // namespace

Result<void, std::string> set_password(const PasswdOptions& options, std::istream& input) {
    if (options.user.empty() || options.user.size() > server::kUserNameBytesMax ||
        options.user.starts_with('#') || options.user.find(':') != std::string::npos ||
        !is_mqtt_utf8(options.user) || options.user.find('\n') != std::string::npos)
        return failure("a user is a name of up to " + std::to_string(server::kUserNameBytesMax) +
                       " bytes without a colon, and does not begin with #");
    std::string text;
    if (std::filesystem::exists(options.file)) {
        auto read = server::read_file(options.file, server::kScramFileBytesMax);
        if (!read) return failure(read.error());
        text = std::move(*read);
    }
    const auto password = read_password(input);
    if (!password) return failure(password.error());
    const server::ScramUser user{
        options.user,
        server::make_scram_secret(*password, net::random_bytes(kSaltBytes), options.iterations)};
    return server::write_durably(options.file, with_line(text, options.user, to_string(user)));
}

int run_passwd(const PasswdOptions& options) {
    const HiddenTyping hidden;
    const auto set = set_password(options, std::cin);
    if (set) return 0;
    std::fprintf(stderr, "lotmesh passwd: %s\n", set.error().c_str());
    return 1;
}

}  // namespace lotmesh::tool
