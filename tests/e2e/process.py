"""Processes of the e2e tests: started with a log, ended by their id, waited for with a bound."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time

STEP_SECONDS = 0.02


def binary(name):
    """The path of one of our programs, in the folder that run.py was given."""
    default = pathlib.Path(__file__).resolve().parents[2] / "build" / "release"
    return str(pathlib.Path(os.environ.get("LOTMESH_BINARY_DIR", default)) / name)


def await_that(what, condition, seconds=10.0):
    """Returns the first true value of condition(), asked again and again; fails after `seconds`.

    The only place in these tests that lets time pass.
    """
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what} (last seen: {value!r})")
        time.sleep(STEP_SECONDS)


def stays(what, condition, seconds):
    """Fails as soon as condition() is false within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not condition():
            raise AssertionError(f"did not stay so for {seconds} s: {what}")
        time.sleep(STEP_SECONDS)


def free_ports(count):
    """Ports that nobody listens on now: bound together, so that they differ, then given back."""
    sockets = []
    for _ in range(count):
        one = socket.socket()
        one.bind(("127.0.0.1", 0))
        sockets.append(one)
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Process:
    """One child process. Both its outputs go to a log file, which survives restarts."""

    def __init__(self, name, arguments, folder):
        self.name = name
        self.arguments = [str(argument) for argument in arguments]
        self.log_path = pathlib.Path(folder) / f"{name}.log"
        self.child = None

    def start(self):
        assert self.child is None or self.child.poll() is not None, f"{self.name} runs already"
        with open(self.log_path, "ab") as log:
            self.child = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=log,
                                          stderr=log, cwd=self.log_path.parent)
        return self

    @property
    def pid(self):
        return self.child.pid

    def alive(self):
        return self.child is not None and self.child.poll() is None

    def log(self):
        if not self.log_path.exists():
            return ""
        return self.log_path.read_text(errors="replace")

    def log_lines(self, *words):
        """The lines that have all these words, in any case."""
        return [line for line in self.log().splitlines()
                if all(word.lower() in line.lower() for word in words)]

    def await_log(self, pattern, seconds=10.0, after=0):
        """The first match of the pattern behind position `after` of the log."""
        def seen():
            match = re.search(pattern, self.log()[after:])
            if match is None and not self.alive():
                raise AssertionError(f"{self.name} ended with {self.child.returncode} before it "
                                     f"said {pattern!r}:\n{self.log()[-2000:]}")
            return match
        return await_that(f"{self.name} says {pattern!r}", seen, seconds)

    def kill(self):
        """SIGKILL, and waits until it is gone."""
        if self.alive():
            self.child.kill()
        return self.wait()

    def terminate(self, number=signal.SIGTERM, seconds=10.0):
        """Asks it to end, waits, returns its exit code."""
        if self.alive():
            self.child.send_signal(number)
        return self.wait(seconds)

    def wait(self, seconds=10.0):
        return None if self.child is None else self.child.wait(seconds)

    def clean_up(self):
        if self.alive():
            self.child.terminate()
            try:
                self.child.wait(3)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
