"""A page with MQTT.js in headless Chromium: bundled from Debian's packages, served on loopback, and
what it has to say comes back as a POST."""

import http.server
import os
import pathlib
import queue
import subprocess
import threading

from process import Process

HERE = pathlib.Path(__file__).resolve().parent / "websocket"
MODULES = "/usr/share/nodejs"  # where Debian keeps those of Node.js
SECONDS = 60.0  # a browser starts slowly on a busy machine
PAGE = b'<!DOCTYPE html><meta charset="utf-8"><title>MQTT</title><script src="/page.js"></script>'


def environment():
    return {**os.environ, "NODE_PATH": MODULES}


def run_in_node(url):
    """The line of the scenario in Node.js."""
    done = subprocess.run(["node", str(HERE / "node.js"), url], env=environment(), text=True,
                          capture_output=True, timeout=SECONDS, check=True)
    return done.stdout.strip()


def bundle(folder):
    """The page's one script: MQTT.js and the scenario."""
    target = pathlib.Path(folder) / "page.js"
    subprocess.run(["esbuild", str(HERE / "page.js"), "--bundle", "--platform=browser",
                    "--log-level=error", f"--outfile={target}", "--define:global=window",
                    f"--inject:{HERE / 'node_globals.js'}", f"--alias:ws={HERE / 'nothing.js'}",
                    "--alias:stream=readable-stream"],
                   env=environment(), timeout=SECONDS, check=True)
    return target.read_bytes()


class PageServer:
    """Serves the page and keeps what it posts."""

    def __init__(self, script):
        results = self.results = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                is_script = self.path == "/page.js"
                self.answer(script if is_script else PAGE,
                            "text/javascript" if is_script else "text/html")

            def do_POST(self):
                results.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.answer(b"", "text/plain")

            def answer(self, body, kind):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Browser(Process):
    """Chromium on one page, without a window."""

    def __init__(self, name, folder, url):
        profile = pathlib.Path(folder) / f"{name}-profile"
        super().__init__(name, ["chromium", "--headless", "--no-sandbox", "--disable-gpu",
                                "--disable-dev-shm-usage", "--no-first-run",
                                "--remote-debugging-port=0", f"--user-data-dir={profile}", url],
                         folder)
