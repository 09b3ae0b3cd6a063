"""Who clients are: passwords, tokens and SCRAM-SHA-256, by clients that know nothing of ours."""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import resource
import signal
import subprocess
import tempfile
import time
import unittest

from clients import V5, Client
from cluster import Cluster
from process import await_that, binary
from raw_mqtt import AUTH, CONNACK, DISCONNECT, PINGED, PONGED, RawMqtt, connect, packet, properties, text

METHOD = b"\x15" + text("SCRAM-SHA-256")
GO_ON, RE_AUTHENTICATE = b"\x18", b"\x19"
WELCOME, WRONG, NOBODY, GUESSING = 0x00, 0x86, 0x87, 0x9F
STATE = "$SYS/broker/auth/state"


def passwd(file, user, password, *options):
    return subprocess.run([binary("lotmesh"), "passwd", file, user, *options],
                          input=password + "\n", text=True, capture_output=True, check=True)


def answer(port, user=None, password=None, version=5, before=b""):
    """The code of the CONNACK."""
    flags = (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
    payload = b"".join(text(part) for part in (user, password) if part is not None)
    with RawMqtt(port) as client:
        client.send(before + connect("" if version > 3 else "old", version, flags=flags, payload=payload))
        first, body = client.read_packet()
        assert first == CONNACK
        return body[1]


def mosquitto_pub(port, *options):
    """Its exit code."""
    return subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-t", "t", "-m", "m",
                           *options], capture_output=True, timeout=10).returncode


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


class Users(unittest.TestCase):
    """A node with a file of users, of whom ada is one."""

    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.users = self.folder / "users"
        passwd(self.users, "ada", "pencil", "--scram", "--iterations", "4096")
        self.node = self.cluster.node("node", options=self.options()).start()
        self.port = self.node.port

    def options(self):
        return ["--password-file", self.users]

    def client(self, user="ada", password="pencil"):
        client = Client(self.port, "client of " + user, V5)
        client.paho.username_pw_set(user, password)
        return self.enterContext(client.connect())


class PasswordTest(Users):
    def test_who_knows_the_password_is_let_in(self):
        passwd(self.users, "bob", "ruler")
        await_that("bob is known", lambda: answer(self.port, "bob", "ruler") == WELCOME)
        for version in (3, 4, 5):
            self.assertEqual(answer(self.port, "ada", "pencil", version), WELCOME)
        for version in ("mqttv311", "mqttv5"):
            known = ("-V", version, "-u", "ada", "-P")
            self.assertEqual(mosquitto_pub(self.port, *known, "pencil"), 0)
            self.assertNotEqual(mosquitto_pub(self.port, *known, "ink"), 0)
        self.assertEqual(self.client().connects[-1][1].value, 0)

    def test_a_wrong_password_and_a_stranger_are_refused_alike(self):
        for user, password in (("ada", "ink"), ("bob", "pencil"), ("ada", ""), ("ada", None)):
            self.assertEqual(answer(self.port, user, password), WRONG)
        self.assertEqual(answer(self.port, "ada", "ink", 4), 4)
        self.assertEqual(answer(self.port), NOBODY)
        self.assertEqual(answer(self.port, version=4), 5)

    def test_files_of_mosquitto_are_read(self):
        theirs = self.folder / "theirs"
        subprocess.run(["mosquitto_passwd", "-c", "-b", theirs, "eve", "apple"], check=True,
                       capture_output=True)
        node = self.cluster.node("other", options=["--password-file", theirs]).start()
        self.assertEqual(answer(node.port, "eve", "apple"), WELCOME)
        self.assertEqual(answer(node.port, "eve", "pear"), WRONG)

    def test_the_file_changes_under_connected_clients(self):
        ada = self.client()
        passwd(self.users, "bob", "ruler")
        await_that("bob is known", lambda: answer(self.port, "bob", "ruler") == WELCOME)
        bob = self.client("bob", "ruler")
        passwd(self.users, "bob", "ruler two")
        await_that("bob has another", lambda: answer(self.port, "bob", "ruler two") == WELCOME)
        passwd(self.users, "ada", "", "--delete")
        await_that("ada has gone", lambda: ada.disconnects, 1.0)
        self.assertEqual(answer(self.port, "ada", "pencil"), WRONG)
        bob.subscribe("t", 1).publish("t", "still here", 1)
        bob.await_payloads(["still here"], "t")
        self.assertEqual(bob.disconnects, [])

    def test_s10_a_bad_file_changes_nothing_and_is_told(self):
        ada = self.client().subscribe(STATE, 1)
        good = self.users.read_text()
        self.users.write_text(good + "bob:plain canary\n")
        ada.await_change("it is told", lambda: any("refused" in p for p in ada.payloads(STATE)))
        self.assertIn(f"{self.users}:3: ", json.loads(ada.payloads(STATE)[-1])["error"])
        self.node.await_log("who may connect stays as it was: .*users:3: ")
        self.users.unlink()
        os.kill(self.node.pid, signal.SIGHUP)
        self.node.await_log("who may connect stays as it was: cannot read")
        self.assertEqual(answer(self.port, "ada", "pencil"), WELCOME)
        self.assertEqual(answer(self.port, "bob", "plain canary"), WRONG)
        self.assertEqual(answer(self.port), NOBODY)
        self.assertNotIn("canary", self.node.log())

    def test_s3_no_descriptors_left_is_no_reason_to_forget_who_may(self):
        ada = self.client()
        limits = resource.prlimit(self.node.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.node.pid, resource.RLIMIT_NOFILE, (3, limits[1]))
        os.kill(self.node.pid, signal.SIGHUP)
        self.node.await_log("who may connect stays as it was: cannot read .*[Tt]oo many open files")
        resource.prlimit(self.node.pid, resource.RLIMIT_NOFILE, limits)
        self.assertEqual(answer(self.port, "ada", "pencil"), WELCOME)
        self.assertEqual(answer(self.port, "ada", "ink"), WRONG)
        self.assertEqual(answer(self.port), NOBODY)
        self.assertEqual(ada.disconnects, [])

    def test_who_guesses_waits_but_not_whom_he_pretends_to_be(self):
        self.assertEqual(answer(self.port, "ada", "pencil"), WELCOME)
        passwd(self.users, "bob", "ruler")
        await_that("bob is read", lambda: self.node.log_lines("who may connect is read", "users=2"))
        answers = [answer(self.port, "bob", "guess") for _ in range(7)]
        self.assertEqual(answers, [WRONG] * 6 + [GUESSING])
        self.assertEqual(answer(self.port, "bob", "ruler"), GUESSING)
        self.assertEqual(answer(self.port, "ada", "pencil"), WELCOME)

    def test_a_storm_of_clients_that_come_back_costs_one_hash(self):
        self.assertEqual(answer(self.port, "ada", "pencil"), WELCOME)
        stat = pathlib.Path(f"/proc/{self.node.pid}/stat")
        ticks = lambda: sum(map(int, stat.read_text().rsplit(")", 1)[1].split()[11:13]))
        before = ticks()
        for _ in range(200):
            self.assertEqual(answer(self.port, "ada", "pencil"), WELCOME)
        # Each of 200 hashes would take 10 ms at least.
        self.assertLess((ticks() - before) / os.sysconf("SC_CLK_TCK"), 1.0)

    def test_who_came_and_who_was_refused_is_in_the_audit(self):
        file = self.folder / "audit"
        node = self.cluster.node("audited", options=[*self.options(), "--audit-log", file]).start()
        self.assertEqual(answer(node.port, "ada", "pencil"), WELCOME)
        self.assertEqual(answer(node.port, "mal\nory", "canary"), WRONG)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        await_that("both are written", lambda: len(file.read_text().splitlines()) == 2)
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        self.assertEqual([(line["kind"], line["user"]) for line in lines],
                         [("connected", "ada"), ("connection_refused", "mal\nory")])
        self.assertNotIn("canary", file.read_text())
        os.rename(file, self.folder / "audit.1")
        os.kill(node.pid, signal.SIGHUP)
        await_that("it is opened again", file.exists)

    def test_s36_no_secret_is_in_the_log(self):
        self.client()
        for user, password in (("ada", "canary one"), ("bob", "canary two")):
            self.assertEqual(answer(self.port, user, password), WRONG)
        os.kill(self.node.pid, signal.SIGHUP)
        await_that("it is read", lambda: len(self.node.log_lines("who may connect is read")) >= 2)
        for secret in ("pencil", "canary", "argon2", "$7$", *self.users.read_text().split()):
            self.assertNotIn(secret, self.node.log())


class NobodyTest(unittest.TestCase):
    """Clients that prove nothing."""

    def setUp(self):
        self.cluster = self.enterContext(Cluster())

    def start(self, *options):
        """The codes for somebody here and somebody elsewhere."""
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        node = self.cluster.node(folder.name, options=[
            "--listen", "127.0.0.1:0?proxy=v1", "--port-file", folder / "ports", *options]).start()
        proxied = int((folder / "ports").read_text().split()[1])
        header = b"PROXY TCP4 10.0.0.9 10.0.0.1 40000 1883\r\n"
        return node, answer(node.port), answer(proxied, before=header)

    def test_they_may_come_from_this_machine_only(self):
        node, here, there = self.start()
        self.assertEqual((here, there), (WELCOME, NOBODY))
        self.assertEqual(len(node.log_lines("--password-file", "--allow-anonymous")), 1)

    def test_they_may_come_from_everywhere_where_that_is_said(self):
        node, here, there = self.start("--allow-anonymous")
        self.assertEqual((here, there), (WELCOME, WELCOME))
        self.assertEqual(len(node.log_lines("warning", "--allow-anonymous")), 1)

    def test_beside_users_they_may_not_unless_that_is_said(self):
        users = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) / "users"
        users.write_text("# nobody yet\n")
        _, here, there = self.start("--password-file", users)
        self.assertEqual((here, there), (NOBODY, NOBODY))
        _, here, there = self.start("--password-file", users, "--allow-anonymous")
        self.assertEqual((here, there), (WELCOME, WELCOME))


class TokenTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.private = self.folder / "private.pem"
        self.openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out",
                     self.private)
        self.openssl("pkey", "-in", self.private, "-pubout", "-out", self.folder / "public.pem")
        self.node = self.cluster.node("node", options=[
            "--jwt-key", self.folder / "public.pem", "--jwt-audience", "mesh"]).start()

    def openssl(self, *words, data=None):
        return subprocess.run(["openssl", *words], input=data, capture_output=True,
                              check=True).stdout

    def token(self, **claims):
        claims = {"sub": "ada", "aud": "mesh", "exp": time.time() + 60, **claims}
        encode = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")
        signed = b".".join(encode(json.dumps(part).encode()) for part in ({"alg": "RS256"}, claims))
        signature = self.openssl("dgst", "-sha256", "-sign", self.private, data=signed)
        return (signed + b"." + encode(signature)).decode()

    def test_a_token_is_a_password(self):
        port = self.node.port
        self.assertEqual(mosquitto_pub(port, "-u", "ada", "-P", self.token()), 0)
        self.assertEqual(answer(port, "", self.token(), 4), WELCOME)
        for user, token in (("bob", self.token()), ("ada", self.token(exp=time.time() - 60)),
                            ("ada", self.token(aud="others")), ("ada", self.token()[:-1]),
                            ("ada", "pencil")):
            self.assertEqual(answer(port, user, token), WRONG)
        self.assertEqual(answer(port), NOBODY)

    def test_a_token_is_shown_by_the_method_jwt(self):
        for token, code in ((self.token(), WELCOME), (self.token(sub=""), NOBODY)):
            client = self.enterContext(RawMqtt(self.node.port))
            client.send(connect("c", props=b"\x15" + text("JWT") + data(token)))
            first, body = client.read_packet()
            self.assertEqual((first, body[1]), (CONNACK, code))

    def test_a_client_leaves_with_its_token(self):
        client = self.enterContext(RawMqtt(self.node.port))
        # Of the 30 s that a token is taken after its end, 1 s is left.
        token = self.token(exp=time.time() - 29)
        client.send(connect("c", props=b"\x15" + text("JWT") + data(token)))
        self.assertEqual(client.read_packet()[1][1], WELCOME)
        first, body = client.read_packet()
        self.assertEqual((first, body[0]), (DISCONNECT, NOBODY))

    def test_a_key_is_replaced_while_the_node_runs(self):
        old = self.token()
        self.openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out",
                     self.private)
        self.openssl("pkey", "-in", self.private, "-pubout", "-out", self.folder / "public.pem")
        await_that("the new key", lambda: answer(self.node.port, "ada", self.token()) == WELCOME)
        self.assertEqual(answer(self.node.port, "ada", old), WRONG)


class PrivacyTest(unittest.TestCase):
    def test_s6_what_a_node_writes_is_its_owners_whatever_the_umask(self):
        with Cluster() as cluster:
            folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
            node = cluster.node("node", options=["--port-file", folder / "ports"])
            before = os.umask(0)
            try:
                node.start()
                passwd(folder / "users", "ada", "pencil")
            finally:
                os.umask(before)
            node.write_route("To_nobody", 1)
            node.await_log("routes applied revision=2")
            data_folder = node.home / "data"
            written = [data_folder, *data_folder.rglob("*"), folder / "users", folder / "ports"]
            self.assertGreater(len(written), 4)
            for path in written:
                self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_s36_the_memory_is_not_written_to_disk(self):
        with Cluster() as cluster:
            resource_before = resource.getrlimit(resource.RLIMIT_CORE)
            resource.setrlimit(resource.RLIMIT_CORE, (resource_before[1], resource_before[1]))
            self.addCleanup(resource.setrlimit, resource.RLIMIT_CORE, resource_before)
            node = cluster.node("node").start()
            os.kill(node.pid, signal.SIGABRT)
            _, status = os.waitpid(node.pid, 0)
            node.child.returncode = -os.WTERMSIG(status)
            self.assertEqual(os.WTERMSIG(status), signal.SIGABRT)
            self.assertFalse(os.WCOREDUMP(status))


class ScramTest(Users):
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
        for words, said in ((["users", "eve"], "user eve added: argon2id\n"),
                            (["users", "eve", "--scram"],
                             "user eve changed: argon2id, SCRAM-SHA-256\n"),
                            (["users", "eve", "--delete"], "user eve deleted\n")):
            done = subprocess.run([binary("lotmesh"), "passwd", *words], input="pencil\n", text=True,
                                  capture_output=True, cwd=self.folder, check=True)
            self.assertEqual((done.stdout, done.stderr), (said, ""))
            self.assertEqual(self.users.stat().st_mode & 0o777, 0o600)

    def test_a_wrong_file_keeps_the_broker_from_starting(self):
        self.users.write_text("# people\nada:pencil\n")
        ended = subprocess.run([binary("lotmesh"), "serve", "--listen", "127.0.0.1:0",
                                "--password-file", self.users], capture_output=True, text=True,
                               timeout=10)
        self.assertEqual(ended.returncode, 78)
        self.assertIn(f"{self.users}:2: what stands behind the colon is no whole", ended.stderr)
        self.assertNotIn("pencil", ended.stderr)


if __name__ == "__main__":
    unittest.main()
