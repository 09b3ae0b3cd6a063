// What somebody may do, asked of his Authority, and what becomes of sessions when the rules have
// changed. Core thread.
//
// An Authority is made at CONNECT, belongs to the session, and is made anew at each resumption and
// PolicyChanged. What is asked where: CONNECT (Connect, Will, Retain, Cluster), PUBLISH (Publish,
// Retain, Admin), SUBSCRIBE (Subscribe, Sys), a will that is due (Will, Retain), and each message
// on its way to a session, live, retained, queued or in flight (Receive, Sys).
#pragma once

#include <string_view>

#include "runtime/broker/state.h"

namespace lotmesh::broker {

// No authority: everything.
inline bool allows(const Authority* authority, Permission permission, std::string_view topic) {
    return authority == nullptr || authority->may(permission, topic);
}

// `matched`: what topics are matched against, see matched_filter().
bool may_subscribe(const Session& session, std::string_view matched);

// Commands to this node: by the rules where there are any, else from this machine.
bool may_command(const Connection& connection);

// Wills, and what goes with their RETAIN flag.
bool may_will(const Authority* authority, std::string_view topic, bool retain);

// Counts where it is not so. Here, since each delivery asks.
inline bool checked_receive(Turn& turn, const Session& session, std::string_view topic) {
    if (session.may_receive(topic)) return true;
    ++turn.state.counters.denied.receives;
    return false;
}

// Whose session it is from now on. Subscriptions that are not allowed any more are removed.
void authorise(Turn& turn, Session& session, const Principal& principal,
               std::unique_ptr<const Authority> authority);

// Everybody who may not connect any more is disconnected and his session ends; links of peers that
// may not be peers any more end as well.
void on_policy_changed(Turn& turn);

}  // namespace lotmesh::broker
