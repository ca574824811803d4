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
            header Ieee8023;
            codes Sap;
            header Llc;
            header Snap;
            payloads LlcPayload;
            header Vlan;
            codes ArpOperation;
            header Arp;
            header ArpEthIpv4;
            codes IpProtocol;
            codes Ecn;
            header Ipv4;
            options Ipv4Option;
            codes Ipv4TimestampFlag;
            header Icmpv4Header;
            codes Icmpv4DstUnreachable;
            codes Icmpv4TimeExceeded;
            codes Icmpv4RedirectCode;
            message Icmpv4;
            header RouterEntry;
            header IgmpHeader;
            message Igmp;
            header IgmpQueryV3;
            header IgmpRecord;
            header Ipv6;
            header Ipv6HopByHop;
            header Ipv6DstOpts;
            options Ipv6Option;
            codes Ipv6OptionAction;
            codes Ipv6RouterAlert;
            codes RoutingType;
            header Ipv6Routing;
            header Ipv6RoutingSource;
            header Ipv6RoutingType2;
            header Ipv6RoutingRpl;
            header Ipv6RoutingSegments;
            options SegmentTlv;
            header Ipv6Fragment;
            header Ah;
            header Esp;
            header Icmpv6Header;
            codes Icmpv6DstUnreachable;
            codes Icmpv6TimeExceeded;
            codes Icmpv6ParamProblem;
            message Icmpv6;
            message Ndisc;
            codes RoutePreference;
            options NdiscOption;
            set NdiscOptionSet;
            codes RegistrationStatus;
            message Mld;
            header MldQueryV2;
            header MldReportV2;
            header MldRecord;
            codes GroupRecordType;
            message Rpl;
            codes RplMode;
            options RplOption;
            header Udp;
            header UdpLite;
            header Tcp;
            bits TcpFlags;
            options TcpOption;
            set TcpOptionSet;
            codes MptcpSubtype;
            header SackBlock;
            header TcpQuote;
            payloads EthPayload;
            payloads IpPayload;
            codes UdpPort;
            payloads UdpPayload;
            header Dhcpv4;
            codes DhcpOp;
            options DhcpOption;
            set DhcpOptionSet;
            options DhcpRawOption;
            codes DhcpMessageType;
            codes DhcpOverload;
            header DhcpStaticRoute;
            options RelayOption;
            header Ntp;
            codes NtpLeap;
            codes NtpMode;
            header Coap;
            codes CoapType;
            codes CoapCode;
        }
    };
}
