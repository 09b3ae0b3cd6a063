"""MQTT over WebSocket: exact bytes, paho, MQTT.js in Node.js and in a page of a browser."""

import struct
import unittest

from browser import SECONDS as BROWSER_SECONDS
from browser import Browser, PageServer, bundle, run_in_node
from clients import V5, V311, Client
from cluster import Cluster
from process import free_ports
from raw_websocket import (ACCEPT, BINARY, CLOSE, CONNACK, CONNECT, CONTINUATION, FIN, MASK, PING,
                           PINGREQ, PINGRESP, PONG, TEXT, RawWebSocket, closing, frame,
                           upgrade_request)


class WebSocketTest(unittest.TestCase):
    options = ()

    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.port = free_ports(1)[0]
        self.node = self.cluster.node("node", options=[
            "--listen", f"ws://127.0.0.1:{self.port}/mqtt", *self.options]).start()

    def raw(self):
        return self.enterContext(RawWebSocket(self.port))


class ArrivalTest(WebSocketTest):
    options = ("--limit", "connect-timeout-sec=1")

    def test_an_upgrade_that_does_not_get_whole_has_the_time_of_a_connect(self):
        client = self.raw().send(upgrade_request()[:40])
        client.socket.settimeout(5)
        client.read_to_end()


class UpgradeTest(WebSocketTest):
    options = ("--ws-origin", "https://example.org")

    def refused(self, request, status, *lines):
        client = self.raw().send(request)
        head = client.read_head()
        self.assertEqual(head[0], f"HTTP/1.1 {status}")
        for line in lines:
            self.assertIn(line, head)
        client.read_to_end()

    def test_the_answer_to_the_upgrade_is_these_bytes(self):
        answer = ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  f"Sec-WebSocket-Accept: {ACCEPT}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n").encode()
        self.assertEqual(self.raw().send(upgrade_request()).read(len(answer)), answer)

    def test_an_extension_that_is_offered_is_not_taken(self):
        request = upgrade_request(Sec_WebSocket_Extensions="permessage-deflate")
        head = self.raw().send(request).read_head()
        self.assertEqual(head[0], "HTTP/1.1 101 Switching Protocols")
        self.assertFalse([line for line in head if line.startswith("Sec-WebSocket-Extensions")])

    def test_the_old_subprotocol_is_taken(self):
        request = upgrade_request(Sec_WebSocket_Protocol="mqttv3.1")
        self.assertIn("Sec-WebSocket-Protocol: mqttv3.1", self.raw().send(request).read_head())

    def test_an_upgrade_byte_by_byte_is_taken(self):
        client = self.raw()
        for byte in upgrade_request() + frame(FIN | BINARY, CONNECT):
            client.send(bytes([byte]))
        client.read_head()
        self.assertEqual(client.read(6), frame(FIN | BINARY, CONNACK, mask=b""))

    def test_an_unknown_subprotocol_is_400(self):
        self.refused(upgrade_request(Sec_WebSocket_Protocol="chat"), "400 Bad Request")

    def test_no_subprotocol_is_400(self):
        self.refused(upgrade_request(Sec_WebSocket_Protocol=None), "400 Bad Request")

    def test_mqtt_without_http_is_400(self):
        self.refused(CONNECT + b"\r\n\r\n", "400 Bad Request")

    def test_a_listed_origin_is_taken(self):
        self.raw().upgrade(Origin="https://example.org")

    def test_another_origin_is_403(self):
        self.refused(upgrade_request(Origin="https://example.com"), "403 Forbidden")

    def test_another_path_is_404(self):
        self.refused(upgrade_request("/other"), "404 Not Found")

    def test_another_method_is_405(self):
        self.refused(upgrade_request(start="PUT {} HTTP/1.1"), "405 Method Not Allowed", "Allow: GET")

    def test_another_version_is_426(self):
        self.refused(upgrade_request(Sec_WebSocket_Version="8"), "426 Upgrade Required",
                     "Sec-WebSocket-Version: 13")

    def test_a_request_of_a_browser_s_address_line_is_426(self):
        self.refused(b"GET /mqtt HTTP/1.1\r\nHost: h\r\n\r\n", "426 Upgrade Required")

    def test_a_request_that_is_too_long_is_431(self):
        self.refused(upgrade_request(Cookie="x" * 9000), "431 Request Header Fields Too Large")

    def test_too_many_headers_are_431(self):
        many = {f"X-{i}": "y" for i in range(65)}
        self.refused(upgrade_request(**many), "431 Request Header Fields Too Large")


class FramesTest(WebSocketTest):
    def answers(self, sent, expected):
        """What is sent after CONNACK is answered with these bytes."""
        self.assertEqual(self.raw().connect().send(sent).read(len(expected)), expected)

    def ends(self, sent, code):
        """... with this close code, and then the broker closes."""
        self.assertEqual(self.raw().connect().send(sent).read_to_end(), closing(code))

    def test_packets_across_frames_and_several_in_one(self):
        self.answers(frame(FIN | BINARY, PINGREQ + PINGREQ[:1]) + frame(FIN | BINARY, PINGREQ[1:]),
                     frame(FIN | BINARY, PINGRESP + PINGRESP, mask=b""))

    def test_fragments_with_a_ping_between(self):
        self.answers(frame(BINARY, PINGREQ[:1]) + frame(FIN | PING, b"p") +
                     frame(FIN | CONTINUATION, PINGREQ[1:]),
                     frame(FIN | PONG, b"p", mask=b"") + frame(FIN | BINARY, PINGRESP, mask=b""))

    def test_the_mask_may_be_zero(self):
        self.answers(b"\x82\x82\x00\x00\x00\x00" + PINGREQ, frame(FIN | BINARY, PINGRESP, mask=b""))

    def test_a_close_frame_is_answered_with_its_code(self):
        self.ends(frame(FIN | CLOSE, struct.pack(">H", 3000) + b"bye"), 3000)

    def test_disconnect_of_mqtt_closes_the_websocket_too(self):
        self.ends(frame(FIN | BINARY, b"\xe0\x00"), 1000)

    def test_the_end_of_the_broker_is_going_away(self):
        client = self.raw().connect()
        self.node.terminate()
        self.assertEqual(client.read_to_end(), closing(1001))

    def test_a_frame_without_mask_is_1002(self):
        self.ends(frame(FIN | BINARY, PINGREQ, mask=b""), 1002)

    def test_a_reserved_bit_is_1002(self):
        self.ends(frame(FIN | 0x40 | BINARY, PINGREQ), 1002)

    def test_a_length_of_2_to_the_63_is_1002(self):
        self.ends(b"\x82\xff" + struct.pack(">Q", 1 << 63) + MASK + b"x", 1002)

    def test_a_text_frame_is_1003(self):
        self.ends(frame(FIN | TEXT, PINGREQ), 1003)

    def test_an_ill_formed_close_reason_is_1007(self):
        self.ends(frame(FIN | CLOSE, struct.pack(">H", 1000) + b"\xc3"), 1007)

    def test_a_flood_of_pongs_is_1008(self):
        self.ends(frame(FIN | PONG) * 500, 1008)

    def test_a_frame_beyond_the_longest_packet_is_1009(self):
        self.ends(b"\x82\xff" + struct.pack(">Q", 16 * 1024 * 1024 + 1) + MASK + b"x", 1009)


class ForeignClientsTest(WebSocketTest):
    # paho says that it is a page of this machine.
    options = ["--allow-anonymous"]

    def test_paho_over_websocket_and_tcp_are_one_broker(self):
        payloads = ["small", "x" * 1_000_000]
        for version in (V311, V5):
            with (Client(self.port, "web", version, path="/mqtt").connect() as web,
                  Client(self.node.port, "tcp", version).connect() as tcp):
                for client in (web, tcp):
                    client.subscribe("a/#", 2)
                for qos, payload in zip((1, 2), payloads):
                    web.publish("a/web", payload, qos)
                    tcp.publish("a/tcp", payload, qos)
                for client in (web, tcp):
                    client.await_payloads(payloads, "a/web")
                    client.await_payloads(payloads, "a/tcp")

    def test_mqtt_js_in_node_over_websocket_and_tcp(self):
        for url in (f"ws://127.0.0.1:{self.port}/mqtt", f"mqtt://127.0.0.1:{self.node.port}"):
            with self.subTest(url):
                self.assertEqual(run_in_node(url), "4:1,100000,2 5:1,100000,2")


class PageTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.pages = self.enterContext(PageServer(bundle(self.cluster.folder)))
        self.port = free_ports(1)[0]
        self.cluster.node("node", options=[
            "--listen", f"ws://127.0.0.1:{self.port}/mqtt", "--ws-origin", self.pages.origin]).start()

    def show(self, name, origin):
        """What the page says that was loaded from this origin."""
        url = f"{origin}/#ws://127.0.0.1:{self.port}/mqtt"
        browser = self.cluster.add(Browser(name, self.cluster.folder, url)).start()
        result = self.pages.results.get(timeout=BROWSER_SECONDS)
        browser.terminate()
        return result

    def test_mqtt_js_in_a_page_of_a_browser_and_not_in_a_strange_one(self):
        self.assertEqual(self.show("ours", self.pages.origin), "4:1,100000,2 5:1,100000,2")
        strange = f"http://localhost:{self.pages.port}"
        self.assertTrue(self.show("strange", strange).startswith("failed: "))
