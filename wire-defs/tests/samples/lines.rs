//! Packets on one line: what follows what, and where tables alone do not tell.

use crate::kit;
use litz_wire::print::{self, Line, Tree};

fn ethernet(hex: &str) -> String {
    Line::new(print::ETHERNET, &kit::octets(hex)).to_string()
}

fn ip(hex: &str) -> String {
    Line::new(print::IP, &kit::octets(hex)).to_string()
}

const V6: &str = "fe800000000000000000000000000001 fe800000000000000000000000000002";

#[test]
fn tags_and_lengths() {
    assert_eq!(
        ethernet("020000000002 020000000001 88a8 60c8 8100 a00a 0800 45"),
        "Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 ServiceVlan | \
         Vlan 200 priority 3 Vlan | Vlan 10 priority 5 Ipv4 | Ipv4: truncated"
    );
    assert_eq!(
        ethernet("0180c2000000 020000000001 0004 424203 00 0000"),
        "Ieee8023 02:00:00:00:00:01 > 01:80:c2:00:00:00 len 4 | \
         Llc SpanningTree > SpanningTree control 3 | 1 octets"
    );
    // A length behind a tag, numbered LLC, SNAP of another organization.
    assert_eq!(
        ethernet("020000000002 020000000001 8100 0001 0005 f0f00104aa 00"),
        "Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 Vlan | Vlan 1 priority 0 5 | \
         Llc NetBios > NetBios control 1 | 1 octets"
    );
    assert_eq!(
        ethernet("01000ccccccc 020000000001 000a aaaa03 00000c 2000 0102"),
        "Ieee8023 02:00:00:00:00:01 > 01:00:0c:cc:cc:cc len 10 | Llc Snap > Snap control 3 | \
         Snap oui 12 8192 | 2 octets"
    );
}

#[test]
fn arp_of_other_addresses() {
    let line = ethernet(
        "ffffffffffff 020000000001 0806 001b 0800 08 04 0001
         0200000000000001 c0000201 0000000000000000 c0000202",
    );
    assert!(
        line.ends_with("| Arp Request hardware 27 of 8 octets, Ipv4 of 4 octets"),
        "{line}"
    );
}

#[test]
fn extension_headers_in_a_row() {
    let line = ip(&format!(
        "60000000 0048 00 40 {V6} 2b00 050200000100 2c02 02 01 00000000 {home} 3300 0000 00000001
         11040000 00000100 00000013 000102030405060708090a0b 0001 0002 0008 0000",
        home = "20010db8000000000000000000000001"
    ));
    assert_eq!(
        line,
        "Ipv6 fe80::1 > fe80::2 HopByHop hlim 64 | \
         Ipv6HopByHop Ipv6Route [RouterAlert { value: Mld }, PadN { zeros: [] }] | \
         Ipv6RoutingType2 Ipv6Frag home 2001:db8::1 | \
         Ipv6Fragment Ah id 1 offset 0 more false | Ah Udp spi 0x00000100 seq 19 | \
         Udp 1 > 2 len 8"
    );
    let later = ip(&format!("60000000 000a 2c 40 {V6} 1100 0008 00000001 aabb"));
    assert!(
        later.ends_with("Ipv6Fragment Udp id 1 offset 8 more false | 2 octets"),
        "{later}"
    );
    let esp = ip(&format!("60000000 000a 32 40 {V6} 0000000a 00000001 aabb"));
    assert!(
        esp.ends_with("| Esp spi 0x0000000a seq 1 | 2 octets"),
        "{esp}"
    );
}

#[test]
fn ports_tell_what_follows() {
    let line = ip(&format!(
        "60000000 0012 11 40 {V6} d431 1633 0012 0000 42011234aabbb4746d70"
    ));
    assert!(
        line.ends_with("| Udp 54321 > 5683 len 18 | Coap Confirmable Get id 4660 | 4 octets"),
        "{line}"
    );
    let dns = ip(&format!(
        "60000000 0019 11 40 {V6} d431 0035 0019 0000 1234 0100 0001 0000 0000 0000 00 0001 0001"
    ));
    assert!(
        dns.ends_with("| Udp 54321 > 53 len 25 | Dns 4660 A? ."),
        "{dns}"
    );
    let dhcp = ip(&format!("60000000 0009 11 40 {V6} 0044 0043 0009 0000 01"));
    assert!(
        dhcp.ends_with("| Udp 68 > 67 len 9 | Dhcpv4: truncated"),
        "{dhcp}"
    );
    let other = ip(&format!("60000000 0009 88 40 {V6} 0001 0002 0008 0000 01"));
    assert!(
        other.ends_with("UdpLite hlim 64 | UdpLite 1 > 2 coverage 8 | 1 octets"),
        "{other}"
    );
}

#[test]
fn dhcp_with_its_options() {
    let mut hex = format!("60000000 00fb 11 40 {V6} 0043 0044 00fb 0000");
    hex.push_str("02010600 00003d1d 0000 0000 00000000 c0000205 00000000 00000000 000b8201fc42");
    hex.push_str(&"00".repeat(202));
    hex.push_str("63825363 350105 ff");
    let line = ip(&hex);
    assert!(
        line.ends_with(
            "| Dhcpv4 Reply xid 15645 00:0b:82:01:fc:42 secs 0 s your 192.0.2.5 client 0.0.0.0 \
             relay 0.0.0.0 [MessageType { value: Ack }]"
        ),
        "{line}"
    );
    let bytes = kit::octets(&hex);
    let tree = Tree::new(print::IP, &bytes).to_string();
    assert!(tree.contains("options: [MessageType"), "{tree}");
}

#[test]
fn the_source_port_tells_what_answers_are() {
    let line = ip(&format!(
        "60000000 0012 11 40 {V6} 1633 d431 0012 0000 62451234aabbb4746d70"
    ));
    assert!(
        line.contains("| Udp 5683 > 54321 len 18 | Coap Acknowledgment Content id 4660"),
        "{line}"
    );
}

#[test]
fn questions_and_answers_about_names() {
    let question = "1234 0100 0001 0000 0000 0000 03777777 076578616d706c65 036f7267 00 001c 8001";
    let line = |udp: &str| {
        let len = (udp.split_whitespace().collect::<String>().len() / 2 + 8) as u16;
        ip(&format!(
            "60000000 {len:04x} 11 40 {V6} 0035 0035 {len:04x} 0000 {udp}"
        ))
    };
    assert!(
        line(question).ends_with("| Dns 4660 QU AAAA? www.example.org"),
        "{}",
        line(question)
    );
    let answer = "1234 8180 0001 0003 0000 0001
        03777777 076578616d706c65 036f7267 00 0001 0001
        c00c 0005 0001 0000012c 0002 c010
        c010 0001 0001 0000003c 0004 c0000207
        c010 0101 0001 0000003c 0002 0102
        00 0029 04d0 00008000 0000";
    assert!(
        line(answer).ends_with(
            "| Dns 4660 answer A? www.example.org: CNAME example.org, example.org A 192.0.2.7, \
             example.org TYPE257 0102; additional . OPT size 1232"
        ),
        "{}",
        line(answer)
    );
    let refused = "1234 8583 0001 0000 0000 0000 0178 00 000f 0001";
    assert!(
        line(refused).ends_with("| Dns 4660 NxDomain MX? x"),
        "{}",
        line(refused)
    );
}

#[test]
fn frames_of_radio_links_down_to_their_datagrams() {
    let wpan = |hex: &str| Line::new(print::IEEE802154, &kit::octets(hex)).to_string();
    assert_eq!(wpan("0200 07"), "Ieee802154 Ack seq 7");
    assert_eq!(
        wpan("61 88 0e efbe 0280 0200 7b 3b 3a 1a 8700 0000"),
        "Ieee802154 Data seq 14 pan 0xbeef 0x0002 > 0x8002 ack-request | \
         Iphc fe80::* > ff02::1a Icmpv6 hlim 255 | \
         Icmpv6Header type 135 code 0 | Ndisc.NeighborSolicit: truncated"
    );
    // Contexts 1 and 2, compressed ports, a question for a name.
    assert_eq!(
        wpan(
            "41 88 0e efbe 0280 0200 7e e5 12 abcd 020000fffe000001
             f2 01 0035 beef 1234 0100 0001 0000 0000 0000 00 0001 0001"
        ),
        "Ieee802154 Data seq 14 pan 0xbeef 0x0002 > 0x8002 | \
         Iphc ctx1::ff:fe00:abcd > ctx2::200:ff:fe00:1 Nhc hlim 64 | \
         NhcUdp 61441 > 53 | Dns 4660 A? ."
    );
    assert_eq!(
        wpan("49 98 01 efbe 0280 0200 0d 05000000 01 7b 3b 3a 1a d1d2d3d4"),
        "Ieee802154 Data seq 1 pan 0xbeef 0x0002 > 0x8002 EncMic32 counter 5 | 4 octets"
    );
}

#[test]
fn addresses_of_dhcp_and_frames_of_sniffers() {
    let addr = "20010db8000000000000000000000005";
    let relayed = ip(&format!(
        "60000000 0039 11 40 {V6} 0223 0223 0039 0000 0d 01 {addr} {addr}
         0012 0003 6c3030 0009 0004 0700002a"
    ));
    assert!(
        relayed.ends_with(
            "| Dhcpv6Relay reply hops 1 link 2001:db8::5 peer 2001:db8::5 | \
             Dhcpv6 Reply xid 42 []"
        ),
        "{relayed}"
    );
    let reply = ip(&format!(
        "60000000 0010 11 40 {V6} 0223 0222 0010 0000 07 00002a 000e 0000"
    ));
    assert!(
        reply.ends_with("| Dhcpv6 Reply xid 42 [RapidCommit]"),
        "{reply}"
    );
    let sniffed = ip(&format!(
        "60000000 002d 11 40 {V6} 455a 455a 002d 0000
         4558 02 01 0b 0002 01 ff e9dd9b5180000000 00000007 00000000000000000000 05 0200 07 1234"
    ));
    assert!(
        sniffed.ends_with("| ZepV2 v2 channel 11 device 2 lqi 255 seq 7 | Ieee802154 Ack seq 7"),
        "{sniffed}"
    );
}
