//! Every protocol against octets that others have made (scapy, captures, examples of RFCs): read
//! with their values, written again as they were, and refused by name when they are cut short.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails"
)]

mod arp;
mod captures;
mod coap;
mod dhcpv4;
mod dhcpv6;
mod dns;
mod icmpv4;
mod icmpv6;
mod ieee802154;
mod igmp;
mod ipsec;
mod ipv4_options;
mod ipv6_extensions;
mod kit;
mod lines;
mod linux_sll;
mod llc;
mod lowpan;
mod mld;
mod ndisc;
mod ntp;
mod rpl;
mod tcp_options;
mod udp_lite;
mod vlan;
