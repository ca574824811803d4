//! DHCPv6 with its options and the options within them, as tshark names their fields.

use super::How::{Bool, Codes, Kinds, List, Not, Number, Octets, Text, Units, Value};
use super::{Map, Row, row};
use litz_wire::rt::Codes as _;
use litz_wire::{Dhcpv6MessageType, Dhcpv6Status};

pub(super) const MAPS: &[Map] = &[
    Map::new("Dhcpv6", "dhcpv6", DHCPV6),
    Map::new("Dhcpv6Relay", "dhcpv6", RELAY).last("tshark follows the message in an option"),
];

/// The options, and what a message has beside them.
macro_rules! with_options {
    ($($row:expr),* $(,)?) => {
        &[
            $($row,)*
            row("options/*", "dhcpv6.option.type", Kinds(KINDS, &[])),
            row("options/ClientId|ServerId/duid", "dhcpv6.duid.bytes", Octets),
            row("options/IaNa|IaPd/iaid", "dhcpv6.iaid", Value),
            row("options/IaNa|IaPd/t1", "dhcpv6.iaid.t1", Number),
            row("options/IaNa|IaPd/t2", "dhcpv6.iaid.t2", Number),
            row("options/IaTa/iaid", "dhcpv6.iata", Value),
            row("options/IaAddr/addr", "dhcpv6.iaaddr.ip", Text),
            row("options/IaAddr/preferred", "dhcpv6.iaaddr.pref_lifetime", Number),
            row("options/IaAddr/valid", "dhcpv6.iaaddr.valid_lifetime", Number),
            row("options/IaPrefix/preferred", "dhcpv6.iaprefix.pref_lifetime", Number),
            row("options/IaPrefix/valid", "dhcpv6.iaprefix.valid_lifetime", Number),
            row("options/IaPrefix/prefix_len", "dhcpv6.iaprefix.pref_len", Number),
            row("options/IaPrefix/prefix", "dhcpv6.iaprefix.pref_addr", Text),
            row("options/OptionRequest/kinds", "dhcpv6.requested_option_code", List),
            row("options/Preference/value", "dhcpv6.option_preference", Number),
            row("options/ElapsedTime/time", "dhcpv6.elapsed_time", Units(10)),
            row("options/Status/code", "dhcpv6.status_code", Codes(Dhcpv6Status::CODES)),
            row("options/Status/text", "dhcpv6.status_msg", Octets),
            row("options/VendorClass/enterprise", "dhcpv6.vendorclass.enterprise", Number),
            row("options/VendorOptions/enterprise", "dhcpv6.vendoropts.enterprise", Number),
            row("options/InterfaceId/id", "dhcpv6.interface_id", Octets),
            row(
                "options/ReconfigureMessage/msg_type",
                "dhcpv6.reconf_msg",
                Codes(Dhcpv6MessageType::CODES),
            ),
            row("options/DnsServers/addrs", "dhcpv6.dns_server", List),
            row("options/SntpServers/addrs", "dhcpv6.sntp_server", List),
            row("options/ClientFqdn/no_update", "dhcpv6.clientfqdn.client.n", Bool),
            row("options/ClientFqdn/server_updates", "dhcpv6.clientfqdn.client.s", Bool),
        ]
    };
}

const DHCPV6: &[Row] = with_options!(
    row(
        "msg_type",
        "dhcpv6.msgtype",
        Codes(Dhcpv6MessageType::CODES)
    ),
    row("transaction_id", "dhcpv6.xid", Number),
);

const RELAY: &[Row] = with_options!(
    row("relay", "", Not("the high bits of the type")),
    row("reply", "", Not("the low bit of the type")),
    row("hop_count", "dhcpv6.hopcount", Number),
    row("link_addr", "dhcpv6.linkaddr", Text),
    row("peer_addr", "dhcpv6.peeraddr", Text),
);

/// Variants by their numbers (IANA, "DHCPv6 Options").
const KINDS: &[(&str, u64)] = &[
    ("ClientId", 1),
    ("ServerId", 2),
    ("IaNa", 3),
    ("IaTa", 4),
    ("IaAddr", 5),
    ("OptionRequest", 6),
    ("Preference", 7),
    ("ElapsedTime", 8),
    ("RelayMessage", 9),
    ("Auth", 11),
    ("ServerUnicast", 12),
    ("Status", 13),
    ("RapidCommit", 14),
    ("UserClass", 15),
    ("VendorClass", 16),
    ("VendorOptions", 17),
    ("InterfaceId", 18),
    ("ReconfigureMessage", 19),
    ("ReconfigureAccept", 20),
    ("DnsServers", 23),
    ("DomainSearch", 24),
    ("IaPd", 25),
    ("IaPrefix", 26),
    ("SntpServers", 31),
    ("InformationRefreshTime", 32),
    ("ClientFqdn", 39),
    ("NtpServer", 56),
    ("ClientLinkLayerAddr", 79),
    ("SolMaxRt", 82),
    ("InfMaxRt", 83),
];
