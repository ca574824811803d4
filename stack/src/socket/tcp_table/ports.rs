//! Ephemeral ports (RFC 6056 §3.3.3, algorithm 3): where the search begins is a keyed hash of the
//! destination, so that a stranger cannot predict the port and one destination sees a sequence.

use super::TcpTable;
use super::slots::{Tuple, bucket_half};
use crate::addr::{Ip, IpPort};
use crate::parts::Kept;

/// First ephemeral port (RFC 6335 §6).
const MIN_EPHEMERAL: u16 = 49152;
/// Number of ephemeral ports; a power of two.
const NUM_EPHEMERAL: u16 = 16384;

impl TcpTable<'_> {
    /// A local port such that no connection has the resulting tuple.
    pub(super) fn ephemeral_port(&mut self, local: Ip, remote: IpPort, zone: u8) -> Option<u16> {
        let mut tuple = Tuple {
            local: IpPort {
                addr: local,
                port: 0,
            },
            remote,
            zone,
        };
        let offset = tuple.hash(&self.secret) as u16;
        for _ in 0..NUM_EPHEMERAL {
            let step = self.next_ephemeral.get().copied().unwrap_or(0);
            self.next_ephemeral = Kept::new(step.wrapping_add(1));
            let port = MIN_EPHEMERAL | (offset.wrapping_add(step) & NUM_EPHEMERAL.wrapping_sub(1));
            tuple.local.port = port;
            let key = tuple.key(&self.secret);
            let used = self.slots.find(&tuple, bucket_half(key)).is_some()
                || self.time_waits.find(key).is_some();
            if !used {
                return Some(port);
            }
        }
        None
    }
}
