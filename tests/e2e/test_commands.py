"""Commands over MQTT: routes come and go by message, survive a restart, and are shown."""

import json
import subprocess
import unittest

from clients import V311, V5, Client
from cluster import Cluster, route_text
from process import await_that, free_ports

COMMAND = "$SYS/Coreflux/Command"
OUTPUT = "$SYS/Coreflux/Command/Output"


class CommandsTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.left, self.right = (self.cluster.node(name).start() for name in ("left", "right"))
        self.client = self.enterContext(Client(self.left.port, "tool", V5).connect())
        self.client.subscribe(OUTPUT, 1)

    def command(self, text):
        before = len(self.client.payloads(OUTPUT))
        self.client.publish(COMMAND, text, 1)
        await_that("the answer", lambda: len(self.client.payloads(OUTPUT)) > before)
        return json.loads(self.client.payloads(OUTPUT)[-1])

    def test_a_route_by_command_links_and_survives_a_restart(self):
        text = route_text("ToRight", self.right.port, PASSWORD="hush")
        answer = self.command(f"-addRoute {text} -requestId 42")
        self.assertTrue(answer["success"], answer)
        self.assertEqual((answer["command"], answer["requestId"], answer["entityName"]),
                         ("AddRoute", "42", "ToRight"))
        self.left.await_linked(1)
        self.assertIn("Added by a command", (self.left.routes / "ToRight.command.lot").read_text())
        self.assertEqual(self.command("-listRoutes")["data"],
                         [{"name": "ToRight", "type": "MQTT_CLUSTER", "connection": "Connected",
                           "health": "Green"}])
        self.client.disconnect()
        self.left.terminate()
        self.left.start()
        self.left.await_linked(1)

    def test_what_is_shown_of_a_route_has_no_secrets_and_goes_with_it(self):
        self.client.subscribe("$SYS/Coreflux/Routes/#", 1)
        self.command("-addRoute " + route_text("ToRight", self.right.port, PASSWORD="hush"))
        source, status = "$SYS/Coreflux/Routes/ToRight", "$SYS/Coreflux/Routes/ToRight/status"
        await_that("the text", lambda: self.client.payloads(source))
        self.assertIn('WITH CLIENT_ID "ToRight"', self.client.payloads(source)[-1])
        self.assertNotIn("hush", "".join(self.client.payloads()))
        await_that("it is connected", lambda: [text for text in self.client.payloads(status)
                                               if '"connection":"Connected"' in text])
        self.assertTrue(self.command("-removeRoute ToRight")["success"])
        await_that("both are cleared", lambda: self.client.payloads(source)[-1] == "" and
                   self.client.payloads(status)[-1] == "")
        self.assertEqual(list(self.left.routes.iterdir()), [])

    def test_mistakes_are_those_that_lint_and_a_reload_report(self):
        text = route_text("Bad", self.right.port).replace("BROKER_PORT", "BROKER_PROT")
        answer = self.command(f"-addRoute {text}")
        self.assertFalse(answer["success"])
        self.assertRegex(answer["message"], r"^Parsing error: .* \(\d+,\d+\)$")
        linted = subprocess.run([self.left.arguments[0], "lint", "--format", "json", "-"],
                                input=text, text=True, capture_output=True, check=False)
        expected = [(one["message"], one["code"], one["line"], one["column"])
                    for one in json.loads(linted.stdout)["diagnostics"]]
        self.assertEqual([(one["message"], one["code"], one["line"], one["column"])
                          for one in answer["errors"]], expected)
        (self.left.routes / "bad.lot").write_text(text)
        self.client.subscribe("$SYS/broker/routes/reload", 1)
        await_that("the reload is refused", lambda: any(
            not json.loads(one)["ok"] for one in self.client.payloads("$SYS/broker/routes/reload")))
        errors = json.loads(self.client.payloads("$SYS/broker/routes/reload")[-1])["errors"]
        for line, (message, code, at, column) in zip(errors, expected, strict=True):
            self.assertTrue(line.endswith(f"bad.lot:{at}:{column}: error[{code}]: {message}"), line)

    def test_a_response_topic_gets_the_answer_with_its_correlation_data(self):
        done = subprocess.run(
            ["mosquitto_rr", "-p", str(self.left.port), "-V", "mqttv5", "-t", COMMAND, "-e",
             "replies/here", "-m", "-listTemplates -requestId 9", "-W", "10", "-q", "1", "-D",
             "publish", "correlation-data", "one"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(json.loads(done.stdout)["data"][0], "MQTT_CLUSTER")

    def test_an_older_client_gives_commands_too(self):
        with Client(self.left.port, "old", V311).connect() as old:
            old.subscribe(OUTPUT, 1)
            old.publish(COMMAND, "--connection-status", 1)
            await_that("the answer", lambda: old.payloads(OUTPUT))
            self.assertEqual(json.loads(old.payloads(OUTPUT)[0])["message"],
                             "0 of 0 routes connected")

    def test_a_dead_end_is_told(self):
        port = free_ports(1)[0]
        self.command("-addRoute " + route_text("Nowhere", port))
        self.left.await_route("Nowhere", "unreachable")
        answer = self.command("-checkRouteConnection Nowhere")
        self.assertFalse(answer["success"])
        self.assertIn("connection refused", answer["message"])
        self.assertEqual(self.command("-nonsense")["message"], "Unknown command: -nonsense")


if __name__ == "__main__":
    unittest.main()
