//! What others' stacks stumbled over, played against [`litz::Interface`] and [`litz::SocketSet`]
//! frame by frame: each file holds one protocol, each test one trigger. The TCP engine itself and
//! transfers are not here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod advertiser;
mod arp;
mod counters;
mod duplicates;
mod forward;
mod fragments;
mod frames;
mod headers;
mod host;
mod icmp;
mod igmp;
mod ipv4;
mod ipv6;
mod membership;
mod mld;
mod multicast;
mod ndisc;
mod neighbors;
mod poll;
mod raw;
mod regressions;
mod routers;
mod routers_duty;
mod served;
mod several;
mod shared_paths;
mod sizes;
mod tcp_backlog;
mod tcp_checksum;
mod tcp_connect;
mod tcp_cookies;
mod tcp_decide;
mod tcp_hostile;
mod tcp_many;
mod tcp_open;
mod tcp_release;
mod tcp_services;
mod tcp_time_wait;
mod udp;
mod udp_buffers;
mod udp_sockets;
