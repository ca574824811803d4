//! A DHCP offer: the message with its options sorted out, and written. etherparse has no DHCP.

/// An offer as a home router makes it: lease and its two times, mask, router, two name servers.
pub const OFFER: [u8; 290] = {
    let mut message = [0; 290];
    let start = [2, 1, 6, 0, 0x12, 0x34, 0x56, 0x78, 0, 3, 0x80, 0];
    let addresses = [0, 0, 0, 0, 192, 0, 2, 7, 192, 0, 2, 1, 0, 0, 0, 0];
    let chaddr = [2, 0, 0, 0, 0, 9];
    let options = [
        0x63, 0x82, 0x53, 0x63, 53, 1, 2, 54, 4, 192, 0, 2, 1, 51, 4, 0, 1, 0x51, 0x80, 58, 4, 0,
        0, 0xa8, 0xc0, 59, 4, 0, 1, 0x27, 0x50, 1, 4, 255, 255, 255, 0, 3, 4, 192, 0, 2, 1, 6, 8,
        192, 0, 2, 53, 198, 51, 100, 53, 255,
    ];
    put(&mut message, 0, &start);
    put(&mut message, 12, &addresses);
    put(&mut message, 28, &chaddr);
    put(&mut message, 236, &options);
    message
};

const fn put(message: &mut [u8], at: usize, octets: &[u8]) {
    message
        .split_at_mut(at)
        .1
        .split_at_mut(octets.len())
        .0
        .copy_from_slice(octets);
}

pub mod litz {
    //! On litz-wire.

    use std::hint::black_box;
    use std::net::Ipv4Addr;

    use litz_wire::{Array, DhcpOptionSet, Dhcpv4Packet, Dhcpv4Repr, Options, Result};

    #[inline(never)]
    pub fn dhcp_offer_values(message: &[u8]) -> u64 {
        let Ok(packet) = Dhcpv4Packet::new_checked(message) else {
            return 0;
        };
        let mut options = DhcpOptionSet::default();
        if options.refill(&packet.options()).is_err() {
            return 0;
        }
        black_box(&options);
        u64::from(
            Dhcpv4Repr::parse(&packet)
                .map(|values| black_box(&values).xid)
                .is_ok(),
        )
    }

    pub fn read(message: &[u8]) -> Result<(Dhcpv4Repr<'_>, DhcpOptionSet<'_>)> {
        let packet = Dhcpv4Packet::new_checked(message)?;
        let options = DhcpOptionSet::from_options(&packet.options())?;
        Ok((Dhcpv4Repr::parse(&packet)?, options))
    }

    #[inline(never)]
    fn dhcp_offer_written(dhcp: &Dhcpv4Repr, options: &DhcpOptionSet, buf: &mut [u8]) -> bool {
        dhcp.emit_with(options, buf).is_ok()
    }

    /// Writes the offer, without the times that smoltcp does not write.
    pub fn write(count: usize, buf: &mut [u8]) -> Option<()> {
        let (dhcp, options) = read(&super::OFFER).ok()?;
        // A server has addresses as values, as those have that smoltcp writes.
        let routers: Vec<Ipv4Addr> = options.router?.iter().collect();
        let servers: Vec<Ipv4Addr> = options.dns_servers?.iter().collect();
        let options = DhcpOptionSet {
            router: Some(Array::from_values(&routers)),
            dns_servers: Some(Array::from_values(&servers)),
            renew_time: None,
            rebind_time: None,
            ..options
        };
        let dhcp = Dhcpv4Repr {
            options: Options::EMPTY,
            ..dhcp
        };
        for _ in 0..count {
            black_box(dhcp_offer_written(
                black_box(&dhcp),
                black_box(&options),
                black_box(buf),
            ));
        }
        Some(())
    }
}

pub mod smoltcp {
    //! On smoltcp's wire module.

    use std::hint::black_box;

    use ::smoltcp::wire::{DhcpPacket, DhcpRepr};

    #[inline(never)]
    pub fn dhcp_offer_values(message: &[u8]) -> u64 {
        let Ok(packet) = DhcpPacket::new_checked(message) else {
            return 0;
        };
        u64::from(
            DhcpRepr::parse(&packet)
                .map(|values| black_box(&values).transaction_id)
                .is_ok(),
        )
    }

    #[inline(never)]
    fn dhcp_offer_written(dhcp: &DhcpRepr<'_>, buf: &mut [u8]) -> bool {
        let Some(buf) = buf.get_mut(..dhcp.buffer_len()) else {
            return false;
        };
        dhcp.emit(&mut DhcpPacket::new_unchecked(buf)).is_ok()
    }

    /// Writes the offer.
    pub fn write(count: usize, buf: &mut [u8]) -> Option<()> {
        let packet = DhcpPacket::new_checked(&super::OFFER[..]).ok()?;
        let dhcp = DhcpRepr::parse(&packet).ok()?;
        for _ in 0..count {
            black_box(dhcp_offer_written(black_box(&dhcp), black_box(buf)));
        }
        Some(())
    }
}

/// Both read the same and write the same.
#[cfg(test)]
mod tests {
    use super::{OFFER, litz, smoltcp};
    use ::smoltcp::wire::{DhcpPacket, DhcpRepr};
    use std::net::Ipv4Addr;

    #[test]
    fn both_read_the_same() {
        let (ours, options) = litz::read(&OFFER).expect("an offer");
        let packet = DhcpPacket::new_checked(&OFFER[..]).expect("an offer");
        let theirs = DhcpRepr::parse(&packet).expect("an offer");
        assert_eq!(ours.xid, theirs.transaction_id);
        assert_eq!(
            (ours.xid, ours.secs.0, ours.broadcast),
            (0x1234_5678, 3, true)
        );
        assert_eq!((theirs.secs, theirs.broadcast), (3, true));
        assert_eq!(ours.yiaddr, Ipv4Addr::new(192, 0, 2, 7));
        assert_eq!(
            (ours.yiaddr, ours.siaddr),
            (theirs.your_ip, theirs.server_ip)
        );
        let address = ours.chaddr.ethernet().expect("an address of Ethernet");
        assert_eq!(address.0, theirs.client_hardware_address.0);
        assert_eq!(
            options.message_type.map(|it| it.0),
            Some(theirs.message_type.into())
        );
        assert_eq!(options.server_id, theirs.server_identifier);
        assert_eq!(options.subnet_mask, theirs.subnet_mask);
        let seconds = [options.lease_time, options.renew_time, options.rebind_time];
        let seconds = seconds.map(|time| time.map(|time| time.0));
        assert_eq!(seconds, [Some(86400), Some(43200), Some(75600)]);
        let theirs_seconds = [
            theirs.lease_duration,
            theirs.renew_duration,
            theirs.rebind_duration,
        ];
        assert_eq!(seconds, theirs_seconds);
        let routers = options.router.expect("a router").iter().collect::<Vec<_>>();
        assert_eq!(routers, [theirs.router.expect("a router")]);
        let servers = options
            .dns_servers
            .expect("servers")
            .iter()
            .collect::<Vec<_>>();
        assert_eq!(servers, theirs.dns_servers.expect("servers").to_vec());
        assert_eq!(
            [
                litz::dhcp_offer_values(&OFFER),
                smoltcp::dhcp_offer_values(&OFFER)
            ],
            [1, 1]
        );
    }

    #[test]
    fn both_write_the_same() {
        let mut ours = [0xa5; 300];
        let mut theirs = [0xa5; 300];
        litz::write(1, &mut ours).expect("written");
        smoltcp::write(1, &mut theirs).expect("written");
        // smoltcp leaves what follows a hardware address of six octets.
        assert_eq!(ours[34..44], [0; 10]);
        theirs[34..44].fill(0);
        assert_eq!(ours[..240], theirs[..240]);
        assert_eq!(ours[..240], OFFER[..240]);
        // The order of the options is everybody's own.
        let options = |message: &[u8]| {
            let (mut rest, mut all) = (&message[240..], Vec::new());
            while let [kind, len, more @ ..] = rest {
                if *kind == 255 {
                    break;
                }
                let (data, after) = more.split_at(usize::from(*len));
                all.push((*kind, data.to_vec()));
                rest = after;
            }
            all.sort();
            (all, rest.first() == Some(&255))
        };
        let (ours, theirs) = (options(&ours), options(&theirs));
        assert_eq!(ours, theirs);
        assert_eq!(ours.0.len(), 6);
        assert!(ours.1);
    }
}
