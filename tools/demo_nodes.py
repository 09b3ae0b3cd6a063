"""The nodes of tools/demo: started from a copy of routes/mesh3, shown, checked, and cleaned up.

Uses nothing but the mosquitto clients, so that every step can be repeated by hand.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
LOTMESH = pathlib.Path(os.environ.get("LOTMESH_BINARY_DIR", ROOT / "build" / "release")) / "lotmesh"
COUNT = 3
FORM_SECONDS = 20.0
STEP_SECONDS = 10.0


class Unexpected(Exception):
    """Something was not as it must be."""


def await_that(what, condition, seconds=STEP_SECONDS):
    """Returns the first true value of condition() and the time that it took."""
    began = time.monotonic()
    while True:
        value = condition()
        if value:
            return value, time.monotonic() - began
        if time.monotonic() - began > seconds:
            raise Unexpected(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.05)


class Node:
    def __init__(self, number, folder):
        self.name = f"node{number}"
        self.port = 18830 + number
        self.folder = folder
        self.log_path = folder / f"{self.name}.log"
        self.routes = self.find_routes(folder / "routes")
        self.child = None

    def find_routes(self, folder):
        """One file or one folder for each node."""
        for path in (folder / self.name, folder / f"{self.name}.lot"):
            if path.exists():
                return path
        raise Unexpected(f"routes/mesh3 has nothing for {self.name}")

    def route_file(self):
        return self.routes if self.routes.is_file() else sorted(self.routes.glob("*.lot"))[0]

    def command(self):
        return [str(word) for word in (
            LOTMESH, "serve", "--name", self.name, "--listen", f"127.0.0.1:{self.port}",
            "--routes", self.routes, "--data", self.folder / f"{self.name}.data")]

    def start(self):
        before = len(self.log())
        with open(self.log_path, "ab") as log:
            # Its own session: a Ctrl-C is for us, and we end the nodes.
            self.child = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log,
                                          stderr=log, start_new_session=True)

        def ready():
            if self.child.poll() is not None:
                last = self.log().strip().splitlines()
                raise Unexpected(f"{self.name} did not start: {last[-1] if last else 'no word'}")
            return re.search(r"\bready\b", self.log()[before:])
        await_that(f"{self.name} is ready", ready)

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def alive(self):
        return self.child is not None and self.child.poll() is None

    def stop(self, number=signal.SIGTERM):
        if self.alive():
            self.child.send_signal(number)
        try:
            return self.child.wait(STEP_SECONDS) if self.child else 0
        except subprocess.TimeoutExpired:
            self.child.kill()
            return self.child.wait()

    def sys(self, topic):
        """The retained JSON of a $SYS topic, or nothing."""
        found = self.retained(f"$SYS/broker/{topic}")
        return json.loads(found) if found else {}

    def retained(self, topic):
        done = subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port), "-t", topic,
                               "-C", "1", "-W", "2"], capture_output=True, text=True)
        return done.stdout.strip()

    def status(self):
        return self.sys("cluster/status").get("status", "unknown")

    def publish(self, topic, payload, qos=0, retain=False):
        command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-t", topic, "-m",
                   payload, "-q", str(qos)]
        subprocess.run(command + (["-r"] if retain else []), check=True, timeout=STEP_SECONDS)


class Subscriber:
    """mosquitto_sub in the background; keeps what it prints."""

    def __init__(self, node, topic):
        self.messages = []
        subscribed = threading.Event()
        self.child = subprocess.Popen(
            ["stdbuf", "-oL", "mosquitto_sub", "-d", "-h", "127.0.0.1", "-p", str(node.port), "-t",
             topic, "-q", "2", "-F", "message %p"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        def read():
            for line in self.child.stdout:
                if line.startswith("Subscribed"):
                    subscribed.set()
                elif line.startswith("message "):
                    self.messages.append(line.removeprefix("message ").strip())
        threading.Thread(target=read, daemon=True).start()
        if not subscribed.wait(STEP_SECONDS):
            raise Unexpected("mosquitto_sub could not subscribe")

    def await_message(self, payload):
        return await_that(f"{payload!r} on node3", lambda: payload in self.messages)[1]

    def close(self):
        self.child.kill()
        self.child.wait()


class Demo:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lotmesh-demo-"))
        shutil.copytree(ROOT / "routes" / "mesh3", self.folder / "routes")
        self.nodes = [Node(number, self.folder) for number in range(1, COUNT + 1)]

    def form(self):
        """Starts all nodes and tells how the cluster forms."""
        for node in self.nodes:
            node.start()
            print(f"{node.name} listens on 127.0.0.1:{node.port}", flush=True)
        told = {}

        def healthy():
            for node in self.nodes:
                status = node.status()
                if told.get(node.name) != status:
                    told[node.name] = status
                    print(f"{node.name} says: {status}", flush=True)
            return all(status == "healthy" for status in told.values())
        return await_that("all nodes say healthy", healthy, FORM_SECONDS)[1]

    def clean_up(self):
        # The nodes have sessions of their own: who leaves before they have ended leaves them behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        codes = [node.stop() for node in self.nodes]
        shutil.rmtree(self.folder, ignore_errors=True)
        return codes


def show(demo):
    """Runs until Ctrl-C."""
    seconds = demo.form()
    first, second, third = demo.nodes
    print(f"""
The cluster has formed in {seconds:.1f} s. Try, each in a terminal of its own:

  mosquitto_sub -p {third.port} -t 'demo/#' -v                       # on node3
  mosquitto_pub -p {first.port} -t demo/hello -m 'hello' -q 1        # on node1
  mosquitto_sub -p {first.port} -t '$SYS/broker/cluster/#' -v        # what node1 knows of the others

Kill a node and watch the others:   kill -9 {second.child.pid}
Bring it back:                      {" ".join(second.command())}
Edit a route while all run:         {first.route_file()}
                                    mosquitto_sub -p {first.port} -t '$SYS/broker/routes/reload'
Logs:                               {demo.folder}/node*.log

Ctrl-C ends everything.""", flush=True)
    told = set()
    while True:
        for node in demo.nodes:
            if not node.alive() and node.name not in told:
                told.add(node.name)
                print(f"{node.name} has ended ({node.child.returncode})", flush=True)
        time.sleep(0.2)


class Check:
    """What a person would try, one line for each."""

    def __init__(self, demo):
        self.demo = demo
        self.first, self.second, self.third = demo.nodes
        self.sent = []

    def say(self, what):
        print(f"ok: {what}", flush=True)

    def send(self, node, payload, qos):
        node.publish("demo/check", payload, qos)
        self.sent.append(payload)
        return self.subscriber.await_message(payload)

    def run(self):
        self.say(f"three nodes formed one cluster in {self.demo.form():.1f} s")
        self.subscriber = Subscriber(self.third, "demo/#")
        try:
            self.every_qos()
            self.kill_and_return()
            self.edit()
            self.broken_edit()
            self.nothing_twice()
        finally:
            self.subscriber.close()

    def every_qos(self):
        for qos in (0, 1, 2):
            seconds = self.send(self.first, f"QoS {qos}", qos)
            self.say(f"QoS {qos}: published on node1, received on node3 after {seconds * 1000:.0f} ms")

    def kill_and_return(self):
        self.second.stop(signal.SIGKILL)
        status, seconds = await_that(
            "node1 notices", lambda: self.first.status() not in ("healthy", "unknown")
            and self.first.status())
        self.say(f"node2 was killed; node1 says {status} after {seconds:.1f} s")
        self.send(self.first, "without node2", 1)
        self.say("QoS 1: published on node1, received on node3 while node2 is dead")
        self.first.publish("demo-kept", "kept for node2", 1, retain=True)
        began = time.monotonic()
        self.second.start()
        await_that("all nodes are healthy again",
                   lambda: all(node.status() == "healthy" for node in self.demo.nodes))
        self.say(f"node2 is back; all nodes say healthy after {time.monotonic() - began:.1f} s")
        await_that("node2 has the retained message",
                   lambda: self.second.retained("demo-kept") == "kept for node2")
        self.say("node2 has the retained message that was set while it was dead")
        self.send(self.second, "from node2", 2)
        self.say("QoS 2: published on node2, received on node3")

    def reload(self, text):
        """Replaces node1's route file as editors do; returns what node1 says of it."""
        before = self.first.sys("routes/reload")
        path = self.first.route_file()
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_text(text)
        os.replace(temporary, path)
        return await_that("node1 reports the reload", lambda: self.changed_reload(before))[0]

    def changed_reload(self, before):
        now = self.first.sys("routes/reload")
        return now if now != before else None

    def links(self):
        return [(peer["uuid"], peer["state"], sorted(link["address"] for link in peer["links"]))
                for peer in self.first.sys("cluster/nodes").get("peers", [])]

    def edit(self):
        links = self.links()
        text = self.first.route_file().read_text()
        edited = re.sub(r"(MESSAGE_VALIDITY_SEC\s+)\S+", r"\g<1>'77'", text)
        if edited == text:
            raise Unexpected("node1's route file has no MESSAGE_VALIDITY_SEC to edit")
        result = self.reload(edited)
        if not result.get("ok") or self.links() != links:
            raise Unexpected(f"after a good edit: {result}")
        self.send(self.first, "after the edit", 1)
        self.say(f"a route was edited: revision {result['revision']}, no link was touched")

    def broken_edit(self):
        links = self.links()
        text = self.first.route_file().read_text()
        result = self.reload(text.replace("BROKER_PORT", "BROKER_PROT"))
        if result.get("ok") or not result.get("errors") or self.links() != links:
            raise Unexpected(f"after a broken edit: {result}")
        self.send(self.first, "after the broken edit", 1)
        self.say(f"a route was broken: {len(result['errors'])} error(s) reported, nothing changed")

    def nothing_twice(self):
        self.send(self.first, "the last one", 2)
        if self.subscriber.messages != self.sent:
            raise Unexpected(f"node3 received {self.subscriber.messages}, sent was {self.sent}")
        self.say(f"node3 received {len(self.sent)} messages, each once and in order")


def main():
    check = sys.argv[1:] == ["--check"]
    # A terminal that is closed hangs up; then there is nobody to print to, either.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    # Whoever starts us in the background of a shell hands on a SIGINT that is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    demo = Demo()
    failed = False
    try:
        if check:
            Check(demo).run()
        else:
            show(demo)
    except KeyboardInterrupt:
        print()
    except (Unexpected, subprocess.SubprocessError) as error:
        failed = True
        print(f"NOT OK: {error}", flush=True)
        for node in demo.nodes if check else []:
            print(f"--- {node.name}\n" + "\n".join(node.log().splitlines()[-20:]))
    finally:
        codes = demo.clean_up()
    if check and not failed:
        failed = any(codes)
        print("NOT OK: " if failed else "ok: ", f"the nodes ended with {codes}", sep="")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
