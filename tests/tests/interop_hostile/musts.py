#!/usr/bin/env python3
"""Requirements of RFC 9293 that are visible on the wire, asked of a server with raw frames.

    musts.py INTERFACE [NAME...]

Every function whose name begins with `must_`, `shld_` or `rfc_` is one question; `ok NAME` is printed
for each that is answered as it should be. The peer has an address of its own that no kernel knows, so that
nobody else answers what the server says to it.
"""

import random
import sys
import time

from scapy.all import ARP, IP, TCP, Ether, Raw, conf

SERVER_IP, SERVER_MAC = "192.0.2.1", "02:00:00:00:00:01"
PEER_IP, PEER_MAC = "192.0.2.77", "02:00:00:00:00:77"
ECHO, DISCARD, HTTP, CLOSED = 7, 9, 80, 4999

socket = None
ports = iter(random.sample(range(20_000, 60_000), 2_000))


def put(packet, ether=None):
    """Sends one packet."""
    ether = ether or Ether(src=PEER_MAC, dst=SERVER_MAC)
    socket.send(ether / packet)


def take(port, seconds):
    """Segments that the server sends to a port of ours within a time, as they come. ARP is answered."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if not socket.select([socket], left):
            return
        frame = socket.recv()
        if frame is None:
            continue
        if ARP in frame and frame[ARP].op == 1 and frame[ARP].pdst == PEER_IP:
            reply = ARP(op=2, psrc=PEER_IP, hwsrc=PEER_MAC, pdst=frame[ARP].psrc, hwdst=frame.src)
            socket.send(Ether(src=PEER_MAC, dst=frame.src) / reply)
        elif TCP in frame and frame.src == SERVER_MAC and frame[TCP].dport == port:
            check_sum(frame)
            yield frame[TCP]


def check_sum(frame):
    """MUST-2: what the server sends has the right checksum."""
    packet = frame[IP].copy()
    was = packet[TCP].chksum
    del packet[TCP].chksum
    assert IP(bytes(packet))[TCP].chksum == was, "a wrong checksum"


def data(segment):
    """The payload, without the padding of short frames."""
    ip = segment.underlayer
    return bytes(segment.payload)[: ip.len - 4 * ip.ihl - 4 * segment.dataofs]


def option(segment, name):
    """The value of an option."""
    return dict((o[0], o[1]) for o in segment.options).get(name)


def silent(port, seconds=0.4):
    """Nothing comes."""
    came = list(take(port, seconds))
    assert not came, f"an answer: {came[0].summary()}"


def first(port, seconds=2.0):
    """The first segment that comes."""
    for segment in take(port, seconds):
        return segment
    raise AssertionError("no answer")


class Connection:
    """A connection of ours, opened."""

    def __init__(self, port, window=60_000, options=(("MSS", 1460),)):
        self.port, self.server, self.window = next(ports), port, window
        self.seq, self.ack = random.getrandbits(32), 0
        self.send("S", options=list(options))
        answer = first(self.port)
        assert answer.flags == "SA", answer.summary()
        self.syn_ack = answer
        self.seq = (self.seq + 1) & 0xFFFFFFFF
        assert answer.ack == self.seq
        self.ack = (answer.seq + 1) & 0xFFFFFFFF
        self.send("A")

    def segment(self, flags, payload=b"", **other):
        fields = dict(sport=self.port, dport=self.server, seq=self.seq, ack=self.ack, window=self.window)
        fields.update(other)
        return IP(src=PEER_IP, dst=SERVER_IP) / TCP(flags=flags, **fields) / Raw(payload)

    def send(self, flags, payload=b"", **other):
        put(self.segment(flags, payload, **other))

    def say(self, payload, flags="PA", **other):
        self.send(flags, payload, **other)
        self.seq = (self.seq + len(payload)) & 0xFFFFFFFF

    def hear(self, count, seconds=5.0, acknowledge=True):
        """So many octets of the stream, in order, acknowledged as they come; and the segments."""
        got, segments = b"", []
        for segment in take(self.port, seconds):
            assert "R" not in segment.flags, segment.summary()
            payload = data(segment)
            segments.append(segment)
            if payload and segment.seq == self.ack:
                got += payload
                self.ack = (self.ack + len(payload)) & 0xFFFFFFFF
                if acknowledge:
                    self.send("A")
            if len(got) >= count:
                break
        return got, segments

    def abort(self):
        self.send("RA")


def must_3_a_wrong_checksum_is_dropped():
    port = next(ports)
    put(IP(src=PEER_IP, dst=SERVER_IP) / TCP(sport=port, dport=ECHO, flags="S", chksum=0x1234))
    silent(port)


def must_5_6_unknown_options_in_any_segment():
    c = Connection(ECHO, options=((253, b"litz"), ("MSS", 1460)))
    c.say(b"hello", options=[(253, b"litz"), ("NOP", None)])
    assert c.hear(5)[0] == b"hello"
    c.abort()


def must_7_illegal_option_lengths_do_no_harm():
    for octets in (b"\x02\x00\x05\xb4", b"\x02\x01\x05\xb4", b"\x02\xff\x05\xb4", b"\x08\x03\x00\x01"):
        port = next(ports)
        head = bytearray(bytes(TCP(sport=port, dport=ECHO, flags="S", dataofs=6)) + octets)
        put(IP(src=PEER_IP, dst=SERVER_IP, proto=6) / TCP(bytes(head)))
        list(take(port, 0.1))
    c = Connection(ECHO)
    c.abort()


def must_13_a_fin_that_comes_again_is_acknowledged():
    c = Connection(HTTP)
    c.say(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    end = None
    for segment in take(c.port, 5.0):
        if segment.seq == c.ack:
            c.ack = (c.ack + len(data(segment))) & 0xFFFFFFFF
        if "F" in segment.flags:
            end = segment
            break
    assert end is not None
    c.ack = (c.ack + 1) & 0xFFFFFFFF
    c.send("FA")
    c.seq = (c.seq + 1) & 0xFFFFFFFF
    assert first(c.port).ack == c.seq
    c.send("FA", seq=(c.seq - 1) & 0xFFFFFFFF)
    assert first(c.port).ack == c.seq, "in TIME-WAIT"


def must_14_65_the_segment_size_is_in_the_syn_ack_and_nowhere_else():
    c = Connection(ECHO)
    assert option(c.syn_ack, "MSS") == 1460
    c.say(b"x")
    _, segments = c.hear(1)
    assert all(option(segment, "MSS") is None for segment in segments)
    c.abort()


def pages(c, count):
    c.say(f"GET /bytes/{count} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def must_15_536_octets_for_who_does_not_say():
    c = Connection(HTTP, options=())
    pages(c, 5_000)
    got, segments = c.hear(5_000)
    assert len(got) >= 5_000 and max(len(data(s)) for s in segments) == 536
    c.abort()


def must_16_no_segment_is_larger_than_asked_for():
    c = Connection(HTTP, options=(("MSS", 300),))
    pages(c, 5_000)
    got, segments = c.hear(5_000)
    assert len(got) >= 5_000 and max(len(data(s)) for s in segments) <= 300
    c.abort()


def must_34_a_window_that_shrinks_is_obeyed():
    c = Connection(HTTP, window=8_000)
    pages(c, 100_000)
    c.hear(3_000)
    c.window = 600
    c.send("A")
    list(take(c.port, 0.3))
    edge = (c.ack + 600) & 0xFFFFFFFF
    for segment in take(c.port, 1.5):
        beyond = (segment.seq + len(data(segment)) - edge) & 0xFFFFFFFF
        old = (segment.seq - c.ack) & 0xFFFFFFFF < 8_000 and beyond < 8_000
        assert beyond > 1 << 31 or beyond == 0 or old, "new data beyond the edge"
    c.window = 60_000
    c.send("A")
    assert len(c.hear(20_000)[0]) >= 20_000, "it goes on"
    c.abort()


def must_36_37_a_closed_window_is_probed():
    c = Connection(HTTP, window=1_000)
    pages(c, 50_000)
    c.hear(1_000)
    c.window = 0
    c.send("A")
    probes = 0
    for segment in take(c.port, 4.0):
        probes += 1
        c.send("A")
    assert probes >= 2, f"{probes} probes"
    c.window = 60_000
    c.send("A")
    assert len(c.hear(10_000)[0]) >= 10_000
    c.abort()


def must_40_an_acknowledgment_comes_within_half_a_second():
    c = Connection(DISCARD)
    time.sleep(0.2)
    begin = time.monotonic()
    c.say(b"x")
    while first(c.port, 1.0).ack != c.seq:
        pass
    assert time.monotonic() - begin < 0.5
    c.abort()


def must_57_nothing_that_is_for_everybody_is_answered():
    port = next(ports)
    syn = TCP(sport=port, dport=ECHO, flags="S")
    everybody = Ether(src=PEER_MAC, dst="ff:ff:ff:ff:ff:ff")
    for to in ("192.0.2.255", "255.255.255.255", "224.0.0.1"):
        put(IP(src=PEER_IP, dst=to) / syn, everybody)
    put(IP(src=PEER_IP, dst=SERVER_IP) / syn, everybody)
    silent(port)


def must_58_acknowledgments_travel_with_the_answer():
    c = Connection(ECHO)
    time.sleep(0.2)
    list(take(c.port, 0.1))
    c.say(b"hello")
    segments = c.hear(5)[1]
    assert any(data(s) == b"hello" and s.ack == c.seq for s in segments)
    c.abort()


def must_61_the_last_segment_says_psh():
    c = Connection(HTTP)
    pages(c, 4_000)
    _, segments = c.hear(4_100, seconds=1.0)
    assert "P" in [s for s in segments if data(s)][-1].flags
    c.abort()


def must_62_urgent_data_stays_in_the_stream():
    c = Connection(ECHO)
    c.say(b"urgent", flags="UPA", urgptr=6)
    c.say(b" not", flags="UPA", urgptr=0xFFFF)
    assert c.hear(10)[0] == b"urgent not"
    c.abort()


def must_63_syns_from_impossible_addresses_are_dropped():
    port = next(ports)
    for source in ("224.0.0.9", "255.255.255.255", "0.0.0.0", "127.0.0.1"):
        put(IP(src=source, dst=SERVER_IP) / TCP(sport=port, dport=ECHO, flags="S"))
    silent(port)


def shld_2_a_reset_may_hold_data():
    c = Connection(ECHO)
    c.send("R", b"because")
    c.say(b"x")
    assert "R" in first(c.port).flags


def shld_31_what_comes_out_of_order_is_kept():
    c = Connection(ECHO)
    early = c.segment("PA", b"hello ")
    c.seq += 6
    c.say(b"world")
    time.sleep(0.1)
    put(early)
    assert c.hear(11)[0] == b"hello world"
    c.abort()


def rfc_9293_3_10_7_1_nobody_listens():
    port = next(ports)
    base = dict(sport=port, dport=CLOSED)
    put(IP(src=PEER_IP, dst=SERVER_IP) / TCP(flags="S", seq=1000, **base))
    answer = first(port)
    assert answer.flags == "RA" and answer.ack == 1001 and answer.seq == 0
    put(IP(src=PEER_IP, dst=SERVER_IP) / TCP(flags="A", seq=5, ack=7000, **base))
    answer = first(port)
    assert answer.flags == "R" and answer.seq == 7000
    put(IP(src=PEER_IP, dst=SERVER_IP) / TCP(flags="R", seq=5, **base))
    silent(port)


def rfc_5961_3_a_reset_beside_the_mark_is_challenged():
    c = Connection(ECHO)
    list(take(c.port, 0.1))
    c.send("R", seq=(c.seq + 100) & 0xFFFFFFFF)
    answer = first(c.port)
    assert answer.flags == "A" and answer.ack == c.seq
    c.say(b"alive")
    assert c.hear(5)[0] == b"alive"
    c.abort()


def rfc_5961_4_a_syn_on_an_open_connection_is_challenged():
    c = Connection(ECHO)
    list(take(c.port, 0.1))
    c.send("S", seq=(c.seq + 50) & 0xFFFFFFFF)
    assert first(c.port).flags == "A"
    c.say(b"alive")
    assert c.hear(5)[0] == b"alive"
    c.abort()


def rfc_5961_5_data_with_an_absurd_acknowledgment_is_dropped():
    c = Connection(ECHO)
    list(take(c.port, 0.1))
    c.send("PA", b"forged", ack=(c.ack + 1_000_000) & 0xFFFFFFFF)
    c.say(b"mine!!")
    assert c.hear(6)[0] == b"mine!!"
    c.abort()


def main():
    global socket
    socket = conf.L2socket(iface=sys.argv[1], promisc=True)
    questions = {n: f for n, f in globals().items() if n.startswith(("must_", "shld_", "rfc_"))}
    failed = 0
    for name in sys.argv[2:] or questions:
        try:
            questions[name]()
            print(f"ok {name}", flush=True)
        except AssertionError as error:
            failed += 1
            print(f"FAILED {name}: {error}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
