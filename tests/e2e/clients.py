"""Foreign clients: paho from Python, mosquitto_pub and mosquitto_sub as processes, and one that
speaks in raw bytes where those are too polite."""

import socket
import struct
import subprocess
import threading

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

SECONDS = 10.0
V311 = paho.MQTTv311
V5 = paho.MQTTv5


class Client:
    """A paho client with its network thread. What arrives is kept in `messages`. With a path it
    speaks over WebSocket."""

    def __init__(self, port, client_id, version=V311, clean=True, expiry_seconds=None, will=None,
                 path=None):
        self.port = port
        self.version = version
        self.clean = clean
        self.expiry_seconds = expiry_seconds
        self.messages = []
        self.connects = []
        self.disconnects = []
        self.granted = {}
        self.unsubscribed = set()
        self.changed = threading.Condition(threading.RLock())
        extra = {} if version == V5 else {"clean_session": clean}
        transport = "tcp" if path is None else "websockets"
        self.paho = paho.Client(client_id, protocol=version, transport=transport, **extra)
        if path is not None:
            self.paho.ws_set_options(path=path)
        self.paho.on_message = self._on_message
        self.paho.on_connect = self._on_connect
        self.paho.on_disconnect = self._on_disconnect
        self.paho.on_subscribe = self._on_subscribe
        self.paho.on_unsubscribe = self._on_unsubscribe
        self.paho.max_inflight_messages_set(1000)
        if will is not None:
            self._set_will(**will)

    def _set_will(self, topic, payload, qos=0, retain=False, delay_seconds=None):
        properties = None
        if delay_seconds is not None:
            properties = Properties(PacketTypes.WILLMESSAGE)
            properties.WillDelayInterval = delay_seconds
        self.paho.will_set(topic, payload, qos, retain, properties)

    def _on_message(self, _client, _userdata, message):
        with self.changed:
            self.messages.append(message)
            self.changed.notify_all()

    def _on_connect(self, _client, _userdata, flags, reason, *_properties):
        with self.changed:
            self.connects.append((bool(flags["session present"]), reason))
            self.changed.notify_all()

    def _on_disconnect(self, _client, _userdata, reason, *_properties):
        with self.changed:
            self.disconnects.append(reason)
            self.changed.notify_all()

    def _on_subscribe(self, _client, _userdata, packet_id, granted, *_properties):
        with self.changed:
            self.granted[packet_id] = granted
            self.changed.notify_all()

    def _on_unsubscribe(self, _client, _userdata, packet_id, *_properties):
        with self.changed:
            self.unsubscribed.add(packet_id)
            self.changed.notify_all()

    def await_change(self, what, condition, seconds=SECONDS):
        """Waits until a callback makes the condition true."""
        with self.changed:
            if not self.changed.wait_for(condition, seconds):
                raise AssertionError(f"not within {seconds} s: {what}")

    def connect(self, wait=True):
        before = len(self.connects)
        arguments = {"keepalive": 30}
        if self.version == V5:
            properties = Properties(PacketTypes.CONNECT)
            if self.expiry_seconds is not None:
                properties.SessionExpiryInterval = self.expiry_seconds
            arguments.update(clean_start=self.clean, properties=properties)
        self.paho.connect("127.0.0.1", self.port, **arguments)
        self.paho.loop_start()
        if wait:
            self.await_change("CONNACK", lambda: len(self.connects) > before)
        return self

    @property
    def session_present(self):
        return self.connects[-1][0]

    def subscribe(self, topic, qos=0, retain_as_published=False):
        if self.version == V5:
            options = SubscribeOptions(qos=qos, retainAsPublished=retain_as_published)
            _, packet_id = self.paho.subscribe(topic, options=options)
        else:
            _, packet_id = self.paho.subscribe(topic, qos)
        self.await_change(f"SUBACK for {topic}", lambda: packet_id in self.granted)
        return self

    def unsubscribe(self, topic):
        _, packet_id = self.paho.unsubscribe(topic)
        self.await_change(f"UNSUBACK for {topic}", lambda: packet_id in self.unsubscribed)

    def publish(self, topic, payload, qos=0, retain=False):
        """Returns when the broker has it (QoS 0: when it is written)."""
        info = self.paho.publish(topic, payload, qos, retain)
        info.wait_for_publish(SECONDS)
        if not info.is_published():
            raise AssertionError(f"not within {SECONDS} s: the end of publishing to {topic}")

    def payloads(self, topic=None):
        with self.changed:
            return [message.payload.decode() for message in self.messages
                    if topic is None or message.topic == topic]

    def await_payloads(self, expected, topic=None, seconds=SECONDS):
        """Waits for as many, then compares all of them, in order."""
        self.await_change(f"{len(expected)} messages",
                          lambda: len(self.payloads(topic)) >= len(expected), seconds)
        assert self.payloads(topic) == expected, f"{self.payloads(topic)} is not {expected}"

    def disconnect(self):
        self.paho.disconnect()
        self.paho.loop_stop()

    def drop(self):
        """The connection breaks, without DISCONNECT."""
        connection = self.paho.socket()
        self.paho.loop_stop()
        if connection is not None:
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.disconnect()


def fetch_retained(port, topic, seconds=5.0):
    """The payload of the retained message at the topic."""
    with Client(port, "", V311).connect() as client:
        client.subscribe(topic, 1)
        client.await_change(f"something retained at {topic}", client.payloads, seconds)
        return client.payloads()[0]


def mosquitto_version(version):
    return "mqttv5" if version == V5 else "mqttv311"


def mosquitto_pub(port, topic, payload, qos=0, version=V311, retain=False):
    """Publishes with mosquitto_pub and waits for its end."""
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-t", topic, "-m", payload,
               "-q", str(qos), "-V", mosquitto_version(version)]
    subprocess.run(command + (["-r"] if retain else []), check=True, timeout=SECONDS)


class MosquittoSub:
    """mosquitto_sub that ends after `count` messages. It is subscribed once constructed."""

    def __init__(self, port, topic, count, qos=0, version=V311):
        # -d tells when SUBACK has come; stdbuf keeps its lines from waiting in a buffer.
        self.child = subprocess.Popen(
            ["stdbuf", "-oL", "mosquitto_sub", "-d", "-h", "127.0.0.1", "-p", str(port), "-t", topic,
             "-C", str(count), "-q", str(qos), "-V", mosquitto_version(version), "-W", "20",
             "-F", "message %t %q %p"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines = []
        for line in self.child.stdout:
            if line.startswith("Subscribed"):
                return
        raise AssertionError("mosquitto_sub could not subscribe")

    def await_messages(self):
        """The messages as "topic qos payload", when it has ended."""
        output, _ = self.child.communicate(timeout=SECONDS * 2)
        return [line.removeprefix("message ") for line in output.splitlines()
                if line.startswith("message ")]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.kill()
            self.child.communicate()


class RawClient:
    """An MQTT 5 client of which one sees every packet. `before`: bytes that come first."""

    def __init__(self, port, client_id, expiry_seconds=0, before=b""):
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        self.socket.sendall(before)
        name = client_id.encode()
        properties = b"\x11" + struct.pack(">I", expiry_seconds)
        body = (b"\x00\x04MQTT\x05\x02" + struct.pack(">H", 60) + bytes([len(properties)]) +
                properties + struct.pack(">H", len(name)) + name)
        self.socket.sendall(bytes([0x10, len(body)]) + body)
        packet = self.read()
        assert packet is not None and packet[0] == 0x20 and packet[1][1] == 0, packet

    def read(self):
        """(first byte, body), or nothing where the broker has closed."""
        first = self._exactly(1)
        if first is None:
            return None
        length, shift = 0, 0
        while True:
            digit = self._exactly(1)[0]
            length |= (digit & 0x7F) << shift
            shift += 7
            if digit < 0x80:
                break
        return first[0], self._exactly(length) if length else b""

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                return None
            data += part
        return data

    def close(self):
        self.socket.close()
