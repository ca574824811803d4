//! Options of TCP that the stack does not use.

use crate::kit;
use litz_wire::{MptcpSubtype, Options, Tcp, TcpOption, TcpOptionSet, TcpPacket};

/// Made with scapy: fast open, user timeout, authentication, MD5 digest.
const MANY: &str = "
    0001 0002 00000001 00000000 f002 2000 0000 0000
    220a0102030405060708 1c048005 1d100102 6d6d6d6d6d6d6d6d6d6d6d6d 0101 2208 aabbccddeeff";

/// From a capture of multipath TCP: the options of a SYN.
const CAPABLE: &str = "020405b4 0402 080a1baf9ea100000000 01 030308 1e040101";

#[test]
fn cookies_timeouts_and_authentication() {
    let bytes = kit::octets(MANY);
    kit::header::<Tcp>(&bytes, 60);
    let packet = TcpPacket::new_checked(&bytes).unwrap();
    let items: Vec<TcpOption> = kit::options(packet.options().as_bytes().unwrap());
    assert_eq!(
        items[0],
        TcpOption::FastOpen {
            cookie: &[1, 2, 3, 4, 5, 6, 7, 8]
        }
    );
    assert_eq!(
        items[1],
        TcpOption::UserTimeout {
            minutes: true,
            timeout: 5
        }
    );
    let mac = &[b'm'; 12];
    assert_eq!(
        items[2],
        TcpOption::Authentication {
            key_id: 1,
            next_key_id: 2,
            mac
        }
    );
    assert_eq!(items[3..5], [TcpOption::Nop, TcpOption::Nop]);
    let digest = [[19, 18].as_slice(), &[b'd'; 16]].concat();
    let digest: Vec<TcpOption> = kit::options(Box::leak(digest.into_boxed_slice()));
    assert_eq!(digest, [TcpOption::Md5 { digest: [b'd'; 16] }]);
}

#[test]
fn multipath() {
    let bytes = kit::octets(CAPABLE);
    let items: Vec<TcpOption> = kit::options(&bytes);
    assert_eq!(
        items.last(),
        Some(&TcpOption::Multipath {
            subtype: MptcpSubtype::Capable,
            flags: 1,
            data: &[1],
        })
    );
    // What the stack looks at is not disturbed.
    let set = TcpOptionSet::from_options(&Options::raw(&bytes)).unwrap();
    assert_eq!(
        (set.mss, set.window_scale, set.sack_permitted),
        (Some(1460), Some(8), true)
    );
    assert_eq!(set.timestamp.map(|stamp| stamp.tsval), Some(0x1baf_9ea1));
}

#[test]
fn lengths_that_do_not_fit_are_malformed() {
    for bad in ["1c0380", "1c05800500", "1e02", "1d0301", "1303aa"] {
        let bytes = kit::octets(bad);
        let mut options = Options::<TcpOption>::raw(&bytes).iter();
        assert!(options.next().unwrap().is_err(), "{bad}");
        assert!(options.next().is_none());
    }
    kit::zero_lengths::<TcpOption>(0..=255);
}
