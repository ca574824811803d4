//! The list of every declared item, for tests, tools and fuzz targets. A test compares it with the
//! sources.

/// Calls a macro with `kind Name;` for every item that this crate declares.
///
/// ```
/// macro_rules! count {
///     ($($kind:ident $name:ident;)*) => { [$(stringify!($name)),*].len() };
/// }
/// assert!(litz_wire::for_each_item!(count) > 20);
/// ```
#[macro_export]
macro_rules! for_each_item {
    ($then:ident) => {
        $then! {
            codes EtherType;
            header Ethernet;
            codes ArpOperation;
            header Arp;
            header ArpEthIpv4;
            codes IpProtocol;
            codes Ecn;
            header Ipv4;
            options Ipv4Option;
            header Icmpv4Header;
            codes Icmpv4DstUnreachable;
            codes Icmpv4TimeExceeded;
            codes Icmpv4RedirectCode;
            message Icmpv4;
            header Ipv6;
            header Icmpv6Header;
            codes Icmpv6DstUnreachable;
            codes Icmpv6TimeExceeded;
            codes Icmpv6ParamProblem;
            message Icmpv6;
            message Ndisc;
            options NdiscOption;
            set NdiscOptionSet;
            header Udp;
            header Tcp;
            bits TcpFlags;
            options TcpOption;
            set TcpOptionSet;
            header SackBlock;
            header TcpQuote;
            payloads EthPayload;
            payloads IpPayload;
        }
    };
}
