//! DHCPv4 with its options, DNS without its records, NTP: as tshark names their fields.

use super::How::{Bool, Codes, Exponent, Kinds, List, Not, Number, Octets, Text, Value, Whole};
use super::{How, Map, Row, row};
use litz_wire::rt::{Codes as _, Header as _};
use litz_wire::{
    Coap, CoapCode, CoapType, DhcpMessageType, DhcpOp, Dhcpv4, Dns, DnsOpcode, DnsRcode, Ntp,
    NtpLeap, NtpMode,
};

pub(super) const MAPS: &[Map] = &[
    Map::new("Dhcpv4", "dhcp", DHCP).at(Dhcpv4::FIELDS),
    Map::new("Dns", "dns|mdns|llmnr", DNS).at(Dns::FIELDS),
    Map::new("Ntp", "ntp", NTP).at(Ntp::FIELDS),
    Map::new("Coap", "coap", COAP).at(Coap::FIELDS),
];

const DHCP: &[Row] = &[
    row("op", "dhcp.type", Codes(DhcpOp::CODES)),
    row("htype", "dhcp.hw.type", Number),
    row("hlen", "dhcp.hw.len", Number),
    row("hops", "dhcp.hops", Number),
    row("xid", "dhcp.id", Number),
    row("secs", "dhcp.secs", Number),
    row("broadcast", "dhcp.flags.bc", Bool),
    row("ciaddr", "dhcp.ip.client", Text),
    row("yiaddr", "dhcp.ip.your", Text),
    row("siaddr", "dhcp.ip.server", Text),
    row("giaddr", "dhcp.ip.relay", Text),
    row(
        "chaddr",
        "",
        Not("tshark shows so many octets as the length says"),
    ),
    row("sname", "dhcp.server", Octets),
    row("file", "dhcp.file", Octets),
    row("magic", "dhcp.cookie", Value),
    row("options/*", "dhcp.option.type", Kinds(KINDS, &[])),
    row(
        "options/MessageType/value",
        "dhcp.option.dhcp",
        Codes(DhcpMessageType::CODES),
    ),
    row("options/SubnetMask/mask", "dhcp.option.subnet_mask", Text),
    row("options/Router/addrs", "dhcp.option.router", List),
    row(
        "options/DnsServers/addrs",
        "dhcp.option.domain_name_server",
        List,
    ),
    row("options/NtpServers/addrs", "dhcp.option.ntp_server", List),
    row("options/HostName/name", "dhcp.option.hostname", Octets),
    row("options/DomainName/name", "dhcp.option.domain_name", Octets),
    row(
        "options/BroadcastAddr/addr",
        "dhcp.option.broadcast_address",
        Text,
    ),
    row(
        "options/RequestedIp/addr",
        "dhcp.option.requested_ip_address",
        Text,
    ),
    row("options/ServerId/addr", "dhcp.option.dhcp_server_id", Text),
    row(
        "options/LeaseTime/time",
        "dhcp.option.ip_address_lease_time",
        Number,
    ),
    row(
        "options/RenewTime/time",
        "dhcp.option.renewal_time_value",
        Number,
    ),
    row(
        "options/RebindTime/time",
        "dhcp.option.rebinding_time_value",
        Number,
    ),
    row(
        "options/MaxMessageSize/size",
        "dhcp.option.dhcp_max_message_size",
        Number,
    ),
    row(
        "options/ParameterRequestList/kinds",
        "dhcp.option.request_list_item",
        List,
    ),
];

/// Variants by their numbers (IANA, "BOOTP Vendor Extensions and DHCP Options").
const KINDS: &[(&str, u64)] = &[
    ("Pad", 0),
    ("End", 255),
    ("MessageType", 53),
    ("ClientId", 61),
    ("ServerId", 54),
    ("RequestedIp", 50),
    ("LeaseTime", 51),
    ("RenewTime", 58),
    ("RebindTime", 59),
    ("SubnetMask", 1),
    ("Router", 3),
    ("DnsServers", 6),
    ("HostName", 12),
    ("DomainName", 15),
    ("InterfaceMtu", 26),
    ("BroadcastAddr", 28),
    ("StaticRoutes", 33),
    ("NtpServers", 42),
    ("Overload", 52),
    ("ParameterRequestList", 55),
    ("Message", 56),
    ("MaxMessageSize", 57),
    ("VendorClass", 60),
    ("TftpServerName", 66),
    ("BootfileName", 67),
    ("RelayAgent", 82),
    ("Ipv6Only", 108),
    ("DomainSearch", 119),
    ("ClasslessRoutes", 121),
];

const NTP: &[Row] = &[
    row("leap", "ntp.flags.li", Codes(NtpLeap::CODES)),
    row("version", "ntp.flags.vn", Number),
    row("mode", "ntp.flags.mode", Codes(NtpMode::CODES)),
    row("stratum", "ntp.stratum", Number),
    row("poll", "ntp.ppoll", Exponent),
    row("precision", "ntp.precision", Exponent),
    row("root_delay", "ntp.rootdelay", Whole(2)),
    row("root_dispersion", "ntp.rootdispersion", Whole(2)),
    row("reference_id", "ntp.refid", Octets),
    row("reference", "ntp.reftime", Whole(4)),
    row("origin", "ntp.org", Whole(4)),
    row("receive", "ntp.rec", Whole(4)),
    row("transmit", "ntp.xmt", Whole(4)),
];

/// Why the sections are not compared here.
const SECTIONS: How = Not("a text; `records` compares what the records hold");

/// Some flags tshark shows in responses only.
const DNS: &[Row] = &[
    row("id", "dns.id", Number),
    row("response", "dns.flags.response", Bool),
    row("opcode", "dns.flags.opcode", Codes(DnsOpcode::CODES)),
    row("authoritative", "?dns.flags.authoritative", Bool),
    row("truncated", "dns.flags.truncated", Bool),
    row("recursion_desired", "dns.flags.recdesired", Bool),
    row("recursion_available", "?dns.flags.recavail", Bool),
    row("authentic_data", "?dns.flags.authenticated", Bool),
    row("checking_disabled", "?dns.flags.checkdisable", Bool),
    row("rcode", "?dns.flags.rcode", Codes(DnsRcode::CODES)),
    row("qdcount", "dns.count.queries", Number),
    row("ancount", "dns.count.answers", Number),
    row("nscount", "dns.count.auth_rr", Number),
    row("arcount", "dns.count.add_rr", Number),
    row("question", "", SECTIONS),
    row("answer", "", SECTIONS),
    row("authority", "", SECTIONS),
    row("additional", "", SECTIONS),
];

const COAP: &[Row] = &[
    row("version", "coap.version", Number),
    row("message_type", "coap.type", Codes(CoapType::CODES)),
    row("token_len", "coap.token_len", Number),
    row("code", "coap.code", Codes(CoapCode::CODES)),
    row("message_id", "coap.mid", Number),
    row("token", "?coap.token", Octets),
];
