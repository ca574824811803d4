//! Which parts this build has. Every part is compiled and checked in every build; where one begins
//! there stands one of these constants, and what is behind a false one never reaches the image.

/// Declares a constant that says whether a feature of the crate is on. The stack's parts are
/// declared with it too.
#[doc(hidden)]
#[macro_export]
macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident = $feature:literal;)*) => {$(
        $(#[$doc])*
        #[cfg(feature = $feature)]
        pub(crate) const $name: bool = true;
        $(#[$doc])*
        #[cfg(not(feature = $feature))]
        pub(crate) const $name: bool = false;
    )*};
}

parts! {
    /// Scans of 802.15.4: energy on channels, networks that answer.
    SCAN = "scan";
    /// Joining and leaving networks of 802.15.4, and letting others join.
    ASSOCIATION = "association";
    /// What a coordinator of 802.15.4 does: frames are kept for stations that sleep, and requests
    /// for beacons are answered.
    CHILDREN = "children";
    /// Information elements in frames of 802.15.4, which came with version 2.
    ELEMENTS = "elements";
    /// When frames began, as the CC2538 captures it.
    TIMESTAMPS = "timestamps";
    /// Radios of 802.15.4 that sleep while nothing is expected.
    LOW_POWER = "low-power";
    /// What a MAC of 802.15.4 counts: frames, reasons of drops, how good links are.
    COUNTERS = "counters";
}

/// Whether the MAC obeys any command, or sends one that it has to remember.
pub(crate) const COMMANDS: bool = CHILDREN || ASSOCIATION || LOW_POWER;
