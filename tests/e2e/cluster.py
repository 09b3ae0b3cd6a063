"""Clusters for the e2e tests: nodes with their ports, route files and data; and what may stand
between and beside them (fault proxy, mosquitto)."""

import itertools
import json
import os
import pathlib
import re
import shutil
import socket
import tempfile

from clients import fetch_retained
from process import Process, await_that, binary, free_ports

LOG_TAIL_LINES = 60
LINK_SECONDS = 10.0


def route_text(name, port, address="127.0.0.1", **keys):
    """A route file of one MQTT_CLUSTER route. Keys are those of the language; numbers are quoted
    as it wants them."""
    values = {"BROKER_ADDRESS": address, "BROKER_PORT": port, "CLIENT_ID": name,
              "MESSAGE_VALIDITY_SEC": 30, **keys}
    lines = [f"DEFINE ROUTE {name} WITH TYPE MQTT_CLUSTER", "    ADD CLUSTER_CONFIG"]
    for key, value in values.items():
        quoted = f"'{value}'" if isinstance(value, int) else f'"{value}"'
        lines.append(f"        WITH {key} {quoted}")
    return "\n".join(lines) + "\n"


def replace_file(path, text):
    """As editors write: a new file beside it, then renamed into its place."""
    temporary = path.with_name("." + path.name + ".tmp")
    temporary.write_text(text)
    os.replace(temporary, path)


class Node(Process):
    """One `lotmesh serve`. Its routes are the files of the folder `routes`."""

    def __init__(self, name, port, folder, options=()):
        self.port = port
        self.home = pathlib.Path(folder) / name
        self.routes = self.home / "routes"
        self.routes.mkdir(parents=True)
        super().__init__(name, [binary("lotmesh"), "serve", "--name", name,
                                "--listen", f"127.0.0.1:{port}", "--routes", self.routes,
                                "--data", self.home / "data", *options], folder)

    def write_route(self, name, port, **keys):
        """Writes or replaces the file of one route."""
        replace_file(self.routes / f"{name}.lot", route_text(name, port, **keys))

    def start(self):
        position = len(self.log())
        super().start()
        self.await_log(r"\bready\b", after=position)
        return self

    def sys(self, topic, seconds=5.0):
        """The retained JSON of $SYS/broker/TOPIC."""
        return json.loads(fetch_retained(self.port, f"$SYS/broker/{topic}", seconds))

    def linked_peers(self):
        """The names of the peers to which a link is up."""
        return [peer["name"] for peer in self.sys("cluster/nodes")["peers"]
                if peer["state"] == "up"]

    def route(self, name):
        """What /nodes says about one of our routes."""
        routes = self.sys("cluster/nodes")["routes"]
        return next((route for route in routes if route["route"] == name), None)

    def await_route(self, name, *states, seconds=LINK_SECONDS):
        """Waits until the route is in one of these states."""
        def reached():
            route = self.route(name)
            return route if route is not None and route["state"] in states else None
        return await_that(f"{self.name}: route {name} is {' or '.join(states)}", reached, seconds)

    def await_linked(self, count, seconds=LINK_SECONDS):
        await_that(f"{self.name} has {count} links up",
                   lambda: len(self.linked_peers()) == count, seconds)


class Cluster:
    """A temporary folder and all that runs in it. Use with `with`: everything ends with it. When a
    test fails, run.py shows the logs of those that are open."""

    open = []

    def __init__(self):
        Cluster.open.append(self)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lotmesh-e2e-"))
        self.processes = []
        self.numbers = itertools.count(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        Cluster.open.remove(self)
        for process in reversed(self.processes):
            process.clean_up()
        shutil.rmtree(self.folder, ignore_errors=True)

    def show_logs(self):
        for process in self.processes:
            tail = "\n    ".join(process.log().splitlines()[-LOG_TAIL_LINES:])
            print(f"  --- {process.name}, its last lines:\n    {tail}")

    def add(self, process):
        self.processes.append(process)
        return process

    def node(self, name, port=None, options=()):
        """A node that is not started yet, so that its routes can be written first."""
        return self.add(Node(name, port or free_ports(1)[0], self.folder, options))

    def mesh(self, count, options=(), **keys):
        """That many nodes, each with a route to every other, started and linked."""
        ports = free_ports(count)
        nodes = [self.node(f"node{i + 1}", port, options) for i, port in enumerate(ports)]
        for node in nodes:
            for other in nodes:
                if other is not node:
                    node.write_route(f"To_{other.name}", other.port,
                               **{"CLIENT_ID": f"{node.name}_to_{other.name}", **keys})
        for node in nodes:
            node.start()
        for node in nodes:
            node.await_linked(count - 1)
        return nodes

    def proxy(self, target_port):
        return self.add(FaultProxy(f"proxy{next(self.numbers)}", target_port, self.folder)).start()

    def mosquitto(self, *settings):
        return self.add(Mosquitto(f"mosquitto{next(self.numbers)}", self.folder, settings)).start()

    def bench(self, *arguments):
        """lotmesh-bench in the background; await_result() gives its report."""
        return self.add(Bench(f"bench{next(self.numbers)}", self.folder, arguments)).start()


class FaultProxy(Process):
    def __init__(self, name, target_port, folder):
        self.control = pathlib.Path(folder) / f"{name}.sock"
        self.port = None
        super().__init__(name, [binary("lotmesh-fault-proxy"), "--listen", "127.0.0.1:0",
                                "--target", f"127.0.0.1:{target_port}",
                                "--control", self.control], folder)

    def start(self):
        super().start()
        self.port = int(self.await_log(r"listening on 127\.0\.0\.1:(\d+)").group(1))
        return self

    def ask(self, line):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.control))
            connection.sendall(line.encode() + b"\n")
            return connection.makefile().readline().strip()

    def do(self, line):
        answer = self.ask(line)
        assert answer == "ok", f"{line}: {answer}"

    def status(self):
        """{'connections': 1, 'accepted': 1, 'up': bytes, 'down': bytes}"""
        words = self.ask("status").split()[1:]
        return {key: int(value) for key, value in (word.split("=") for word in words)}


class Mosquitto(Process):
    """Debian's broker, for comparison and as a foreign one."""

    def __init__(self, name, folder, settings):
        self.port = free_ports(1)[0]
        config = pathlib.Path(folder) / f"{name}.conf"
        lines = [f"listener {self.port} 127.0.0.1", "allow_anonymous true", *settings]
        config.write_text("\n".join(lines) + "\n")
        super().__init__(name, ["/usr/sbin/mosquitto", "-c", config], folder)

    def start(self):
        super().start()
        self.await_log(r"mosquitto version \S+ running")
        return self


class Bench(Process):
    def __init__(self, name, folder, arguments):
        super().__init__(name, [binary("lotmesh-bench"), *arguments, "--json"], folder)

    def await_publishing(self, seconds=15.0):
        self.await_log(r"(?m)^publishing$", seconds)
        return self

    def delivered(self):
        """As the last line of progress says."""
        found = re.findall(r"delivered (\d+)", self.log())
        return int(found[-1]) if found else 0

    def await_delivered(self, count, seconds=30.0):
        def reached():
            if not self.alive():
                raise AssertionError(f"{self.name} ended early:\n{self.log()[-2000:]}")
            return self.delivered() >= count
        await_that(f"{self.name} has {count} deliveries", reached, seconds)

    def stop(self):
        """Ends publishing; it still waits for what is on its way."""
        return self.await_result(self.terminate(seconds=90.0))

    def await_result(self, code=None, seconds=90.0):
        code = self.wait(seconds) if code is None else code
        lines = self.log().splitlines()
        if code not in (0, 1) or not lines or not lines[-1].startswith("{"):
            raise AssertionError(f"{self.name} could not run ({code}):\n{self.log()[-2000:]}")
        return json.loads(lines[-1])
