"""What GET ENV and GET SECRET stand for stays with the broker: it is in no log and in no $SYS topic."""

import os
import re
import unittest
import unittest.mock

from clients import V5, Client
from cluster import Cluster, replace_file
from process import free_ports

# Every key of the language, each with a value that would not stand anywhere by chance.
CLUSTER = {"CLIENT_ID": "hidden-label", "USERNAME": "hidden-user", "PASSWORD": "hidden-password",
           "MESSAGE_VALIDITY_SEC": "86399", "USE_TLS": "FALSE", "ALLOW_UNTRUSTED_CERTS": "FALSE",
           "SERVER_CA_CERT_PATH": "/hidden/ca.pem", "CLIENT_CERT_PATH": "/hidden/node.pem",
           "CLIENT_CERT_PASS": "hidden-phrase", "RECONNECTION_RETRIES": "76543",
           "KEEPALIVE_SEC": "54321"}
ROUTE = {"OVERLOAD_POLICY": "REALTIME", "OVERLOAD_TIMEOUT": "3599999",
         "OVERLOAD_CAPACITY": "3999999999"}


def route_of_references(name, keys):
    """A route whose keys all read GET ENV "NAME_KEY"."""
    def lines(block):
        return [f'        WITH {key} GET ENV "{name}_{key}"' for key in block]
    return "\n".join([f"DEFINE ROUTE {name} WITH TYPE MQTT_CLUSTER", "    ADD CLUSTER_CONFIG",
                      *lines(keys), "    ADD ROUTE_CONFIG", *lines(ROUTE)]) + "\n"


class ReferencesTest(unittest.TestCase):
    def test_no_value_of_a_reference_is_ever_shown(self):
        cluster = self.enterContext(Cluster())
        peer = cluster.node("peer").start()
        node = cluster.node("node")
        # The numeric address of a link that is up cannot be hidden: this one is given by name.
        endpoints = {"Up": ("LocalHost", str(peer.port)),
                     "Dead": ("127.77.66.55", str(free_ports(1)[0])),
                     "Lost": ("hidden-host.invalid", "61234")}
        values = {}
        for name, (address, port) in endpoints.items():
            keys = {"BROKER_ADDRESS": address, "BROKER_PORT": port, **CLUSTER,
                    "CLIENT_ID": f"hidden-label-{name}"}
            replace_file(node.routes / f"{name}.lot", route_of_references(name, keys))
            values |= {f"{name}_{key}": value for key, value in {**keys, **ROUTE}.items()}
        self.enterContext(unittest.mock.patch.dict(os.environ, values))
        node.start()
        node.await_linked(1)
        node.await_route("Dead", "unreachable")
        node.await_route("Lost", "unresolvable", seconds=20)

        watcher = self.enterContext(Client(node.port, "watcher", V5).connect())
        watcher.subscribe("$SYS/#", 1)
        watcher.await_change("the topics", lambda: watcher.payloads("$SYS/broker/cluster/nodes"))
        said = "\n".join(watcher.payloads())
        self.assertIn('GET ENV \\"Up_CLIENT_ID\\"', said)
        for value in set(values.values()) - {"FALSE", str(peer.port)}:
            pattern = rf"(?<![\w.]){re.escape(value)}(?![\w.])"
            self.assertNotRegex(node.log(), pattern)
            self.assertNotRegex(said, pattern)


if __name__ == "__main__":
    unittest.main()
