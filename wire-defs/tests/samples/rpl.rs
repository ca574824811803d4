//! RPL: solicitation and information of DODAGs, and all options.

use crate::kit;
use litz_wire::rt::{ErrorKind, Secs32};
use litz_wire::{Icmpv6, Icmpv6HeaderPacket, Options, RoutePreference};
use litz_wire::{Rpl, RplKeyMode, RplMode, RplOption};
use std::net::Ipv6Addr;

const DODAG: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);

/// Made with scapy.
const DIO: &str = "
    9b01 6921 32 f0 0100 93 01 00 00 20010db8000000000000000000000001
    040e 00 14 03 0a 0000 0100 0001 00 ff ffff";

#[test]
fn information_about_a_dodag() {
    let bytes = kit::octets(DIO);
    let Icmpv6::Rpl(Rpl::Dio {
        instance_id: 50,
        version: 240,
        rank: 256,
        grounded: true,
        mop: RplMode::Storing,
        preference: 3,
        dtsn: 1,
        dodag_id: DODAG,
        options,
    }) = kit::message(&bytes, 28)
    else {
        panic!("no information");
    };
    let items: Vec<RplOption> = kit::options(options.as_bytes().unwrap());
    assert_eq!(
        items,
        [RplOption::DodagConfiguration {
            authenticated: false,
            path_control_size: 0,
            dio_interval_doublings: 20,
            dio_interval_min: 3,
            dio_redundancy: 10,
            max_rank_increase: 0,
            min_hop_rank_increase: 256,
            ocp: 1,
            default_lifetime: 255,
            lifetime_unit: 65_535,
        }]
    );
}

#[test]
fn solicitation_of_certain_dodags() {
    // Header as scapy writes it; solicited information after RFC 6550 §6.7.9.
    let bytes = kit::octets("9b00 6720 0000 0713 32 e0 20010db8000000000000000000000001 f0");
    let Icmpv6::Rpl(Rpl::Dis { options }) = kit::message(&bytes, 6) else {
        panic!("no solicitation");
    };
    let items: Vec<RplOption> = kit::options(options.as_bytes().unwrap());
    assert_eq!(
        items,
        [RplOption::SolicitedInformation {
            instance_id: 50,
            match_version: true,
            match_instance: true,
            match_dodag: true,
            dodag_id: DODAG,
            version: 240,
        }]
    );
}

#[test]
fn downward_routes_with_and_without_a_dodag() {
    // By hand after RFC 6550 §6.4 and §6.5.
    let whole =
        kit::octets("9b02 0000 1e 40 00 f1 20010db8000000000000000000000001 0506 00 20 20010db8");
    let bytes = kit::octets("9b02 0000 1e 40 00 f1 0506 00 20 20010db8");
    let Icmpv6::Rpl(Rpl::Dao {
        instance_id: 30,
        expect_ack: false,
        sequence: 0xf1,
        dodag_id: Some(DODAG),
        options,
    }) = kit::message(&whole, 24)
    else {
        panic!("no routes");
    };
    let items: Vec<RplOption> = kit::options(options.as_bytes().unwrap());
    assert!(matches!(
        items[..],
        [RplOption::Target { prefix_len: 32, .. }]
    ));
    // The flag says that there is a DODAG, but its octets are an option's.
    let header = Icmpv6HeaderPacket::new_checked(&bytes).unwrap();
    assert!(Icmpv6::parse(&header).is_err());
    let bytes = kit::octets("9b02 0000 1e 80 00 f2");
    let message: Icmpv6 = kit::message(&bytes, 8);
    let expected = Rpl::Dao {
        instance_id: 30,
        expect_ack: true,
        sequence: 0xf2,
        dodag_id: None,
        options: Options::EMPTY,
    };
    assert_eq!(message, Icmpv6::Rpl(expected));
}

#[test]
fn answers_to_downward_routes() {
    let bytes = kit::octets("9b03 0000 1e 80 f1 00 20010db8000000000000000000000001");
    let message: Icmpv6 = kit::message(&bytes, 24);
    let expected = Rpl::DaoAck {
        instance_id: 30,
        sequence: 0xf1,
        status: 0,
        dodag_id: Some(DODAG),
        options: Options::EMPTY,
    };
    assert_eq!(message, Icmpv6::Rpl(expected));
    assert_eq!(
        message.to_string(),
        "DaoAck instance_id=30 sequence=241 status=0 dodag_id=2001:db8::1 options=[]"
    );
}

#[test]
fn keys_of_a_group_are_named_by_who_needs_one() {
    // The mode, the level, and what stands between counter and instance (RFC 6550 Figures 8, 10).
    let source = [1, 2, 3, 4, 5, 6, 7, 8];
    for (mode, level, octets, key_source, key_index) in [
        (RplKeyMode::Group, 0, "2a", None, Some(0x2a)),
        (RplKeyMode::Pair, 3, "", None, None),
        (
            RplKeyMode::GroupFrom,
            2,
            "0102030405060708 2a",
            Some(source),
            Some(0x2a),
        ),
        (RplKeyMode::Signature, 0, "", None, None),
        (
            RplKeyMode::Signature,
            1,
            "0102030405060708 2a",
            Some(source),
            Some(0x2a),
        ),
        (RplKeyMode::Signature, 2, "", None, None),
        (
            RplKeyMode::Signature,
            3,
            "0102030405060708 2a",
            Some(source),
            Some(0x2a),
        ),
    ] {
        let bytes = kit::octets(&format!(
            "9b8a 0000 80 00 {:02x} 00 00000007 {octets} 1e 80 1234 \
             20010db8000000000000000000000001 00000009",
            mode.0 << 6 | level
        ));
        let message: Icmpv6 = kit::message(&bytes, bytes.len());
        let expected = Rpl::ConsistencyCheck {
            counter_is_time: true,
            algorithm: 0,
            key_mode: mode,
            level,
            counter: 7,
            key_source,
            key_index,
            instance_id: 30,
            response: true,
            nonce: 0x1234,
            dodag_id: DODAG,
            destination_counter: 9,
            options: Options::EMPTY,
        };
        assert_eq!(message, Icmpv6::Rpl(expected), "{mode} {level}");
    }
}

#[test]
fn a_key_that_nobody_needs_is_refused() {
    let mut buf = [0; 64];
    let message = Rpl::ConsistencyCheck {
        counter_is_time: true,
        algorithm: 0,
        key_mode: RplKeyMode::Signature,
        level: 2,
        counter: 7,
        key_source: Some([1; 8]),
        key_index: Some(1),
        instance_id: 30,
        response: true,
        nonce: 0,
        dodag_id: DODAG,
        destination_counter: 9,
        options: Options::EMPTY,
    };
    let error = message
        .emit(&mut buf)
        .map(|_| ())
        .map_err(|error| error.kind);
    assert_eq!(error, Err(ErrorKind::OutOfRange));
}

#[test]
fn messages_without_a_declaration_keep_their_octets() {
    // A secured solicitation.
    let bytes = kit::octets("9b80 0000 1e40 00f1");
    let message: Icmpv6 = kit::message(&bytes, 4);
    let unknown = Rpl::Unknown {
        msg_type: 155,
        code: 0x80,
        body: &[0x1e, 0x40, 0, 0xf1],
    };
    assert_eq!(message, Icmpv6::Rpl(unknown));
}

#[test]
fn targets_and_paths() {
    let bytes = kit::octets(
        "0514 00 80 20010db8000000000000000000000001 00
         0614 80 01 02 03 20010db8000000000000000000000001
         0604 00 00 f0 1e
         050a 00 40 20010db800000000
         0904 deadbeef
         0308 09 18 00000258 2001
         0101 00 00
         081e 40 c0 00015180 00003840 00000000 20010db8000000000000000000000000",
    );
    // The first target has octets that do not count: they are kept.
    let mut bytes = bytes;
    bytes[1] = 0x13;
    let items: Vec<RplOption> = kit::options(&bytes);
    assert!(
        matches!(items[0], RplOption::Target { prefix_len: 128, prefix } if prefix.len() == 17)
    );
    assert_eq!(
        items[1],
        RplOption::TransitInformation {
            external: true,
            path_control: 1,
            path_sequence: 2,
            path_lifetime: 3,
            parent: Some(DODAG),
        }
    );
    assert!(matches!(
        items[2],
        RplOption::TransitInformation { parent: None, .. }
    ));
    assert!(matches!(items[3], RplOption::Target { prefix_len: 64, prefix } if prefix.len() == 8));
    assert_eq!(
        items[4],
        RplOption::TargetDescriptor {
            descriptor: 0xdead_beef
        }
    );
    assert_eq!(
        items[5],
        RplOption::RouteInformation {
            prefix_len: 9,
            preference: RoutePreference::Low,
            lifetime: Secs32(600),
            prefix: &[0x20, 1],
        }
    );
    assert_eq!(items[6], RplOption::PadN { zeros: &[0] });
    assert_eq!(items[7], RplOption::Pad1);
    assert!(matches!(
        items[8],
        RplOption::PrefixInformation {
            prefix_len: 64,
            on_link: true,
            ..
        }
    ));
}

#[test]
fn lengths_that_do_not_fit_are_malformed() {
    // Two parents, a prefix that ends early, a configuration of another size.
    let two = [&[6, 36, 0, 0, 0, 0][..], &[1; 32]].concat();
    for bad in [&two[..], &[5, 2, 0, 1], &[4, 1, 0], &[5, 1, 0]] {
        assert!(
            Options::<RplOption>::raw(bad)
                .iter()
                .next()
                .unwrap()
                .is_err(),
            "{bad:?}"
        );
    }
    kit::zero_lengths::<RplOption>(0..=255);
}

// smoltcp #1184: one was a panic.
#[test]
fn a_metric_container_is_kept_as_octets() {
    let bytes = kit::octets("0206 07 00 00 02 01 80");
    let items: Vec<RplOption> = kit::options(&bytes);
    let [RplOption::DagMetricContainer { data }] = items.as_slice() else {
        panic!("{items:?}");
    };
    assert_eq!(*data, [7, 0, 0, 2, 1, 0x80]);
}

// smoltcp #1186: reading one was out of bounds.
#[test]
fn an_option_that_runs_past_the_end_is_malformed() {
    for kind in 1..=u8::MAX {
        for len in 1..=u8::MAX {
            for there in [0, 1, usize::from(len) - 1] {
                let octets = [&[kind, len][..], &vec![0; there.min(usize::from(len) - 1)]].concat();
                let options = Options::<RplOption>::raw(&octets);
                let first = options.iter().next().expect("an option or an error");
                assert!(first.is_err(), "kind {kind}, {there} octets of {len}");
            }
        }
    }
}

// smoltcp #1187: writing one of no octets was an underflow.
#[test]
fn padding_of_every_length_is_read_and_written() {
    for len in 0..=5_u8 {
        let octets = [&[1, len][..], &vec![0; usize::from(len)]].concat();
        let items: Vec<RplOption> = kit::options(&octets);
        let [RplOption::PadN { zeros }] = items.as_slice() else {
            panic!("{items:?}");
        };
        assert_eq!(zeros.len(), usize::from(len));
    }
    let items: Vec<RplOption> = kit::options(&[0]);
    assert_eq!(items, [RplOption::Pad1]);
}

// smoltcp #824: the identifier of the DODAG was lost.
#[test]
fn the_dodag_of_an_answer_is_there_if_the_flag_says_so() {
    let with = kit::octets("9b03 0000 1e 80 f1 00 20010db8000000000000000000000001");
    let without = kit::octets("9b03 0000 1e 00 f1 00");
    for (bytes, len, dodag) in [(with, 24, Some(DODAG)), (without, 8, None)] {
        let Icmpv6::Rpl(Rpl::DaoAck { dodag_id, .. }) = kit::message(&bytes, len) else {
            panic!("no answer");
        };
        assert_eq!(dodag_id, dodag);
    }
}
