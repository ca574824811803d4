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
        dns.contains("| Udp 54321 > 53 len 25 | Dns 4660 Query NoError ["),
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
