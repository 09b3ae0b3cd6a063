"""Bytes in, bytes out: how the daemon answers, one behaviour a case."""

import itertools
import unittest

from cluster import Cluster
from raw_mqtt import (AUTH, CONNACK, DISCONNECT, PINGED, PONGED, PINGRESP, PUBACK, PUBCOMP,
                      PUBLISH, PUBREC, PUBREL, SUBACK, SUBSCRIBE, UNSUBACK, UNSUBSCRIBE, RawMqtt,
                      connect, packet, properties, publish, subscribe, text, u16, u32)

RECEIVE_MAXIMUM = b"\x21" + u16(1024)
TOPIC_ALIAS_MAXIMUM = b"\x22" + u16(32)
MAXIMUM_PACKET_SIZE = b"\x27" + u32(2 * 2**20)
ACCEPTED = packet(CONNACK, b"\x00\x00",
                  properties(RECEIVE_MAXIMUM, TOPIC_ALIAS_MAXIMUM, MAXIMUM_PACKET_SIZE))
ACCEPTED_3X = b"\x20\x02\x00\x00"
SUBSCRIPTION_IDENTIFIER = b"\x0b"
ALIAS = b"\x23"


class ExactBytesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.__exit__)
        cls.node = cls.cluster.node("node").start()
        cls.numbers = itertools.count(1)

    def fresh(self):
        return f"t{next(self.numbers)}"

    def raw(self):
        return self.enterContext(RawMqtt(self.node.port))

    def connected(self, version=5, client_id=None, **options):
        client = self.raw().send(connect(client_id or self.fresh(), version, **options))
        expected = ACCEPTED if version == 5 else ACCEPTED_3X
        self.assertEqual(client.read(len(expected)), expected)
        return client

    def answers(self, client, sent, expected):
        """Exactly these bytes: what comes next is the answer to a PINGREQ."""
        client.send(sent, PINGED)
        self.assertEqual(client.read(len(expected) + 2).hex(), (expected + PONGED).hex())

    def disconnects(self, sent, reason, client=None):
        """DISCONNECT with this reason, whatever it says in words, and then the end."""
        client = (client or self.connected()).send(sent)
        first, body = client.read_packet()
        self.assertEqual((hex(first), hex(body[0])), (hex(DISCONNECT), hex(reason)))
        self.assertEqual(client.read_to_end(), b"")

    def refuses(self, sent, reason):
        """CONNACK with this reason in the form of 5.0, and then the end."""
        client = self.raw().send(sent)
        first, body = client.read_packet()
        self.assertEqual((hex(first), body[0], hex(body[1])), (hex(CONNACK), 0, hex(reason)))
        self.assertEqual(client.read_to_end(), b"")

    def closes(self, client, sent, expected=b""):
        self.assertEqual(client.send(sent).read_to_end().hex(), expected.hex())


class ConnectTest(ExactBytesTest):
    def test_connect_of_each_version_is_accepted(self):
        for version in (3, 4, 5):
            with self.subTest(version=version):
                self.connected(version)

    def test_a_connect_that_comes_byte_by_byte_is_accepted(self):
        client = self.raw()
        for byte in connect(self.fresh()):
            client.send(bytes([byte]))
        self.assertEqual(client.read(len(ACCEPTED)), ACCEPTED)

    def test_what_follows_connect_in_one_segment_is_answered(self):
        client = self.raw().send(connect(self.fresh()), PINGED, PINGED)
        self.assertEqual(client.read(len(ACCEPTED) + 4), ACCEPTED + PONGED * 2)

    def test_versions_that_nobody_knows_are_refused_in_the_form_they_may_understand(self):
        self.refuses(connect("a", 6), 0x84)
        self.closes(self.raw(), connect("a", 3, name="MQTT"), b"\x20\x02\x00\x01")
        self.closes(self.raw(), connect("a", 4, name="MQTP"), b"\x20\x02\x00\x01")

    def test_the_first_packet_is_connect_or_nothing_is_said(self):
        for first in (PINGED, publish("a"), subscribe(1, ("a", 0)), b"GET / HTTP/1.1\r\nHost: " + b"x" * 80):
            self.closes(self.raw(), first)

    def test_a_second_connect_is_a_protocol_error(self):
        self.disconnects(connect("a"), 0x82)
        self.closes(self.connected(4), connect("a", 4))

    def test_an_empty_client_id_gets_one(self):
        client = self.raw().send(connect(""))
        first, body = client.read_packet()
        self.assertEqual((first, body[:2]), (CONNACK, b"\x00\x00"))
        self.assertIn(b"\x12", body)
        self.assertEqual(self.raw().send(connect("", 4)).read(4), ACCEPTED_3X)
        self.closes(self.raw(), connect("", 4, clean=False), b"\x20\x02\x00\x02")

    def test_session_present_tells_whether_there_was_one(self):
        name = self.fresh()
        hour = b"\x11" + u32(3600)
        first = self.connected(client_id=name, props=hour)
        self.closes(first, bytes([DISCONNECT, 0]))
        again = self.raw().send(connect(name, clean=False))
        self.assertEqual(again.read_packet()[1][:2], b"\x01\x00")

    def test_a_client_that_comes_twice_takes_over(self):
        name = self.fresh()
        first = self.connected(client_id=name)
        self.connected(client_id=name)
        head, body = first.read_packet()
        self.assertEqual((head, body[0]), (DISCONNECT, 0x8E))
        self.assertEqual(first.read_to_end(), b"")

    def test_a_connect_that_breaks_a_rule_is_refused(self):
        will = properties() + text("w") + text("x")
        for name, sent, reason in (
                ("reserved flag", connect("a", flags=1), 0x81),
                ("will of QoS 3", connect("a", flags=0x1C, payload=will), 0x81),
                ("QoS of no will", connect("a", flags=0x08), 0x81),
                ("retain of no will", connect("a", flags=0x20), 0x81),
                ("no will where one is announced", connect("a", flags=0x04), 0x81),
                ("more than announced", connect("a", payload=b"x"), 0x81),
                ("client id that is no UTF-8", connect(b"\xff"), 0x81),
                ("receive maximum 0", connect("a", props=b"\x21" + u16(0)), 0x82),
                ("maximum packet size 0", connect("a", props=b"\x27" + u32(0)), 0x82),
                ("a property twice", connect("a", props=b"\x21\x00\x01\x21\x00\x01"), 0x82),
                ("a property of others", connect("a", props=ALIAS + u16(1)), 0x81),
                ("no such property", connect("a", props=b"\x7f\x00"), 0x81),
                ("request information 2", connect("a", props=b"\x19\x02"), 0x82),
                ("authentication data without a method", connect("a", props=b"\x16\x00\x00"), 0x82),
                ("an unknown method", connect("a", props=b"\x15" + text("X")), 0x8C),
                ("a will below $", connect("a", flags=0x04, payload=properties() + text("$a") +
                                           text("x")), 0x90)):
            with self.subTest(name):
                self.refuses(sent, reason)

    def test_keep_alive_is_one_and_a_half_times(self):
        client = self.connected(keep_alive=1)
        first, body = client.read_packet()
        self.assertEqual((first, body[0]), (DISCONNECT, 0x8D))


class FormTest(ExactBytesTest):
    def test_malformed_packets_end_the_connection(self):
        for name, sent, reason in (
                ("packet type 0", b"\x00\x00", 0x81),
                ("a length of five bytes", b"\x30\xff\xff\xff\xff\x01", 0x81),
                ("a length longer than needed", b"\xc0\x80\x00", 0x81),
                ("a packet above the maximum", b"\x30\xff\xff\xff\x7f", 0x95),
                ("flags of PINGREQ", b"\xc1\x00", 0x81),
                ("PINGREQ with a body", b"\xc0\x01\x00", 0x81),
                ("SUBSCRIBE without its flag", packet(SUBSCRIBE, u16(1), b"\x00", text("a"), b"\x00"),
                 0x81),
                ("PUBREL without its flag", packet(PUBREL, u16(1)), 0x81),
                ("PUBLISH of QoS 3", packet(PUBLISH | 6, text("a"), u16(1), b"\x00"), 0x81),
                ("DUP at QoS 0", publish("a", flags=8), 0x81),
                ("SUBSCRIBE without filters", subscribe(1), 0x82),
                ("UNSUBSCRIBE without filters", packet(UNSUBSCRIBE | 2, u16(1), b"\x00"), 0x82),
                ("packet identifier 0", subscribe(0, ("a", 0)), 0x82),
                ("PUBLISH with identifier 0", publish("a", qos=1), 0x82),
                ("reserved bits of the options", subscribe(1, ("a", 0x40)), 0x81),
                ("QoS 3 of a subscription", subscribe(1, ("a", 3)), 0x82),
                ("retain handling 3", subscribe(1, ("a", 0x30)), 0x82)):
            with self.subTest(name):
                self.disconnects(sent, reason)

    def test_3x_is_closed_without_a_word(self):
        for version in (3, 4):
            for sent in (b"\x00\x00", publish("a#", version=4), b"\xf0\x00", bytes([PUBLISH]) +
                         b"\xff\xff\xff\x7f"):
                self.closes(self.connected(version), sent)

    def test_packets_that_only_a_server_sends_are_protocol_errors(self):
        for sent in (ACCEPTED_3X, packet(SUBACK, u16(1), b"\x00\x00"),
                     packet(UNSUBACK, u16(1), b"\x00\x00"), bytes([PINGRESP, 0]), packet(AUTH)):
            self.disconnects(sent, 0x82)
        self.disconnects(packet(DISCONNECT, b"\x8d"), 0x82)

    def test_topics_are_what_topics_may_be(self):
        for name, sent, reason in (
                ("empty", publish(""), 0x82),
                ("a wildcard", publish("a/+"), 0x90),
                ("another", publish("#"), 0x90),
                ("U+0000", publish(b"a\x00"), 0x81),
                ("no UTF-8", publish(b"\xff"), 0x81),
                ("a surrogate", publish(b"\xed\xa0\x80"), 0x81),
                ("alias 0", publish("a", props=ALIAS + u16(0)), 0x94),
                ("an alias above the maximum", publish("a", props=ALIAS + u16(33)), 0x94),
                ("an alias of nothing", publish("", props=ALIAS + u16(1)), 0x82),
                ("a subscription identifier", publish("a", props=SUBSCRIPTION_IDENTIFIER + b"\x01"),
                 0x82),
                ("a response topic with a wildcard", publish("a", props=b"\x08" + text("a/#")), 0x82)):
            with self.subTest(name):
                self.disconnects(sent, reason)

    def test_filters_are_what_filters_may_be(self):
        for wrong in ("", "a/#/b", "a#", "a+", "$share/g", "$share//a", "$share/+/a", b"a\x00"):
            with self.subTest(wrong):
                client = self.connected().send(subscribe(1, (wrong, 0)))
                first, body = client.read_packet()
                self.assertEqual(first, DISCONNECT)
                self.assertIn(body[0], (0x81, 0x82, 0x8F))
                self.assertEqual(client.read_to_end(), b"")

    def test_a_shared_subscription_is_not_no_local(self):
        self.disconnects(subscribe(1, ("$share/g/a", 4)), 0x82)


class FlowTest(ExactBytesTest):
    def test_disconnect_is_answered_by_the_end(self):
        self.closes(self.connected(), bytes([DISCONNECT, 0]))
        self.closes(self.connected(), packet(DISCONNECT, b"\x04"))
        self.closes(self.connected(4), bytes([DISCONNECT, 0]))

    def test_a_publish_is_acknowledged_by_its_qos(self):
        client = self.connected()
        topic = self.fresh()
        self.answers(client, publish(topic), b"")
        self.answers(client, publish(topic, qos=1, packet_id=7), packet(PUBACK, u16(7), b"\x10"))
        self.answers(client, publish(topic, qos=2, packet_id=8), packet(PUBREC, u16(8), b"\x10"))
        self.answers(client, packet(PUBREL | 2, u16(8)), packet(PUBCOMP, u16(8)))
        old = self.connected(4)
        self.answers(old, publish(topic, qos=1, packet_id=7, version=4), packet(PUBACK, u16(7)))
        self.answers(old, publish(topic, qos=2, packet_id=8, version=4), packet(PUBREC, u16(8)))

    def test_a_pubrel_of_nothing_is_told(self):
        self.answers(self.connected(), packet(PUBREL | 2, u16(9)), packet(PUBCOMP, u16(9), b"\x92"))
        self.answers(self.connected(4), packet(PUBREL | 2, u16(9)), packet(PUBCOMP, u16(9)))

    def test_a_qos_2_that_comes_twice_is_passed_on_once(self):
        client, topic = self.connected(), self.fresh()
        self.answers(client, subscribe(1, (topic, 0)), packet(SUBACK, u16(1), b"\x00\x00"))
        first = publish(topic, b"x", qos=2, packet_id=5)
        again = publish(topic, b"x", qos=2, packet_id=5, flags=8)
        self.answers(client, first, publish(topic, b"x") + packet(PUBREC, u16(5)))
        self.answers(client, again, packet(PUBREC, u16(5)))
        self.answers(client, packet(PUBREL | 2, u16(5)), packet(PUBCOMP, u16(5)))

    def test_suback_has_a_code_for_each_filter(self):
        self.answers(self.connected(), subscribe(3, ("a", 0), ("b/#", 1), ("c/+", 2)),
                     packet(SUBACK, u16(3), b"\x00\x00\x01\x02"))
        self.answers(self.connected(4), subscribe(3, ("a", 0), ("b", 2), version=4),
                     packet(SUBACK, u16(3), b"\x00\x02"))

    def test_unsuback_says_what_was_there(self):
        client = self.connected()
        self.answers(client, subscribe(1, ("a", 0)), packet(SUBACK, u16(1), b"\x00\x00"))
        self.answers(client, packet(UNSUBSCRIBE | 2, u16(2), b"\x00", text("a"), text("b")),
                     packet(UNSUBACK, u16(2), b"\x00\x00\x11"))
        self.answers(self.connected(4), packet(UNSUBSCRIBE | 2, u16(2), text("a")),
                     packet(UNSUBACK, u16(2)))

    def test_overlapping_subscriptions_give_one_copy_with_all_identifiers(self):
        client, topic = self.connected(), self.fresh()
        for number, name in ((1, topic), (2, topic + "/#")):
            self.answers(client, subscribe(number, (name, number - 1),
                                           props=SUBSCRIPTION_IDENTIFIER + bytes([number])),
                         packet(SUBACK, u16(number), b"\x00", bytes([number - 1])))
        client.send(publish(topic, b"x", qos=1, packet_id=1))
        first, body = client.read_packet()
        self.assertEqual(first, PUBLISH | 2)
        self.assertEqual(body, text(topic) + u16(1) + properties(b"\x0b\x01\x0b\x02") + b"x")
        self.assertEqual(client.read_packet(), (PUBACK, u16(1)))

    def test_a_retained_message_comes_to_who_subscribes_later(self):
        topic = self.fresh()
        self.answers(self.connected(), publish(topic, b"x", flags=1), b"")
        self.answers(self.connected(), subscribe(1, (topic, 0)),
                     packet(SUBACK, u16(1), b"\x00\x00") + publish(topic, b"x", flags=1))
        handling_2 = 0x20
        self.answers(self.connected(), subscribe(1, (topic, handling_2)),
                     packet(SUBACK, u16(1), b"\x00\x00"))

    def test_properties_are_passed_on_unaltered_and_in_order(self):
        client, topic = self.connected(), self.fresh()
        self.answers(client, subscribe(1, (topic, 0)), packet(SUBACK, u16(1), b"\x00\x00"))
        props = (b"\x26" + text("b") + text("2") + b"\x26" + text("a") + text("1") + b"\x26" +
                 text("b") + text("2") + b"\x03" + text("text/plain") + b"\x08" + text("reply") +
                 b"\x09" + text("id") + b"\x01\x01")
        self.answers(client, publish(topic, b"x", props=props), publish(topic, b"x", props=props))

    def test_a_byte_order_mark_is_kept(self):
        client, topic = self.connected(), "\ufeff" + self.fresh()
        self.answers(client, subscribe(1, (topic, 0)), packet(SUBACK, u16(1), b"\x00\x00"))
        self.answers(client, publish(topic, b"x"), publish(topic, b"x"))

    def test_a_message_too_large_for_a_subscriber_is_dropped_for_that_one(self):
        topic = self.fresh()
        small = self.connected(props=b"\x27" + u32(40))
        large = self.connected()
        for client in (small, large):
            self.answers(client, subscribe(1, (topic, 0)), packet(SUBACK, u16(1), b"\x00\x00"))
        self.answers(self.connected(), publish(topic, b"x" * 40, qos=1, packet_id=1),
                     packet(PUBACK, u16(1)))
        self.answers(large, b"", publish(topic, b"x" * 40))
        self.answers(small, b"", b"")

    def test_more_than_the_receive_maximum_ends_the_connection(self):
        client = self.connected()
        sent = [publish("q", qos=2, packet_id=number) for number in range(1, 1026)]
        client.send(*sent)
        for number in range(1, 1025):
            self.assertEqual(client.read_packet(), (PUBREC, u16(number) + b"\x10"))
        first, body = client.read_packet()
        self.assertEqual((first, body[0]), (DISCONNECT, 0x93))

    def test_a_client_is_sent_no_more_than_its_receive_maximum(self):
        topic = self.fresh()
        client = self.connected(props=b"\x21" + u16(1))
        self.answers(client, subscribe(1, (topic, 1)), packet(SUBACK, u16(1), b"\x00\x01"))
        other = self.connected()
        for number in (1, 2):
            self.answers(other, publish(topic, b"x", qos=1, packet_id=number),
                         packet(PUBACK, u16(number)))
        self.answers(client, b"", publish(topic, b"x", qos=1, packet_id=1))
        self.answers(client, packet(PUBACK, u16(1)), publish(topic, b"x", qos=1, packet_id=2))

    def test_aliases_are_used_where_the_client_takes_them(self):
        topic = "plant/line/" + self.fresh()
        client = self.connected(props=b"\x22" + u16(1))
        self.answers(client, subscribe(1, (topic, 0)), packet(SUBACK, u16(1), b"\x00\x00"))
        other = self.connected()
        self.answers(other, publish(topic, b"1") + publish(topic, b"2"), b"")
        self.answers(client, b"", publish(topic, b"1", props=ALIAS + u16(1)) +
                     publish("", b"2", props=ALIAS + u16(1)))

    def test_an_alias_of_the_client_stands_for_its_topic(self):
        topic = self.fresh()
        subscriber = self.connected()
        self.answers(subscriber, subscribe(1, (topic, 0)), packet(SUBACK, u16(1), b"\x00\x00"))
        self.answers(self.connected(), publish(topic, b"1", props=ALIAS + u16(1)) +
                     publish("", b"2", props=ALIAS + u16(1)), b"")
        self.answers(subscriber, b"", publish(topic, b"1") + publish(topic, b"2"))

    def test_a_wildcard_does_not_match_what_begins_with_a_dollar(self):
        client = self.connected()
        self.answers(client, subscribe(1, ("+/broker/version", 0)),
                     packet(SUBACK, u16(1), b"\x00\x00"))
        client.send(publish("$SYS/broker/version", b"mine", qos=1, packet_id=1))
        first, body = client.read_packet()
        self.assertEqual((first, body[:3]), (PUBACK, u16(1) + b"\x90"))


if __name__ == "__main__":
    unittest.main()
