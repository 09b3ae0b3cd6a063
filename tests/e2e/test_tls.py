"""TLS with clients that are not ours: mosquitto's, paho, openssl s_client, and links between nodes."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

from certificates import Authority
from clients import V5, Client
from cluster import Cluster, replace_file
from process import Process, await_that, binary, free_ports, stays

PSK = "000102030405060708090a0b0c0d0e0f"
ROUTES = pathlib.Path(__file__).resolve().parents[2] / "routes"
RENEWALS = 100
GROWTH_BYTES_MAX = 3 * 2**20


def resident_bytes(pid):
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class TlsTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.authority = Authority(self.folder)
        self.certificate, self.key = self.authority.issue("node", "DNS:localhost", "IP:127.0.0.1")

    def node(self, *options, name="node", scheme="tls", path="", certificate=True):
        """A node with one more listener, which has TLS; `tls_port` is its port."""
        port = free_ports(1)[0]
        shown = ["--tls-certificate", self.certificate, "--tls-key", self.key] if certificate else []
        node = self.cluster.node(name, options=[
            "--listen", f"{scheme}://127.0.0.1:{port}{path}", *shown, *options])
        node.tls_port = port
        return node

    def asking(self, *options):
        """Clients need a certificate that has not been revoked."""
        return self.node("--tls-client-ca", self.authority.certificate, "--tls-crl",
                         self.authority.crl, *options)

    def client(self, port, client_id, certificate=None, key=None, **options):
        client = Client(port, client_id, V5, **options)
        client.paho.tls_set(str(self.authority.certificate), certificate and str(certificate),
                            key and str(key))
        return self.enterContext(client.connect())

    def mosquitto(self, port, *options, authority=None):
        command = ["mosquitto_pub", "-h", "localhost", "-p", str(port), "-t", "a", "-m", "hello",
                   "-q", "1", *map(str, options)]
        if authority is not None:
            command += ["--cafile", str(authority)]
        return subprocess.run(command, capture_output=True, text=True, timeout=20)

    def s_client(self, port, *options, text=""):
        """Its exit code and all that it says."""
        done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile",
                               str(self.authority.certificate), *options],
                              input=text, capture_output=True, text=True, timeout=20)
        return done.returncode, done.stdout + done.stderr

    def refused(self, port, certificate=None, key=None):
        """Whether the handshake, or what follows it, fails."""
        context = ssl.create_default_context(cafile=str(self.authority.certificate))
        if certificate is not None:
            context.load_cert_chain(certificate, key)
        try:
            with socket.create_connection(("127.0.0.1", port), 10) as plain:
                with context.wrap_socket(plain, server_hostname="localhost") as connection:
                    # With TLS 1.3 a client hears of its refusal when it reads.
                    connection.sendall(b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01r")
                    return not connection.recv(4)
        except (ssl.SSLError, ConnectionError):
            return True


class ClientsTest(TlsTest):
    def test_mosquitto_publishes_over_tls_and_a_plain_client_receives(self):
        node = self.node().start()
        with Client(node.port, "plain", V5).connect() as plain:
            plain.subscribe("a", 1)
            for version in ("tlsv1.2", "tlsv1.3"):
                self.assertEqual(0, self.mosquitto(node.tls_port, "--tls-version", version,
                                                   authority=self.authority.certificate)
                                 .returncode)
            plain.await_payloads(["hello", "hello"])

    def test_a_client_that_trusts_somebody_else_does_not_connect(self):
        node = self.node().start()
        other = Authority(self.folder, "other")
        self.assertNotEqual(0, self.mosquitto(node.tls_port, authority=other.certificate)
                            .returncode)

    def test_websocket_in_tls_with_large_payloads_both_ways(self):
        node = self.node("--allow-anonymous", scheme="wss", path="/mqtt").start()
        client = self.client(node.tls_port, "web", path="/mqtt")
        client.subscribe("a", 1)
        payloads = ["x", "y" * 300_000, "z" * 70_000]
        for payload in payloads:
            client.publish("a", payload, 1)
        client.await_payloads(payloads)

    def test_many_messages_in_tls_keep_their_order(self):
        node = self.node().start()
        subscriber, publisher = self.client(node.tls_port, "s"), self.client(node.tls_port, "p")
        subscriber.subscribe("a", 1)
        payloads = [str(i) for i in range(2000)]
        for payload in payloads:
            publisher.paho.publish("a", payload, 1)
        subscriber.await_payloads(payloads, seconds=30)

    def test_clients_with_a_certificate_only(self):
        node = self.asking().start()
        certificate, key = self.authority.issue("device", "DNS:device.example")
        self.assertFalse(self.refused(node.tls_port, certificate, key))
        self.assertTrue(self.refused(node.tls_port))
        other = Authority(self.folder, "other").issue("device", "DNS:device.example")
        self.assertTrue(self.refused(node.tls_port, *other))

    def test_a_shared_key_instead_of_certificates(self):
        keys = self.folder / "psk"
        keys.write_text(f"pump:{PSK}\n")
        node = self.node("--tls-psk", keys, certificate=False).start()
        for version in ("tlsv1.2", "tlsv1.3"):
            with self.subTest(version):
                good = self.mosquitto(node.tls_port, "--psk", PSK, "--psk-identity", "pump",
                                      "--tls-version", version)
                self.assertEqual(0, good.returncode, good.stderr)
        for identity, key in (("valve", PSK), ("pump", PSK[::-1])):
            self.assertNotEqual(0, self.mosquitto(node.tls_port, "--psk", key, "--psk-identity",
                                                  identity).returncode)


class ProtocolTest(TlsTest):
    """What of TLS there is not: S38 of docs/security.md."""

    def test_s38_no_compression_no_renegotiation_no_early_data(self):
        node = self.node().start()
        _, said = self.s_client(node.tls_port, "-tls1_2", text="R\n")
        self.assertIn("Compression: NONE", said)
        self.assertIn("RENEGOTIATING", said)
        self.assertIn("no renegotiation", said.lower())
        session = self.folder / "session"
        _, said = self.s_client(node.tls_port, "-tls1_3", "-sess_out", str(session))
        self.assertIn("Max Early Data: 0", subprocess.run(
            ["openssl", "sess_id", "-in", session, "-text", "-noout"], capture_output=True,
            text=True).stdout + "Max Early Data: 0" * (not session.exists()))
        self.assertIn("Early data was not sent", said)

    def test_s38_old_versions_and_weak_ciphers_are_refused(self):
        node = self.node().start()
        weak = ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256",
                "DHE-RSA-AES256-GCM-SHA384"]
        attempts = [["-tls1"], ["-tls1_1"]] + [["-tls1_2", "-cipher", name] for name in weak]
        for options in attempts:
            with self.subTest(options):
                code, said = self.s_client(node.tls_port, *options)
                self.assertNotEqual(0, code, said)
        for options in (["-tls1_2"], ["-tls1_3"]):
            with self.subTest(options):
                self.assertEqual(0, self.s_client(node.tls_port, *options)[0])

    def test_who_says_nothing_is_cut(self):
        node = self.node("--limit", "connect-timeout-sec=1").start()
        with socket.create_connection(("127.0.0.1", node.tls_port)) as silent:
            silent.settimeout(5)
            self.assertEqual(b"", silent.recv(1))

    def test_names_that_a_client_asks_for_choose_the_certificate(self):
        other, key = self.authority.issue("other", "DNS:other.example")
        node = self.node("--tls-certificate", other, "--tls-key", key).start()
        for host in ("localhost", "other.example"):
            _, said = self.s_client(node.tls_port, "-servername", host, "-verify_hostname", host)
            self.assertIn("Verification: OK", said)


class StartTest(TlsTest):
    """What does not fit together is told at the start, and nothing is open then."""

    def refusal(self, *options):
        node = self.cluster.node("refused", options=options)
        Process.start(node)  # it is never ready
        code = node.wait()
        shutil.rmtree(node.home)
        text = node.log()
        node.log_path.unlink()
        return code, text

    def test_settings_that_cannot_work(self):
        other = self.authority.issue("other")[1]
        tls = ["--listen", "tls://127.0.0.1:0"]
        cases = [
            (tls, "needs --tls-certificate and --tls-key"),
            ([*tls, "--tls-certificate", self.certificate], "1 of them, and 0 of --tls-key"),
            ([*tls, "--tls-certificate", self.certificate, "--tls-key", other],
             "node.pem: the private key is not that of the certificate"),
            ([*tls, "--tls-certificate", "/nowhere", "--tls-key", self.key], "/nowhere"),
            (["--tls-certificate", self.certificate, "--tls-key", self.key],
             "no listener with TLS"),
            ([*tls, "--tls-certificate", self.certificate, "--tls-key", self.key, "--tls-crl",
              self.authority.crl], "--tls-client-ca is missing"),
        ]
        for options, words in cases:
            with self.subTest(words):
                code, text = self.refusal(*options)
                self.assertNotEqual(0, code)
                self.assertIn(words, text)
                self.assertNotIn("ready", text)


class RotationTest(TlsTest):
    """Files change while the node runs: who is still valid stays, who is not goes within a second."""

    def gone(self, client, seconds=1.0):
        await_that("the client was cut", lambda: client.disconnects, seconds)

    def served_serial(self, port):
        """Of the certificate that a new client gets."""
        context = ssl.create_default_context(cafile=str(self.authority.certificate))
        with socket.create_connection(("127.0.0.1", port), 10) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as connection:
                return connection.getpeercert()["serialNumber"]

    def test_a_renewed_certificate_is_shown_and_nobody_is_dropped(self):
        node = self.node().start()
        client = self.client(node.tls_port, "old")
        before = self.served_serial(node.tls_port)
        self.authority.issue("node", "DNS:localhost", "IP:127.0.0.1")
        await_that("the new one is shown",
                   lambda: self.served_serial(node.tls_port) != before)
        client.subscribe("a", 1)
        client.publish("a", "still here", 1)
        client.await_payloads(["still here"])
        self.assertEqual([], client.disconnects)

    def test_a_bad_certificate_keeps_the_old_one_and_says_so(self):
        node = self.node().start()
        before = self.served_serial(node.tls_port)
        good = self.certificate.read_text()
        replace_file(self.certificate, "nonsense")
        node.await_log("node.pem: .*; what was loaded before stays")
        self.assertEqual(before, self.served_serial(node.tls_port))
        self.assertIn("node.pem", node.sys("tls/state")["error"])
        replace_file(self.certificate, good)
        await_that("the error is gone", lambda: node.sys("tls/state")["error"] == "")
        self.assertIn(node.sys("tls/state")["days_left"], (9, 10))

    def test_who_is_revoked_goes_within_a_second_and_nobody_else(self):
        node = self.asking().start()
        bad = self.authority.issue("bad", "DNS:bad.example")
        good = self.authority.issue("good", "DNS:good.example")
        revoked = self.client(node.tls_port, "bad", *bad)
        valid = self.client(node.tls_port, "good", *good)
        plain = self.enterContext(Client(node.port, "plain", V5).connect())
        self.authority.revoke(bad[0])
        self.gone(revoked)
        self.assertTrue(self.refused(node.tls_port, *bad))
        self.assertFalse(self.refused(node.tls_port, *good))
        self.assertEqual([], valid.disconnects + plain.disconnects)

    def test_another_authority_drops_whom_the_old_one_had_sent(self):
        other = Authority(self.folder, "other")
        trusted = self.folder / "trusted.pem"
        both = self.authority.certificate.read_text() + other.certificate.read_text()
        trusted.write_text(both)
        node = self.node("--tls-client-ca", trusted).start()
        mine = self.client(node.tls_port, "mine", *self.authority.issue("mine", "DNS:mine"))
        theirs = self.client(node.tls_port, "theirs", *other.issue("theirs", "DNS:theirs"))
        replace_file(trusted, self.authority.certificate.read_text())
        self.gone(theirs)
        self.assertEqual([], mine.disconnects)

    def test_a_hang_up_reads_the_files_too(self):
        node = self.node().start()
        before = self.served_serial(node.tls_port)
        self.authority.issue("node", "DNS:localhost", "IP:127.0.0.1")
        os.kill(node.pid, signal.SIGHUP)
        await_that("the new one is shown", lambda: self.served_serial(node.tls_port) != before)


    def test_a_hundred_renewals_under_load_drop_nobody_and_leave_nothing_behind(self):
        both = self.folder / "both.pem"
        texts = []
        for name in ("one", "two"):
            certificate, key = self.authority.issue(name, "DNS:localhost", "IP:127.0.0.1")
            texts.append(certificate.read_text() + key.read_text())
        replace_file(both, texts[0])
        self.certificate = self.key = both
        node = self.node().start()
        subscriber, publisher = self.client(node.tls_port, "s"), self.client(node.tls_port, "p")
        subscriber.subscribe("a", 1)
        seen, sent, resident = self.served_serial(node.tls_port), 0, []
        for round_number in range(RENEWALS):
            replace_file(both, texts[(round_number + 1) % 2])
            for _ in range(5):
                publisher.publish("a", str(sent), 1)
                sent += 1
            await_that("the other one is shown",
                       lambda: self.served_serial(node.tls_port) != seen)
            seen = self.served_serial(node.tls_port)
            resident.append(resident_bytes(node.pid))
        subscriber.await_payloads([str(i) for i in range(sent)])
        self.assertEqual([], subscriber.disconnects + publisher.disconnects)
        self.assertLess(resident[-1] - resident[RENEWALS // 2], GROWTH_BYTES_MAX, resident)


class LinkTest(TlsTest):
    """Cluster links in TLS."""

    def pair(self, *options, **keys):
        """Two nodes; the second dials the first with TLS."""
        first = self.node(*options, name="first").start()
        second = self.cluster.node("second")
        second.write_route("ToFirst", first.tls_port,
                           **{"USE_TLS": "true", "SERVER_CA_CERT_PATH": self.authority.certificate,
                              **keys})
        return first, second.start()

    def test_a_link_carries_messages_both_ways(self):
        first, second = self.pair()
        second.await_linked(1)
        one = self.enterContext(Client(first.port, "one", V5).connect()).subscribe("a", 1)
        two = self.enterContext(Client(second.port, "two", V5).connect()).subscribe("a", 1)
        one.publish("a", "from one", 1)
        one.await_payloads(["from one"])
        two.await_payloads(["from one"])
        two.publish("a", "x" * 100_000, 1)
        one.await_payloads(["from one", "x" * 100_000])
        link = second.sys("cluster/nodes")["peers"][0]["links"][0]
        self.assertTrue(link["tls"])
        self.assertEqual(64, len(second.sys("cluster/nodes")["peers"][0]["certificate"]))

    def test_a_link_shows_its_own_certificate_where_one_is_required(self):
        certificate, key = self.authority.issue("second", "DNS:second.example")
        both = self.folder / "second.pem"
        both.write_text(certificate.read_text() + key.read_text())
        _, second = self.pair("--tls-client-ca", self.authority.certificate,
                              CLIENT_CERT_PATH=both)
        second.await_linked(1)
        third = self.cluster.node("third")
        third.write_route("ToFirst", self.cluster.processes[0].tls_port, USE_TLS="true",
                          SERVER_CA_CERT_PATH=self.authority.certificate)
        third.start()
        third.await_route("ToFirst", "tls_failed", "unreachable")

    def test_a_certificate_for_another_host_is_no_link(self):
        self.certificate, self.key = self.authority.issue("elsewhere", "DNS:elsewhere.example")
        _, second = self.pair()
        route = second.await_route("ToFirst", "tls_failed")
        self.assertIn("IP address mismatch", json.dumps(route))

    def test_an_untrusted_certificate_is_taken_where_the_route_says_so(self):
        other = Authority(self.folder, "other")
        self.certificate, self.key = other.issue("strange", "DNS:elsewhere.example")
        _, second = self.pair()
        second.await_route("ToFirst", "tls_failed")
        second.write_route("ToFirst", self.cluster.processes[0].tls_port, USE_TLS="true",
                           ALLOW_UNTRUSTED_CERTS="true")
        second.await_linked(1)

    def test_a_missing_file_is_named_and_taken_when_it_is_there(self):
        missing = self.folder / "later.pem"
        _, second = self.pair(SERVER_CA_CERT_PATH=missing)
        route = second.await_route("ToFirst", "tls_failed")
        self.assertIn("later.pem", json.dumps(route))
        shutil.copy(self.authority.certificate, missing)
        second.await_linked(1, seconds=40)

    def test_an_authority_that_is_no_longer_trusted_ends_the_link(self):
        trusted = self.folder / "trusted.pem"
        shutil.copy(self.authority.certificate, trusted)
        _, second = self.pair(SERVER_CA_CERT_PATH=trusted)
        second.await_linked(1)
        replace_file(trusted, Authority(self.folder, "other").certificate.read_text())
        second.await_route("ToFirst", "tls_failed")
        shutil.copy(self.authority.certificate, trusted)
        second.await_linked(1, seconds=40)

    def test_a_flood_of_handshakes_leaves_links_and_clients_alone(self):
        first, second = self.pair()
        second.await_linked(1)
        client = self.enterContext(Client(first.port, "c", V5).connect())
        losses = second.sys("cluster/sync")["peers"][0]["link_losses"]
        context = ssl.create_default_context(cafile=str(self.authority.certificate))

        def shake_hands():
            for _ in range(150):
                with contextlib.suppress(OSError):
                    with socket.create_connection(("127.0.0.1", first.tls_port), 10) as plain:
                        context.wrap_socket(plain, server_hostname="localhost").close()
        flood = [threading.Thread(target=shake_hands) for _ in range(4)]
        for thread in flood:
            thread.start()
        client.subscribe("a", 1)
        for i in range(50):
            client.publish("a", str(i), 1)
        for thread in flood:
            thread.join()
        client.await_payloads([str(i) for i in range(50)])
        self.assertEqual(losses, second.sys("cluster/sync")["peers"][0]["link_losses"])
        self.assertEqual([], client.disconnects)

    def test_tls_on_a_plain_port_says_so(self):
        first = self.cluster.node("first").start()
        second = self.cluster.node("second")
        second.write_route("ToFirst", first.port, USE_TLS="true",
                           SERVER_CA_CERT_PATH=self.authority.certificate)
        second.start()
        second.await_route("ToFirst", "tls_failed")

    def test_a_link_that_gets_tls_goes_on_in_plain_until_it_has_it(self):
        first = self.node(name="first").start()
        second = self.cluster.node("second")
        second.write_route("ToFirst", first.port)
        second.start().await_linked(1)
        second.write_route("ToFirst", first.tls_port, USE_TLS="true",
                           SERVER_CA_CERT_PATH=self.authority.certificate)

        def has_tls():
            links = second.sys("cluster/nodes")["peers"][0]["links"]
            return len(links) == 1 and links[0]["tls"]
        await_that("the link has TLS", has_tls)
        stays("the peer is linked", lambda: second.linked_peers() == ["first"], 0.3)


class ReadyMadeTest(unittest.TestCase):
    """routes/tls, as it is."""

    def test_its_nodes_link_by_their_certificates_and_clients_come_with_one(self):
        cluster = self.enterContext(Cluster())
        folder = cluster.folder / "tls"
        shutil.copytree(ROUTES / "tls", folder)
        nodes = []
        for name in ("node1", "node2", "node3"):
            nodes.append(cluster.add(Process(name, [
                binary("lotmesh"), "serve", "--config", folder / name / "node.toml"],
                cluster.folder)).start())
        for node in nodes:
            await_that(f"{node.name} has two peers",
                       lambda node=node: len(node.log_lines("is linked at")) >= 2)
        link = folder / "node3" / "tls" / "link.pem"
        clients = [Client(port, f"client{port}", V5) for port in (18841, 18843)]
        for client in clients:
            client.paho.tls_set(str(folder / "ca" / "ca.pem"), str(link), str(link))
            self.enterContext(client.connect())
        clients[0].subscribe("a", 1)
        clients[1].publish("a", "across", 1)
        clients[0].await_payloads(["across"])
        plain = Client(18842, "nobody", V5)
        plain.paho.tls_set(str(folder / "ca" / "ca.pem"))
        # Of this machine, so it may come; and it is nobody who could be a peer.
        self.enterContext(plain.connect())


if __name__ == "__main__":
    unittest.main()
