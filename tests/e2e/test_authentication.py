"""SCRAM-SHA-256 through enhanced authentication, by a client that knows nothing of ours."""

import base64
import hashlib
import hmac
import os
import pathlib
import subprocess
import tempfile
import unittest

from cluster import Cluster
from process import binary
from raw_mqtt import AUTH, CONNACK, DISCONNECT, PINGED, PONGED, RawMqtt, connect, packet, properties, text

METHOD = b"\x15" + text("SCRAM-SHA-256")
GO_ON, RE_AUTHENTICATE = b"\x18", b"\x19"


def data(message):
    return b"\x16" + text(message)


def data_of(props):
    """The authentication data in properties that begin with their length."""
    at = props.index(b"\x16") + 1
    size = int.from_bytes(props[at:at + 2], "big")
    return props[at + 2:at + 2 + size].decode()


class Scram:
    """The client's end of RFC 7677."""

    def __init__(self, user, password):
        self.password = password.encode()
        self.first_bare = f"n={user},r={base64.b64encode(os.urandom(18)).decode()}"

    def first(self):
        return "n,," + self.first_bare

    def final(self, server_first):
        fields = dict(field.split("=", 1) for field in server_first.split(","))
        salted = hashlib.pbkdf2_hmac("sha256", self.password, base64.b64decode(fields["s"]),
                                     int(fields["i"]))
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        without_proof = f"c=biws,r={fields['r']}"
        message = f"{self.first_bare},{server_first},{without_proof}".encode()
        signature = hmac.digest(hashlib.sha256(client_key).digest(), message, "sha256")
        proof = bytes(a ^ b for a, b in zip(client_key, signature))
        server_key = hmac.digest(salted, b"Server Key", "sha256")
        self.expected = "v=" + base64.b64encode(
            hmac.digest(server_key, message, "sha256")).decode()
        return f"{without_proof},p={base64.b64encode(proof).decode()}"


class ScramTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.users = self.folder / "users"
        self.passwd("ada", "pencil")
        self.node = self.cluster.node("node", options=["--scram-users", self.users]).start()

    def passwd(self, user, password):
        return subprocess.run([binary("lotmesh"), "passwd", self.users, user, "--iterations", "4096"],
                              input=password + "\n", text=True, capture_output=True, check=True)

    def exchange(self, scram, client=None):
        """To where the broker has given its verdict: its packet."""
        if client is None:
            client = self.enterContext(RawMqtt(self.node.port))
            client.send(connect("scram", props=METHOD + data(scram.first())))
        else:
            client.send(packet(AUTH, RE_AUTHENTICATE, properties(METHOD, data(scram.first()))))
        first, body = client.read_packet()
        self.assertEqual((first, body[:1]), (AUTH, GO_ON))
        client.send(packet(AUTH, GO_ON, properties(METHOD, data(scram.final(data_of(body))))))
        return client, client.read_packet()

    def test_who_knows_the_password_is_let_in_and_learns_that_the_broker_does(self):
        scram = Scram("ada", "pencil")
        client, (first, body) = self.exchange(scram)
        self.assertEqual((first, body[:2]), (CONNACK, b"\x00\x00"))
        self.assertEqual(data_of(body), scram.expected)
        again = Scram("ada", "pencil")
        client, (first, body) = self.exchange(again, client)
        self.assertEqual((first, body[:1]), (AUTH, b"\x00"))
        self.assertEqual(data_of(body), again.expected)
        self.assertEqual(client.send(PINGED).read(2), PONGED)

    def test_who_does_not_is_refused_and_so_is_a_stranger(self):
        for user, password in (("ada", "ink"), ("bob", "pencil")):
            client, (first, body) = self.exchange(Scram(user, password))
            self.assertEqual((first, body[:2]), (CONNACK, b"\x00\x87"))
            self.assertEqual(client.read_to_end(), b"")

    def test_who_fails_later_is_disconnected(self):
        client, _ = self.exchange(Scram("ada", "pencil"))
        client, (first, body) = self.exchange(Scram("ada", "ink"), client)
        self.assertEqual((first, body[:1]), (DISCONNECT, b"\x87"))
        self.assertEqual(client.read_to_end(), b"")

    def test_the_commands_of_the_page(self):
        """docs/authentication.md, in a folder of one's own."""
        done = subprocess.run([binary("lotmesh"), "passwd", "mine", "ada"], input="pencil\n", text=True,
                              capture_output=True, cwd=self.folder, check=True)
        self.assertEqual((done.stdout, done.stderr), ("", ""))
        self.assertEqual((self.folder / "mine").stat().st_mode & 0o777, 0o600)

    def test_a_wrong_file_keeps_the_broker_from_starting(self):
        self.users.write_text("# people\nada:pencil\n")
        ended = subprocess.run([binary("lotmesh"), "serve", "--listen", "127.0.0.1:0",
                                "--scram-users", self.users], capture_output=True, text=True,
                               timeout=10)
        self.assertEqual(ended.returncode, 78)
        self.assertIn(f"{self.users}:2: expected SCRAM-SHA-256$...", ended.stderr)
        self.assertNotIn("pencil", ended.stderr)


if __name__ == "__main__":
    unittest.main()
