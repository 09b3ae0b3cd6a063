#include "tools/lotmesh/passwd_command.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>
#include <utility>

#include "base/utf8.h"
#include "base/wiped_bytes.h"
#include "runtime/net/argon2.h"
#include "runtime/net/crypto.h"
#include "runtime/net/secret_text.h"
#include "runtime/server/files.h"
#include "runtime/server/limits.h"
#include "runtime/server/password_file.h"

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

// Wiped where it was read; nothing longer than a broker takes.
Result<net::SecretText, std::string> read_password(std::istream& input) {
    std::string password;
    password.reserve(server::kPasswordBytesMax + 1);  // it is not copied while it grows
    char c = 0;
    while (password.size() <= server::kPasswordBytesMax && input.get(c) && c != '\n')
        password += c;
    if (password.ends_with('\r')) password.pop_back();
    net::SecretText secret(password);
    wipe(password);
    if (secret.view().size() > server::kPasswordBytesMax)
        return failure("the password is longer than " + std::to_string(server::kPasswordBytesMax) +
                       " bytes");
    if (secret.view().empty()) return failure(std::string("no password came on standard input"));
    if (!is_mqtt_utf8(secret.view()))
        return failure(std::string("the password is not valid UTF-8"));
    return secret;
}

// What is there of a user, in a text of lines.
struct UserLines {
    bool any = false;
    bool scram = false;
    std::string others;  // the text without them
};

UserLines take_out(std::string_view text, std::string_view user) {
    const std::string begin = std::string(user) + ":";
    UserLines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end);
        if (!line.starts_with(begin)) {
            lines.others += line;
            continue;
        }
        lines.any = true;
        lines.scram |= line.substr(begin.size()).starts_with(server::kScramMethod);
    }
    return lines;
}

Result<std::string, std::string> read_users(const std::string& file) {
    if (!std::filesystem::exists(file)) return std::string();
    return server::read_file(file, server::kPasswordFileBytesMax);
}

Result<std::string, std::string> delete_user(const PasswdOptions& options, const UserLines& lines) {
    if (!lines.any) return failure(options.file + " has no user " + options.user);
    if (auto written = server::write_durably(options.file, lines.others); !written)
        return failure(written.error());
    return "user " + options.user + " deleted";
}

Result<std::string, std::string> set_password(const PasswdOptions& options, UserLines lines,
                                              std::string_view password) {
    std::string text = std::move(lines.others);
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    const auto add = [&](const server::PasswordLine& line) { text += to_string(line) + "\n"; };
    add({options.user, server::PasswordHash{net::argon2id_hash(password)}});
    const bool scram = options.scram || lines.scram;
    if (scram)
        add({options.user, server::make_scram_secret(password, net::random_bytes(kSaltBytes),
                                                     options.iterations)});
    if (auto written = server::write_durably(options.file, text); !written)
        return failure(written.error());
    return "user " + options.user + (lines.any ? " changed" : " added") +
           (scram ? ": argon2id, SCRAM-SHA-256" : ": argon2id");
}

}  // namespace

Result<std::string, std::string> change_password(const PasswdOptions& options,
                                                 std::istream& input) {
    if (!server::is_user_name(options.user))
        return failure("a user is a name of up to " + std::to_string(server::kUserNameBytesMax) +
                       " bytes without a colon, control characters or blanks at its ends, and does "
                       "not begin with #");
    const auto text = read_users(options.file);
    if (!text) return failure(text.error());
    UserLines lines = take_out(*text, options.user);
    if (options.action == PasswdAction::Delete) return delete_user(options, lines);
    const auto password = read_password(input);
    if (!password) return failure(password.error());
    return set_password(options, std::move(lines), password->view());
}

int run_passwd(const PasswdOptions& options) {
    std::optional<HiddenTyping> hidden;
    if (options.action == PasswdAction::Set) hidden.emplace();
    const auto done = change_password(options, std::cin);
    hidden.reset();
    if (done) {
        std::printf("%s\n", done->c_str());
        return 0;
    }
    std::fprintf(stderr, "lotmesh passwd: %s\n", done.error().c_str());
    return 1;
}

}  // namespace lotmesh::tool
