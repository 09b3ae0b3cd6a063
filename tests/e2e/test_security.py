"""Classes of attack that only a running node shows (docs/security.md)."""

import fcntl
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import termios
import unittest

from certificates import Authority, openssl
from clients import V5, Client, RawClient
from cluster import Cluster
from process import await_that, binary, free_ports
from raw_mqtt import RawMqtt, connect, text

# Line ends, an escape sequence of terminals, markup, and what would end a string of JSON.
INJECTION = 'x\nFAKE error line\r\x1b[31m<script>alert(1)</script>"}\\'
INODE = re.compile(r"socket:\[(\d+)\]")
LISTENING = "0A"


def listening_ports(pid):
    """The TCP ports that this process listens on, as the kernel says."""
    inodes = set()
    for descriptor in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        found = INODE.match(os.readlink(descriptor))
        if found:
            inodes.add(found.group(1))
    ports = set()
    for table in ("tcp", "tcp6"):
        for line in pathlib.Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and fields[9] in inodes:
                ports.add(int(fields[1].rpartition(":")[2], 16))
    return ports


def unread_bytes(connection):
    """Of what was sent, how much the other end has not yet acknowledged."""
    return struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, b"\0" * 4))[0]


def memory_holds(pid, secret):
    """Whether these bytes are anywhere in what the process may write: what a core would have."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            fields = line.split()
            if not fields[1].startswith("rw") or fields[-1] in ("[vvar]", "[vsyscall]"):
                continue
            begin, end = (int(word, 16) for word in fields[0].split("-"))
            memory.seek(begin)
            try:
                if secret in memory.read(end - begin):
                    return True
            except OSError:  # a guard page
                continue
    return False


class SecurityTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())

    def test_s32_there_are_no_other_ports_than_those_that_were_asked_for(self):
        # Otherwise only root may see what it has open.
        first, second = (self.cluster.node(name, options=["--core-dumps"])
                         for name in ("first", "second"))
        second.write_route("ToFirst", first.port)
        first.start()
        second.start().await_linked(1)
        for node in (first, second):
            self.assertEqual({node.port}, listening_ports(node.pid))
        kinds = set()
        for table in ("udp", "udp6", "raw"):
            lines = pathlib.Path(f"/proc/{first.pid}/net/{table}").read_text().splitlines()[1:]
            inodes = {line.split()[9] for line in lines}
            ours = {os.readlink(link) for link in pathlib.Path(f"/proc/{first.pid}/fd").iterdir()}
            kinds |= {table for inode in inodes if f"socket:[{inode}]" in ours}
        self.assertEqual(set(), kinds)

    def test_s33_what_a_client_calls_itself_cannot_write_into_the_log_or_into_json(self):
        node = self.cluster.node("node", options=["--log-level", "debug"]).start()
        lines_before = len(node.log().splitlines())
        raw = RawClient(node.port, INJECTION)
        # Twice the same: the second takes over from the first, which is told of in the log.
        RawClient(node.port, INJECTION).socket.close()
        raw.socket.close()
        with Client(node.port, "witness", V5).connect() as witness:
            witness.subscribe("$SYS/#", 1)
            witness.await_change("what the node says of itself",
                                 lambda: len(witness.messages) > 20)
            payloads = [(message.topic, message.payload) for message in witness.messages]
        log = node.log()
        self.assertNotIn("\x1b", log)
        for line in log.splitlines()[lines_before:]:
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT")  # each is one of ours
        for topic, payload in payloads:
            self.assertNotIn(b"\x1b", payload, topic)
            if payload.startswith(b"{"):
                json.loads(payload)

    def test_s33_a_connection_that_speaks_nonsense_leaves_no_trace_of_it_in_the_log(self):
        node = self.cluster.node("node", options=["--log-level", "debug"]).start()
        with socket.create_connection(("127.0.0.1", node.port)) as stranger:
            stranger.sendall(b"\x10\xff\xff\xff\x7f" + INJECTION.encode())
            stranger.settimeout(10)
            while stranger.recv(100):
                pass
        self.assertNotIn("FAKE", node.log())

    def test_s36_no_secret_is_in_any_output(self):
        """Each secret is a canary; everything that a node and its tools say is searched for them."""
        folder = self.cluster.folder
        canaries = {name: f"canary-{name}-7f3a9c" for name in
                    ("user", "wrong", "peers", "route", "jwt", "passphrase")}
        canaries["psk"] = "ca5a12" + "0b" * 20
        authority = Authority(folder)
        certificate, key = authority.issue("node", "DNS:localhost", "IP:127.0.0.1")
        sealed = folder / "sealed.pem"
        openssl("pkcs8", "-topk8", "-in", key, "-out", folder / "sealed.key", "-passout",
                f"pass:{canaries['passphrase']}")
        sealed.write_text(certificate.read_text() + (folder / "sealed.key").read_text())
        for name, text in (("psk", f"pump:{canaries['psk']}\n"),
                           ("peers", f"mesh:{canaries['peers']}\n"),
                           ("jwt", canaries["jwt"] * 3)):
            path = folder / name
            path.write_text(text)
            path.chmod(0o600)
        outputs = [subprocess.run(
            [binary("lotmesh"), "passwd", folder / "users", "ada"], check=True, text=True,
            input=canaries["user"] + "\n", capture_output=True)]
        tls_port = free_ports(1)[0]
        node = self.cluster.node("node", options=[
            "--password-file", folder / "users", "--cluster-credentials", folder / "peers",
            "--jwt-key", folder / "jwt", "--audit-log", folder / "audit", "--log-level", "debug",
            "--listen", f"tls://127.0.0.1:{tls_port}", "--tls-certificate", certificate,
            "--tls-key", key, "--tls-psk", folder / "psk"])
        node.write_route("ToNobody", free_ports(1)[0], USERNAME="mesh",
                         PASSWORD=canaries["route"], USE_TLS="true",
                         SERVER_CA_CERT_PATH=authority.certificate, CLIENT_CERT_PATH=sealed,
                         CLIENT_CERT_PASS=canaries["passphrase"])
        node.start()
        for password in (canaries["wrong"], canaries["user"]):
            outputs.append(subprocess.run(
                ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(node.port), "-t", "a", "-m", "x",
                 "-u", "ada", "-P", password], capture_output=True, text=True, timeout=20))
        said = subprocess.run(
            ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(node.port), "-t", "$SYS/#", "-u", "ada",
             "-P", canaries["user"], "-v", "-W", "3"], capture_output=True, text=True, timeout=20)
        self.assertIn("$SYS/broker/version", said.stdout)
        outputs.append(said)
        for path, mistake in ((folder / "users", "ada:plain\n"), (folder / "psk", "pump:zz\n"),
                              (node.routes / "Broken.lot", "DEFINE ROUTE")):
            path.write_text(mistake)
        node.await_log("stays as it was")
        os.kill(node.pid, signal.SIGHUP)
        outputs.append(subprocess.run([binary("lotmesh"), "lint", node.routes], text=True,
                                      capture_output=True))
        texts = [output.stdout + output.stderr for output in outputs]
        texts += [node.log(), (folder / "audit").read_text(),
                  pathlib.Path(f"/proc/{node.pid}/cmdline").read_text()]
        for name, canary in canaries.items():
            for text in texts:
                self.assertNotIn(canary, text, name)
        self.assertNotIn("$argon2id$v=", "".join(texts))

    def test_s36_a_password_is_not_in_the_memory_once_it_has_been_checked(self):
        folder = self.cluster.folder
        wrong, right = "canary-wrong-51d0c2e7", "canary-right-93ab7f14"
        subprocess.run([binary("lotmesh"), "passwd", folder / "users", "ada"], check=True, text=True,
                       input=right + "\n", capture_output=True)
        authority = Authority(folder)
        certificate, key = authority.issue("node", "DNS:localhost", "IP:127.0.0.1")
        tls_port = free_ports(1)[0]
        # With --core-dumps it may be looked into.
        node = self.cluster.node("node", options=[
            "--password-file", folder / "users", "--core-dumps", "--listen",
            f"tls://127.0.0.1:{tls_port}", "--tls-certificate", certificate, "--tls-key", key]).start()
        for port, options in ((node.port, []), (tls_port, ["--cafile", authority.certificate])):
            for password, code in ((wrong, 4), (right, 0)):
                done = subprocess.run(
                    ["mosquitto_pub", "-h", "localhost", "-p", str(port), "-t", "a", "-m",
                     "canary-message", "-u", "ada", "-P", password, *map(str, options)],
                    capture_output=True, timeout=20)
                self.assertEqual(code, done.returncode, done)
        # In pieces, and half of one.
        whole = connect("c", flags=0xC0, payload=text("ada") + text(right))
        for size in (len(whole), len(whole) - 3):
            with RawMqtt(node.port) as client:
                for byte in whole[:size]:
                    client.send(bytes([byte]))
                    await_that("it has been read", lambda: unread_bytes(client.socket) == 0)
                if size == len(whole):
                    self.assertEqual(0, client.read_packet()[1][1])
        self.assertTrue(memory_holds(node.pid, b"tls://127.0.0.1"))  # it can be searched
        self.assertFalse(memory_holds(node.pid, wrong.encode()))
        self.assertFalse(memory_holds(node.pid, right.encode()))


if __name__ == "__main__":
    unittest.main()
