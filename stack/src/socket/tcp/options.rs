//! What is agreed on in SYNs: segment size (RFC 6691), window scale and timestamps (RFC 7323), and
//! selective acknowledgment (RFC 2018 §2). What this build does not have is not offered.

use super::sack::SackUse;
use super::scale::WindowScale;
use super::window::Mss;
use super::{TcpConfig, TcpOptionSet, TcpOptionTimestamp};

/// What we offer in a SYN.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    pub(super) mss: Mss,
    /// Scale of our window; `None` if scaling is not offered.
    pub(super) scale: Option<WindowScale>,
    /// Not in a SYN, but in the answer to one that offers them, if they are only accepted.
    pub(super) timestamps: bool,
    pub(super) sack: bool,
}

impl Offer {
    /// The offer for a connection that can receive `window` octets.
    pub(super) fn new(config: &TcpConfig, window: u32, mss: Mss) -> Self {
        let config = config.or_default();
        Self {
            mss: mss.min(Mss::new(config.max_segment)),
            scale: (config.window_scaling && WindowScale::AVAILABLE)
                .then(|| WindowScale::for_window(window)),
            timestamps: config.timestamps.accepts(),
            sack: config.sack && SackUse::AVAILABLE,
        }
    }

    /// The part of the offer that the peer's SYN takes up.
    pub(super) fn accepted(self, peer: &TcpOptionSet<'_>) -> Agreement {
        let scales = self.scale.zip(peer.window_scale);
        let timestamp = peer.timestamp.filter(|_| self.timestamps);
        Agreement {
            peer_mss: Mss::from_option(peer.mss),
            our_scale: scales.map(|(ours, _)| ours),
            peer_scale: scales.map_or(WindowScale::NONE, |(_, s)| WindowScale::from_option(s)),
            timestamp: timestamp.map(|timestamp| timestamp.tsval),
            sack: self.sack && peer.sack_permitted,
        }
    }

    //= RFC 9293: MUST-4, MUST-14, MUST-65, MUST-68, SHLD-5, MAY-3
    /// The options of our SYN or, after `agreement`, of our SYN-ACK.
    pub(super) fn options(self, stamp: Option<TcpOptionTimestamp>) -> TcpOptionSet<'static> {
        TcpOptionSet {
            mss: Some(self.mss.octets()),
            window_scale: self
                .scale
                .filter(|_| WindowScale::AVAILABLE)
                .map(WindowScale::shift),
            timestamp: stamp,
            sack_permitted: self.sack,
            ..TcpOptionSet::default()
        }
    }
}

/// What both sides have said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Agreement {
    pub(super) peer_mss: Mss,
    /// Scale of our window; `None` if there is no scaling.
    pub(super) our_scale: Option<WindowScale>,
    pub(super) peer_scale: WindowScale,
    /// The peer's timestamp; `None` if there are none.
    pub(super) timestamp: Option<u32>,
    pub(super) sack: bool,
}
