//! The neighbor cache, for ARP and neighbor discovery alike. It decides when to ask and what to
//! believe; the asking itself is the caller's.
//!
//! Nobody outside can make it grow: entries are made for destinations that we send to, and for
//! neighbors that ask us something, and when it is full an entry that is not in use makes room
//! (RFC 6583 §7.1).

#![cfg_attr(
    not(feature = "neighbors"),
    allow(dead_code, reason = "nobody is asked for")
)]

// Each build has one of them, and tests both that keep something.
#[cfg(any(test, feature = "nud"))]
#[cfg_attr(
    test,
    allow(unreachable_pub, reason = "it is the other's that is public")
)]
mod checked;
#[cfg(not(feature = "neighbors"))]
mod derived;
#[cfg(any(test, all(feature = "neighbors", not(feature = "nud"))))]
#[cfg_attr(
    test,
    allow(unreachable_pub, reason = "it is the other's that is public")
)]
mod plain;

use litz_hal::time::{Duration, Instant};

#[cfg(feature = "nud")]
pub(crate) use self::checked::NeighborCache;
#[cfg(feature = "nud")]
pub use self::checked::NeighborSlot;
#[cfg(not(feature = "neighbors"))]
pub(crate) use self::derived::NeighborCache;
#[cfg(not(feature = "neighbors"))]
pub use self::derived::NeighborSlot;
#[cfg(all(feature = "neighbors", not(feature = "nud")))]
pub(crate) use self::plain::NeighborCache;
#[cfg(all(feature = "neighbors", not(feature = "nud")))]
pub use self::plain::NeighborSlot;
use super::hardware::HardwareAddr;
use crate::addr::Ip;

/// Time between solicitations (RFC 4861 §10, `RETRANS_TIMER`).
pub(crate) const RETRANS_TIMER: Duration = Duration::from_millis(1000);
/// Solicitations before giving up (RFC 4861 §10, `MAX_MULTICAST_SOLICIT`, `MAX_UNICAST_SOLICIT`).
const MAX_SOLICIT: u8 = 3;
/// How long an answer is good for on average (RFC 4861 §10, `REACHABLE_TIME`).
pub(crate) const REACHABLE_TIME: Duration = Duration::from_millis(30_000);

/// What is known of a next hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// Its hardware address, and that nothing is to be done about it before `until`.
    Known {
        station: HardwareAddr,
        until: Instant,
    },
    /// It is being asked for.
    Wait,
}

/// What a timer of the cache wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "nud"), allow(dead_code, reason = "asks everybody"))]
pub(crate) enum Solicit {
    /// Ask everybody who has the address.
    Multicast(Ip),
    /// Ask the one who had it.
    Unicast(Ip, HardwareAddr),
    /// It was asked often enough in vain, and is forgotten.
    GiveUp(Ip),
}

/// What a message about a neighbor is worth (RFC 4861 §7.2.3, §7.2.5, §6.2.6, §6.3.4, §8.3;
/// RFC 826).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// It advertised itself, in answer to our question or not. ARP knows no routers.
    Advert {
        solicited: bool,
        overrides: bool,
        router: Option<bool>,
    },
    /// It asked us something, so it will want to hear from us.
    Asked,
    /// It asked for routers, so it is none.
    SoughtRouter,
    /// It advertised itself as a router, or another router told that it is one.
    Router,
    /// Another told us about it (RFC 4861 §8.3).
    Told,
}

impl Evidence {
    /// Whether it is a reason to remember a neighbor that we have not sent to.
    const fn makes_an_entry(self) -> bool {
        !matches!(self, Self::Advert { .. })
    }

    /// What it says of the neighbor's being a router.
    const fn router(self) -> Option<bool> {
        match self {
            Self::Advert { router, .. } => router,
            Self::Router => Some(true),
            Self::SoughtRouter => Some(false),
            Self::Asked | Self::Told => None,
        }
    }
}

/// What changed by a message about a neighbor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Learned {
    /// Packets can be sent to it that could not before.
    pub(crate) resolved: bool,
    /// It was a router and is none any more.
    pub(crate) left_routers: bool,
}
