//! A datagram of UDP over IEEE 802.15.4: frame, LOWPAN_IPHC, LOWPAN_NHC. Both resolve the addresses
//! when they read and choose the shortest form when they write, contexts left out.

/// A data frame between two extended addresses; addresses of IPv6 that do not follow from them,
/// ports that are not compressed (smoltcp writes short ones wrongly), no checksum yet.
pub const FRAME: [u8; 54] = [
    0x61, 0xdc, 0x2a, 0xcd, 0xab, 8, 7, 6, 5, 4, 3, 2, 1, 18, 17, 16, 15, 14, 13, 12,
    11, // IEEE 802.15.4
    0x7e, 0x11, 0x20, 1, 2, 3, 4, 5, 6, 7, 0x20, 9, 8, 7, 6, 5, 4, 3, // IPHC
    0xf0, 0xd4, 0x31, 0x16, 0x33, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, // NHC
];

/// The payload of the datagram.
const DATA: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

pub mod litz {
    //! On litz-wire.

    use std::hint::black_box;
    use std::net::Ipv6Addr;

    use litz_wire::{
        DstForm, Error, ErrorKind, Ieee802154Frame, Ieee802154Repr, IphcPacket, IphcRepr,
        MacAddress, NhcUdpPacket, NhcUdpRepr, PortsForm, Result, SrcForm, TrafficFlow, rt,
    };

    /// What a datagram says after decompression.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Datagram<'a> {
        pub mac: Ieee802154Repr<'a>,
        pub src: Ipv6Addr,
        pub dst: Ipv6Addr,
        pub hop_limit: u8,
        pub ports: (u16, u16),
    }

    #[inline(never)]
    pub fn lowpan_udp_values(frame: &[u8]) -> u64 {
        u64::from(read(frame).map(|values| black_box(&values).ports.0).is_ok())
    }

    pub fn read(frame: &[u8]) -> Result<Datagram<'_>> {
        let frame = Ieee802154Frame::new_checked(frame)?;
        let mac = Ieee802154Repr::parse(&frame)?;
        let iphc = IphcPacket::new_checked(frame.payload())?;
        let ip = IphcRepr::parse(&iphc)?;
        let udp = NhcUdpRepr::parse(&NhcUdpPacket::new_checked(iphc.payload())?)?;
        Ok(Datagram {
            src: source(ip.src, mac.src_addr)?,
            dst: destination(ip.dst, mac.dst_addr)?,
            hop_limit: ip.hop_limit.into(),
            ports: udp.ports.resolve(),
            mac,
        })
    }

    fn unsupported() -> Error {
        const AT: &rt::Site = &rt::Site {
            header: "Iphc",
            field: "context",
        };
        Error::new(ErrorKind::Unsupported, AT)
    }

    fn source(form: SrcForm, mac: MacAddress) -> Result<Ipv6Addr> {
        match form {
            SrcForm::Full(addr) => Ok(addr),
            SrcForm::LinkLocal64(iid) => Ok(link_local(iid)),
            SrcForm::LinkLocal16([a, b]) => Ok(link_local([0, 0, 0, 0xff, 0xfe, 0, a, b])),
            SrcForm::LinkLocalElided => elided(mac).map(link_local).ok_or_else(unsupported),
            SrcForm::Unspecified => Ok(Ipv6Addr::UNSPECIFIED),
            _ => Err(unsupported()),
        }
    }

    fn destination(form: DstForm, mac: MacAddress) -> Result<Ipv6Addr> {
        match form {
            DstForm::Full(addr) | DstForm::MulticastFull(addr) => Ok(addr),
            DstForm::LinkLocal64(iid) => Ok(link_local(iid)),
            DstForm::LinkLocal16([a, b]) => Ok(link_local([0, 0, 0, 0xff, 0xfe, 0, a, b])),
            DstForm::LinkLocalElided => elided(mac).map(link_local).ok_or_else(unsupported),
            DstForm::Multicast48([f, a, b, c, d, e]) => Ok(Ipv6Addr::from([
                0xff, f, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d, e,
            ])),
            DstForm::Multicast32([f, a, b, c]) => Ok(Ipv6Addr::from([
                0xff, f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c,
            ])),
            DstForm::Multicast8(a) => Ok(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, u16::from(a))),
            _ => Err(unsupported()),
        }
    }

    fn link_local(iid: [u8; 8]) -> Ipv6Addr {
        Ipv6Addr::from((0xfe80_u128 << 112) | u128::from(u64::from_be_bytes(iid)))
    }

    /// The interface identifier that follows from an address of the link.
    fn elided(mac: MacAddress) -> Option<[u8; 8]> {
        match mac {
            MacAddress::Absent => None,
            MacAddress::Short(short) => {
                let [a, b] = short.0.to_be_bytes();
                Some([0, 0, 0, 0xff, 0xfe, 0, a, b])
            }
            MacAddress::Extended(address) => {
                let [first, rest @ ..] = address.0;
                let [a, b, c, d, e, f, g] = rest;
                Some([first ^ 2, a, b, c, d, e, f, g])
            }
        }
    }

    /// How an interface identifier of a link-local address is said.
    enum Local {
        Elided,
        Short([u8; 2]),
        Long([u8; 8]),
    }

    /// The identifier of a link-local address, beside an address of the link.
    fn local(addr: Ipv6Addr, mac: MacAddress) -> Option<Local> {
        let all = addr.to_bits();
        if all >> 64 != 0xfe80 << 48 {
            return None;
        }
        let iid = all as u64;
        let follows = match mac {
            MacAddress::Absent => None,
            MacAddress::Short(short) => Some(0xff_fe00_0000 | u64::from(short.0)),
            MacAddress::Extended(address) => Some(u64::from_be_bytes(address.0) ^ (2 << 56)),
        };
        Some(if follows == Some(iid) {
            Local::Elided
        } else if iid >> 16 == 0xff_fe00 {
            Local::Short((iid as u16).to_be_bytes())
        } else {
            Local::Long(iid.to_be_bytes())
        })
    }

    fn source_form(addr: Ipv6Addr, mac: MacAddress) -> SrcForm {
        match local(addr, mac) {
            Some(Local::Elided) => SrcForm::LinkLocalElided,
            Some(Local::Short(iid)) => SrcForm::LinkLocal16(iid),
            Some(Local::Long(iid)) => SrcForm::LinkLocal64(iid),
            None if addr.is_unspecified() => SrcForm::Unspecified,
            None => SrcForm::Full(addr),
        }
    }

    fn destination_form(addr: Ipv6Addr, mac: MacAddress) -> DstForm {
        match local(addr, mac) {
            Some(Local::Elided) => DstForm::LinkLocalElided,
            Some(Local::Short(iid)) => DstForm::LinkLocal16(iid),
            Some(Local::Long(iid)) => DstForm::LinkLocal64(iid),
            None if addr.is_multicast() => group(addr),
            None => DstForm::Full(addr),
        }
    }

    #[inline(never)]
    fn group(addr: Ipv6Addr) -> DstForm {
        match addr.octets() {
            [_, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, a] => DstForm::Multicast8(a),
            [_, f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c] => DstForm::Multicast32([f, a, b, c]),
            [_, f, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d, e] => {
                DstForm::Multicast48([f, a, b, c, d, e])
            }
            _ => DstForm::MulticastFull(addr),
        }
    }

    #[inline(never)]
    fn lowpan_udp_written(values: &mut Datagram<'_>, data: &[u8], buf: &mut [u8]) -> bool {
        put(values, data, buf).is_ok()
    }

    fn put(values: &mut Datagram<'_>, data: &[u8], buf: &mut [u8]) -> Result<()> {
        let udp = NhcUdpRepr {
            ports: PortsForm::choose(values.ports.0, values.ports.1),
            checksum: Some(0),
            payload_len: data.len(),
        };
        let ip = IphcRepr {
            contexts: None,
            traffic: TrafficFlow::Elided,
            next_header: None,
            hop_limit: values.hop_limit.into(),
            src: source_form(values.src, values.mac.src_addr),
            dst: destination_form(values.dst, values.mac.dst_addr),
            payload_len: udp.buffer_len(),
        };
        values.mac.payload_len = ip.buffer_len();
        let rest = udp.emit(ip.emit(values.mac.emit(buf)?)?)?;
        let to = rest.get_mut(..data.len()).ok_or_else(unsupported)?;
        to.copy_from_slice(data);
        Ok(())
    }

    /// Writes the frame.
    pub fn write(count: usize, buf: &mut [u8]) -> Option<()> {
        let mut values = read(&super::FRAME).ok()?;
        for _ in 0..count {
            black_box(lowpan_udp_written(
                black_box(&mut values),
                &super::DATA,
                black_box(buf),
            ));
        }
        Some(())
    }
}

pub mod smoltcp {
    //! On smoltcp's wire module.

    use std::hint::black_box;

    use ::smoltcp::phy::ChecksumCapabilities;
    use ::smoltcp::wire::{
        Error, Ieee802154Frame, Ieee802154Repr, Result, SixlowpanIphcPacket, SixlowpanIphcRepr,
        SixlowpanUdpNhcPacket, SixlowpanUdpNhcRepr,
    };

    #[inline(never)]
    pub fn lowpan_udp_values(frame: &[u8]) -> u64 {
        u64::from(
            read(frame)
                .map(|values| black_box(&values).2.src_port)
                .is_ok(),
        )
    }

    pub fn read(frame: &[u8]) -> Result<(Ieee802154Repr, SixlowpanIphcRepr, SixlowpanUdpNhcRepr)> {
        let caps = ChecksumCapabilities::ignored();
        let frame = Ieee802154Frame::new_checked(frame)?;
        let mac = Ieee802154Repr::parse(&frame)?;
        let iphc = SixlowpanIphcPacket::new_checked(frame.payload().ok_or(Error)?)?;
        let ip = SixlowpanIphcRepr::parse(&iphc, mac.src_addr, mac.dst_addr, &[])?;
        let udp = SixlowpanUdpNhcPacket::new_checked(iphc.payload())?;
        let udp = SixlowpanUdpNhcRepr::parse(&udp, &ip.src_addr, &ip.dst_addr, &caps)?;
        Ok((mac, ip, udp))
    }

    #[inline(never)]
    fn lowpan_udp_written(
        (mac, ip, udp): &(Ieee802154Repr, SixlowpanIphcRepr, SixlowpanUdpNhcRepr),
        data: &[u8],
        buf: &mut [u8],
    ) -> bool {
        let caps = ChecksumCapabilities::ignored();
        mac.emit(&mut Ieee802154Frame::new_unchecked(&mut *buf));
        let Some(rest) = buf.get_mut(mac.buffer_len()..) else {
            return false;
        };
        ip.emit(&mut SixlowpanIphcPacket::new_unchecked(&mut *rest));
        let Some(rest) = rest.get_mut(ip.buffer_len()..) else {
            return false;
        };
        let Some(rest) = rest.get_mut(..udp.header_len() + data.len()) else {
            return false;
        };
        let mut packet = SixlowpanUdpNhcPacket::new_unchecked(rest);
        let put = |to: &mut [u8]| to.copy_from_slice(data);
        udp.emit(
            &mut packet,
            &ip.src_addr,
            &ip.dst_addr,
            data.len(),
            put,
            &caps,
        );
        true
    }

    /// Writes the frame.
    pub fn write(count: usize, buf: &mut [u8]) -> Option<()> {
        let values = read(&super::FRAME).ok()?;
        for _ in 0..count {
            black_box(lowpan_udp_written(
                black_box(&values),
                &super::DATA,
                black_box(buf),
            ));
        }
        Some(())
    }
}

/// Both read the same and write the same.
#[cfg(test)]
mod tests {
    use super::{FRAME, litz, smoltcp};

    #[test]
    fn both_read_the_same() {
        let ours = litz::read(&FRAME).expect("a datagram");
        let (mac, ip, udp) = smoltcp::read(&FRAME).expect("a datagram");
        assert_eq!(ours.mac.seq, mac.sequence_number);
        assert_eq!(
            ours.mac.dst_pan.map(|pan| pan.0),
            mac.dst_pan_id.map(|pan| pan.0)
        );
        assert_eq!((ours.src, ours.dst), (ip.src_addr, ip.dst_addr));
        assert_eq!(ours.src.to_string(), "fe80::2001:203:405:607");
        assert_eq!((ours.hop_limit, ip.hop_limit), (64, 64));
        assert_eq!(ours.ports, (udp.src_port, udp.dst_port));
        assert_eq!(
            [
                litz::lowpan_udp_values(&FRAME),
                smoltcp::lowpan_udp_values(&FRAME)
            ],
            [1, 1]
        );
    }

    #[test]
    fn both_write_what_they_read() {
        let (mut ours, mut theirs) = ([0xa5; 64], [0; 64]);
        litz::write(1, &mut ours).expect("written");
        smoltcp::write(1, &mut theirs).expect("written");
        assert_eq!(ours[..FRAME.len()], FRAME);
        // What smoltcp does not write stays as it was: zeros.
        assert_eq!(theirs[..FRAME.len()], FRAME);
    }
}
