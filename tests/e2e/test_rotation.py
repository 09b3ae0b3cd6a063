"""Passwords, rules, authorities and revocation lists change again and again under load: who is valid
stays, who is not goes within a second, and nothing is left behind."""

import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from certificates import Authority
from clients import V5, Client
from cluster import Cluster, replace_file
from process import await_that, binary
from raw_mqtt import CONNACK, DISCONNECT, RawMqtt, connect, text

ROUNDS = 100
GROWTH_BYTES_MAX = 3 * 2**20
WELCOME, NOT_AUTHORISED = 0x00, 0x87
# In each round one of these may connect and is there; in the next it may not.
RULES = """allow user ada connect
allow user ada read,write #
allow user bob connect
allow user plc connect
"""
RULES_WITH_CARL = RULES + "allow user carl connect\n"


def resident_bytes(pid):
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class RotationTest(unittest.TestCase):
    def setUp(self):
        cluster = self.enterContext(Cluster())
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.authority = Authority(self.folder)
        other = Authority(self.folder, "other")
        own = self.authority.certificate.read_text()
        self.users, self.rules = self.folder / "users", self.folder / "rules"
        self.trusted, self.revoked = self.folder / "trusted.pem", self.folder / "revoked.pem"
        for user in ("ada", "carl", "bob"):
            subprocess.run([binary("lotmesh"), "passwd", self.users, user], input="pencil\n", text=True,
                           capture_output=True, check=True)
        users = self.users.read_text().splitlines(keepends=True)
        # With bob and without carl, or the other way round. Of the authorities one comes and goes,
        # and the list of revocations is another one each time.
        self.texts = {
            self.users: ["".join(users), "".join(users[:2])],
            self.rules: [RULES, RULES_WITH_CARL],
            self.trusted: [own, own + other.certificate.read_text()],
            self.revoked: [self.authority.crl.read_text() + other.crl.read_text()],
        }
        self.authority.write_crl()
        self.texts[self.revoked].append(self.authority.crl.read_text() + other.crl.read_text())
        self.turn_to(0)
        certificate, key = self.authority.issue("node", "DNS:localhost", "IP:127.0.0.1")
        self.node = cluster.node("node", options=[
            "--password-file", self.users, "--acl-file", self.rules, "--listen", "tls://127.0.0.1:0",
            "--tls-certificate", certificate, "--tls-key", key, "--tls-client-ca", self.trusted,
            "--tls-crl", self.revoked, "--port-file", self.folder / "ports"]).start()
        self.tls_port = int((self.folder / "ports").read_text().split()[-1].rpartition(":")[2])

    def turn_to(self, side):
        for path, texts in self.texts.items():
            replace_file(path, texts[side])

    def who_comes(self, user):
        """Its connection, once it may."""
        def come():
            client = RawMqtt(self.node.port)
            client.send(connect(user, flags=0xC0, payload=text(user) + text("pencil")))
            if client.read_packet()[1][1] == WELCOME:
                return client
            client.socket.close()
            return None
        return self.enterContext(await_that(f"{user} may connect", come))

    def goes(self, client):
        client.socket.settimeout(5)
        first, body = client.read_packet()
        self.assertEqual((first, body[0]), (DISCONNECT, NOT_AUTHORISED))
        client.socket.close()

    def secure_client(self, name):
        certificate, key = self.authority.issue(name, f"DNS:{name}")
        client = Client(self.tls_port, name, V5)
        client.paho.tls_set(str(self.authority.certificate), str(certificate), str(key))
        return client

    def test_a_hundred_rotations_drop_nobody_who_is_valid_and_leave_nothing_behind(self):
        ada = Client(self.node.port, "ada", V5)
        ada.paho.username_pw_set("ada", "pencil")
        ada = self.enterContext(ada.connect())
        ada.subscribe("load", 1)
        plc = self.enterContext(self.secure_client("plc").connect())
        guest, resident, sent, slowest = self.who_comes("bob"), [], 0, 0.0
        for round_number in range(1, ROUNDS + 1):
            for _ in range(5):
                ada.publish("load", str(sent), 1)
                sent += 1
            self.turn_to(round_number % 2)
            began = time.monotonic()
            self.goes(guest)
            slowest = max(slowest, time.monotonic() - began)
            guest = self.who_comes(("bob", "carl")[round_number % 2])
            resident.append(resident_bytes(self.node.pid))
        ada.await_payloads([str(i) for i in range(sent)])
        self.assertEqual([], ada.disconnects + plc.disconnects)
        self.assertLess(slowest, 1.0)
        self.assertLess(resident[-1] - resident[ROUNDS // 2], GROWTH_BYTES_MAX, resident)


if __name__ == "__main__":
    unittest.main()
