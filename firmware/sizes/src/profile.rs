//! Which profile is built, as constants.

/// Declares a constant that says whether a feature is on.
macro_rules! profile {
    ($($(#[$doc:meta])* $name:ident = $feature:literal;)*) => {$(
        $(#[$doc])*
        #[cfg(feature = $feature)]
        pub const $name: bool = true;
        $(#[$doc])*
        #[cfg(not(feature = $feature))]
        pub const $name: bool = false;
    )*};
}

profile! {
    /// IPv4 on an Ethernet.
    IP4 = "ip4";
    /// IPv6 on an Ethernet.
    IP6 = "ip6";
    /// IEEE 802.15.4 and 6LoWPAN.
    WPAN = "wpan";
    /// Datagrams in several frames of 802.15.4.
    FRAG = "frag";
}
