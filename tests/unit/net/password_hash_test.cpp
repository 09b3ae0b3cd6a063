#include "runtime/net/password_hash.h"

#include <doctest/doctest.h>

#include <string>

using namespace lotmesh;
using net::matches_password_hash;

namespace {

// As mosquitto_passwd of mosquitto 2.0 wrote them.
const std::string kStretched =
    "$7$101$BwBfHFVSQ8V94mNh$"
    "LXBB614AmFoYHSObF136HcnkdjmEGneN6pOEc2s0zdmFAF2sdmQEt6v32q6DRxECYFOzxPs3yKP1qP7X//ogEA==";
const std::string kSimple =
    "$6$6FD/LH1Te/aXpPpN$"
    "yylCGMrA6x/4hZ5lpBl2ZaMSk1JyxG4F1r4z+uSNpzchW6wqYRXhf7/ZSdERfbFQwt+BvfScctv2r9giF6Sy9Q==";

std::string with(std::string_view from, std::string_view to) {
    std::string text = kStretched;
    text.replace(text.find(from), from.size(), to);
    return text;
}

}  // namespace

TEST_CASE("a password is known by what mosquitto_passwd keeps of it") {
    CHECK(matches_password_hash("cluster_password", kStretched) == true);
    CHECK(matches_password_hash("cluster_pasword", kStretched) == false);
    CHECK(matches_password_hash("", kStretched) == false);
    CHECK(matches_password_hash("old_password", kSimple) == true);
    CHECK(matches_password_hash("new_password", kSimple) == false);
    CHECK(matches_password_hash("cluster_password", with("$101$", "$102$")) == false);
}

TEST_CASE("of other texts nothing is said") {
    for (const std::string& text :
         {std::string(), std::string("plain"), std::string("$"), std::string("$7$"),
          std::string("$7$101$"), std::string("$7$101$BwBfHFVSQ8V94mNh$"), with("$7$", "$8$"),
          with("$101$", "$0$"), with("$101$", "$x$"), with("$101$", "$10000001$"),
          with("$BwBf", "$!wBf"), with("LXBB", "LXB")}) {
        CAPTURE(text);
        CHECK_FALSE(matches_password_hash("cluster_password", text));
    }
}

TEST_CASE("argon2id is one of them, and whether a text is one of them costs nothing") {
    const std::string argon2id =
        "$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
        "QZqVEbUoFUCE2qAik0WLkbn6kiEotkIb1f6lGzcakl0";
    CHECK(matches_password_hash("pencil", argon2id) == true);
    CHECK(matches_password_hash("ink", argon2id) == false);
    for (const std::string& hash : {argon2id, kSimple, kStretched}) {
        CHECK(net::is_password_hash(hash));
        CHECK_FALSE(net::is_password_hash(hash.substr(0, hash.size() / 2)));
        CHECK_FALSE(net::is_password_hash(hash + " "));
    }
    CHECK(net::is_password_hash(with("$101$", "$10000000$")));
    CHECK_FALSE(net::is_password_hash(with("$101$", "$10000001$")));
    CHECK_FALSE(net::is_password_hash(with("$101$", "$10x1$")));
    CHECK_FALSE(net::is_password_hash(with("BwBfHFVSQ8V94mNh", "")));
    CHECK_FALSE(net::is_password_hash("$7$101$BwBfHFVSQ8V94mNh$LXBB"));
}
