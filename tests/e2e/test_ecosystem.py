"""What people's programs do with a broker, replayed: Home Assistant, zigbee2mqtt, Tasmota, Telegraf,
Node-RED, MQTT Explorer, Sparkplug, and old clients of 3.1."""

import json
import subprocess
import unittest

import paho.mqtt.client as paho

from clients import SECONDS, V5, V311, Client, MosquittoSub, mosquitto_pub
from cluster import Cluster
from process import await_that
from raw_mqtt import DISCONNECT, PUBLISH, RawMqtt, connect, packet, publish, subscribe, text

V31 = paho.MQTTv31


class EcosystemTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.__exit__)
        cls.node = cls.cluster.node("node").start()
        cls.port = cls.node.port

    def client(self, name, version=V311, **options):
        return self.enterContext(Client(self.port, name, version, **options).connect())

    def test_every_version_of_paho_hears_every_other(self):
        clients = {version: self.client(f"paho{version}", version) for version in (V31, V311, V5)}
        for client in clients.values():
            client.subscribe("versions/#", 2)
        expected = []
        for version, client in clients.items():
            for qos in (0, 1, 2):
                payload = f"{version} {qos}"
                client.publish("versions/x", payload, qos)
                expected.append(payload)
                for each in clients.values():
                    each.await_change(payload, lambda: payload in each.payloads())
        for client in clients.values():
            self.assertEqual(sorted(client.payloads()), sorted(expected))

    def test_mosquitto_rr_gets_its_answer(self):
        responder = self.client("responder", V5)
        responder.subscribe("ask", 1)
        asking = subprocess.Popen(
            ["mosquitto_rr", "-h", "127.0.0.1", "-p", str(self.port), "-V", "5", "-t", "ask", "-e",
             "answer", "-m", "what time is it", "-q", "1", "-W", "10"], stdout=subprocess.PIPE,
            text=True)
        responder.await_payloads(["what time is it"])
        request = responder.messages[0]
        self.assertEqual(request.properties.ResponseTopic, "answer")
        responder.publish(request.properties.ResponseTopic, "late", 1)
        self.assertEqual(asking.communicate(timeout=SECONDS)[0].strip(), "late")

    def test_home_assistant_gets_thousands_of_discovery_messages_on_one_subscribe(self):
        count = 3000
        devices = self.client("devices")
        config = json.dumps({"name": "sensor", "device": {"identifiers": ["x" * 300]}})
        for i in range(count):
            devices.paho.publish(f"homeassistant/sensor/d{i}/config", config, 1, True)
        probe = self.client("probe")
        probe.subscribe(f"homeassistant/sensor/d{count - 1}/config", 1)
        probe.await_payloads([config], seconds=30)
        home = self.client("home", V5, will={"topic": "homeassistant/status", "payload": "offline",
                                             "qos": 0, "retain": True})
        home.subscribe("homeassistant/+/+/config", 1)
        home.await_change("all of them", lambda: len(home.payloads()) >= count, 30)
        self.assertEqual(len({message.topic for message in home.messages}), count)
        self.assertTrue(all(message.retain for message in home.messages))

    def test_home_assistants_birth_and_death_are_seen(self):
        watcher = self.client("watcher")
        watcher.subscribe("ha/status", 1)
        home = Client(self.port, "ha", V311, will={"topic": "ha/status", "payload": "offline", "qos": 1,
                                                   "retain": True}).connect()
        home.publish("ha/status", "online", 1, True)
        watcher.await_payloads(["online"])
        home.drop()
        watcher.await_payloads(["online", "offline"])
        late = self.client("late")
        late.subscribe("ha/status", 1)
        late.await_payloads(["offline"])

    def test_zigbee2mqtt_keeps_large_retained_payloads(self):
        devices = json.dumps([{"ieee_address": f"0x{i:016x}", "definition": "y" * 900}
                              for i in range(1000)])
        self.assertGreater(len(devices), 900_000)
        bridge = self.client("z2m", V311)
        bridge.publish("zigbee2mqtt/bridge/devices", devices, 0, True)
        await_that("it is retained", lambda: self.node.sys("store/messages/count") > 0)
        frontend = self.client("frontend", V5)
        frontend.subscribe("zigbee2mqtt/#", 0)
        frontend.await_payloads([devices])

    def test_tasmota_stays_with_a_short_keep_alive_and_its_last_will_comes(self):
        watcher = self.client("tele")
        watcher.subscribe("tele/+/LWT", 0)
        will = text("tele/t1/LWT") + text("Offline")
        with RawMqtt(self.port) as device:
            device.send(connect("DVES_1", 4, keep_alive=1, flags=0x24, payload=will))
            self.assertEqual(device.read(4), b"\x20\x02\x00\x00")
            device.send(publish("tele/t1/LWT", b"Online", flags=1, version=4))
            watcher.await_payloads(["Online"])
            # And then it is silent, as when the power goes.
            self.assertEqual(device.read_to_end(), b"")
        watcher.await_payloads(["Online", "Offline"])

    def test_telegraf_and_exporters_find_mosquittos_names_below_sys(self):
        names = ("version uptime clients/connected clients/total clients/maximum clients/disconnected "
                 "clients/active clients/inactive clients/expired bytes/received bytes/sent "
                 "messages/received messages/sent messages/stored messages/inflight "
                 "publish/messages/received publish/messages/sent publish/messages/dropped "
                 "publish/bytes/received publish/bytes/sent subscriptions/count "
                 "shared_subscriptions/count store/messages/count store/messages/bytes heap/current "
                 "heap/maximum").split() + ["retained messages/count"]
        for what in ("messages", "publish", "bytes"):
            for way in ("received", "sent"):
                names += [f"load/{what}/{way}/{minutes}min" for minutes in (1, 5, 15)]
        for what in ("publish/dropped", "connections", "sockets"):
            names += [f"load/{what}/{minutes}min" for minutes in (1, 5, 15)]
        telegraf = self.client("telegraf")
        telegraf.subscribe("$SYS/broker/#", 0)
        topics = {f"$SYS/broker/{name}" for name in names}
        telegraf.await_change("all of them", lambda: topics <= {message.topic for message in
                                                                telegraf.messages})
        for message in telegraf.messages:
            if message.topic in topics and not message.topic.endswith(("version", "uptime")):
                float(message.payload)

    def test_node_red_gets_the_properties_of_5_through_a_node_that_answers(self):
        red = self.client("red", V5)
        red.subscribe("red/in", 1)
        mosquitto = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-V", "5", "-t", "red/in",
                     "-m", "{}", "-q", "1", "-D", "publish", "content-type", "application/json", "-D",
                     "publish", "user-property", "unit", "C", "-D", "publish", "user-property", "unit",
                     "K", "-D", "publish", "correlation-data", "42", "-D", "publish", "response-topic",
                     "red/out"]
        subprocess.run(mosquitto, check=True, timeout=SECONDS)
        red.await_payloads(["{}"])
        got = red.messages[0].properties
        self.assertEqual(got.ContentType, "application/json")
        self.assertEqual(got.UserProperty, [("unit", "C"), ("unit", "K")])
        self.assertEqual((got.CorrelationData, got.ResponseTopic), (b"42", "red/out"))

    def test_mqtt_explorer_sees_everything_and_sys_at_once(self):
        self.client("filler").publish("explorer/x", "1", 1, True)
        with RawMqtt(self.port) as explorer:
            explorer.send(connect("explorer", 4))
            explorer.read(4)
            explorer.send(subscribe(1, ("#", 0), ("$SYS/#", 0), version=4))
            self.assertEqual(explorer.read_packet(), (0x90, b"\x00\x01\x00\x00"))
            seen = set()
            while not {"explorer/x", "$SYS/broker/uptime"} <= seen:
                first, body = explorer.read_packet()
                self.assertEqual(first & 0xF0, PUBLISH)
                seen.add(body[2:2 + int.from_bytes(body[:2], "big")].decode())
            explorer.send(packet(DISCONNECT))

    def test_sparkplug_state_and_death_certificate(self):
        host = self.client("host")
        host.subscribe("spBv1.0/#", 1)
        node = Client(self.port, "edge", V311, will={"topic": "spBv1.0/g/NDEATH/e", "payload": "dead",
                                                     "qos": 1}).connect()
        self.client("primary").publish("spBv1.0/STATE/primary", "ONLINE", 1, True)
        node.publish("spBv1.0/g/NBIRTH/e", "born", 0)
        host.await_payloads(["ONLINE"], "spBv1.0/STATE/primary")
        host.await_payloads(["born"], "spBv1.0/g/NBIRTH/e")
        node.drop()
        host.await_payloads(["dead"], "spBv1.0/g/NDEATH/e")

    def test_mosquitto_clients_of_3_1(self):
        with MosquittoSub(self.port, "old/#", 1, 1, V311) as subscriber:
            subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-V", "mqttv31",
                            "-t", "old/x", "-m", "hello", "-q", "1"], check=True, timeout=SECONDS)
            self.assertEqual(subscriber.await_messages(), ["old/x 1 hello"])
        mosquitto_pub(self.port, "old/x", "again", 2, V5)


if __name__ == "__main__":
    unittest.main()
