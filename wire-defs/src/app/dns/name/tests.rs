//! Names alone: read from text and octets, followed through references up to 255 octets, compared,
//! written and printed.

#![allow(clippy::arithmetic_side_effects)]

use super::*;
use std::string::ToString;
use std::vec::Vec;
use std::{format, vec};

fn name<'b>(text: &str, buf: &'b mut [u8; 256]) -> DnsName<'b> {
    DnsName::from_text(text, buf).unwrap()
}

/// The name of these octets in a message.
fn in_message<'a>(octets: &'a [u8], message: &'a [u8]) -> DnsName<'a> {
    DnsName::get(octets, message)
}

#[test]
fn a_name_stands_wholly_before_what_refers_to_it() {
    // What is asked refers to 14, and the name there to 12, where a label of five octets begins: it
    // holds all that was followed, and the root stands behind it.
    let mut message = vec![0; 12];
    message.extend([5, b'a', 1, b'b', 0xc0, 12, 0, 0xc0, 14]);
    let name = in_message(&message[message.len() - 2..], &message);
    let labels: Vec<&[u8]> = name.labels().collect();
    assert_eq!(labels, [b"b"]);
    assert!(!name.is_complete());
}

#[test]
fn names_of_many_references_end_in_linear_time() {
    // Each reference leads to the one before it; the last is asked for.
    let mut bytes = vec![0; 13];
    for at in 0..8_000_u16 {
        let to = 12 + at.saturating_mul(2).saturating_sub(1).max(1) - 1;
        bytes.extend((0xc000 | to).to_be_bytes());
    }
    let record = bytes.len() as u16 - 2;
    let mut message = bytes.clone();
    message.extend((0xc000 | record).to_be_bytes());
    let labels = in_message(&message[message.len() - 2..], &message);
    assert!(!labels.is_complete());
    assert_eq!(labels.labels().count(), 0);
}

/// What a name says, counted octet by octet: labels and one for each reference make 255 at most.
fn walked<'a>(octets: &'a [u8], message: &'a [u8]) -> Option<Vec<&'a [u8]>> {
    let (mut rest, mut whole, mut count, mut labels) = (octets, message, 0, Vec::new());
    loop {
        let (&len, after) = rest.split_first()?;
        match len {
            0 => return Some(labels),
            1..=63 => {
                let (label, after) = after.split_at_checked(usize::from(len))?;
                count += label.len() + 1;
                labels.push(label);
                rest = after;
            }
            0xc0.. => {
                let offset = usize::from(len & 0x3f) << 8 | usize::from(*after.first()?);
                (whole, rest) = whole.split_at_checked(offset)?;
                count += 1;
            }
            _ => return None,
        }
        if count > 255 {
            return None;
        }
    }
}

/// A message of labels of some lengths, each with a reference to the one before it behind it.
fn staircase(lens: &[u8]) -> (Vec<u8>, usize) {
    let (mut message, mut last) = (vec![0], 0);
    for len in lens {
        let at = message.len();
        message.push(*len);
        message.resize(message.len() + usize::from(*len), b'x');
        message.extend((0xc000 | last as u16).to_be_bytes());
        last = at;
    }
    (message, last)
}

#[test]
fn a_name_of_references_has_255_octets_at_most() {
    let mut long = 0;
    for (a, b, last) in (1..=63_u8).flat_map(|a| (58..=63).map(move |b| (a, b, 66 - a.min(3)))) {
        for lens in [
            &[a, b, 63, 60][..],
            &[60, a, 61, b],
            &[a, a, b, b, last.min(63)],
        ] {
            let (message, at) = staircase(lens);
            let octets = (0xc000 | at as u16).to_be_bytes();
            let name = in_message(&octets, &message);
            let expected = walked(&octets, &message);
            assert_eq!(name.is_complete(), expected.is_some(), "{lens:?}");
            long += usize::from(expected.is_none());
            if let Some(labels) = expected {
                assert_eq!(name.labels().collect::<Vec<_>>(), labels, "{lens:?}");
            }
        }
    }
    assert!((100..1000).contains(&long), "{long} names are too long");
    // Four labels and five references: 255 octets, and 256.
    let (message, at) = staircase(&[63, 63, 63, 57]);
    let (longer, above) = staircase(&[63, 63, 63, 58]);
    let octets = [at, above].map(|at| (0xc000 | at as u16).to_be_bytes());
    assert!(in_message(&octets[0], &message).is_complete());
    assert!(!in_message(&octets[1], &longer).is_complete());
}

#[test]
fn labels_and_names_that_are_too_long_are_refused() {
    let mut buf = [0; 256];
    assert!(DnsName::from_text(&"a".repeat(63), &mut buf).is_ok());
    let long = DnsName::from_text(&"a".repeat(64), &mut buf).unwrap_err();
    assert_eq!((long.kind, long.at.field), (ErrorKind::Malformed, "label"));
    // 255 octets: 63 labels of one, 64 of them would be two more.
    let most = ["a"; 127].join(".");
    assert_eq!(
        DnsName::from_text(&most, &mut buf).unwrap().octets().len(),
        255
    );
    let more = format!("{most}.a");
    let error = DnsName::from_text(&more, &mut buf).unwrap_err();
    assert_eq!(
        (error.kind, error.at.field),
        (ErrorKind::Malformed, "length")
    );
    for text in ["a..b", ".a", "a.."] {
        assert!(DnsName::from_text(text, &mut buf).is_err(), "{text}");
    }
    let short = DnsName::from_text("example.org", &mut buf[..12]).unwrap_err();
    assert_eq!(short.kind, ErrorKind::BufferTooSmall);
    // On the wire: 256 octets of labels, the reserved label types, no root.
    let wire = [1_u8, b'a'].repeat(128);
    let error = DnsName::from_octets(&[&wire[..], &[0]].concat()).unwrap_err();
    assert_eq!(
        (error.kind, error.at.field),
        (ErrorKind::Malformed, "length")
    );
    for first in [0x40, 0x80, 0xbf] {
        let error = DnsName::from_octets(&[first, 0]).unwrap_err();
        assert_eq!(
            (error.kind, error.at.field),
            (ErrorKind::Malformed, "label")
        );
    }
    let error = DnsName::from_octets(&wire[..8]).unwrap_err();
    assert_eq!(
        (error.kind, error.at.field),
        (ErrorKind::Truncated, "label")
    );
}

#[test]
fn a_name_that_grows_too_long_by_references_is_not_complete() {
    // Three labels of 63 octets and a reference to them all: 4 x 64 octets and the root.
    let label = [&[63][..], &[b'x'; 63]].concat();
    let mut message = vec![0; 12];
    message.extend(label.repeat(3));
    message.push(0);
    let start = message.len();
    message.extend(&label);
    message.extend([0xc0, 12]);
    let name = in_message(&message[start..], &message);
    assert!(!name.is_complete());
    assert!(name.expand(&mut [0; 300]).is_err());
}

#[test]
fn names_are_printed_as_zone_files_write_them() {
    let mut buf = [0; 256];
    assert_eq!(DnsName::ROOT.to_string(), ".");
    assert_eq!(name(".", &mut buf), DnsName::ROOT);
    assert_eq!(name("", &mut buf), DnsName::ROOT);
    let odd = DnsName::from_octets(b"\x04a.\\\x07\x01\xe9\0").unwrap();
    assert_eq!(odd.to_string(), "a\\.\\\\\\007.\\233");
}

#[test]
fn names_are_the_same_whatever_the_case_and_the_way_they_are_written() {
    let (mut a, mut b) = ([0; 256], [0; 256]);
    let message = b"\x03www\x07example\xc0\x10\0\0\x03ORG\0";
    let www = in_message(&message[..14], message);
    assert_eq!(www, name("WWW.Example.org.", &mut a));
    assert_ne!(www, name("www.example.net", &mut a));
    assert_ne!(www, name("example.org", &mut a));
    assert_eq!(DnsName::default(), DnsName::ROOT);
    assert!(www.is_within(&name("example.org", &mut b)));
    assert!(www.is_within(&www) && www.is_within(&DnsName::ROOT));
    assert!(!www.is_within(&name("www.www.example.org", &mut b)));
    assert!(!www.is_within(&name("ample.org", &mut b)));
    assert_eq!((www.expanded_len(), www.encoded_len()), (17, 14));
    assert_eq!(www.octets(), &message[..14]);
    let expanded = www.expand(&mut b).unwrap();
    assert_eq!(expanded.octets(), b"\x03www\x07example\x03ORG\0");
    assert_eq!(
        format!("{expanded:?} {www}"),
        "www.example.ORG www.example.ORG"
    );
    let mut buf = [0xa5; 15];
    assert_eq!(www.put(&mut buf, AT), Ok(&mut [0xa5][..]));
    assert_eq!(buf[..14], message[..14]);
}

#[test]
fn a_name_is_measured_up_to_its_root_or_its_first_reference() {
    fn measured(octets: &[u8]) -> Result<usize> {
        DnsName::measure(octets, &[])
    }
    let fault = |octets: &[u8]| measured(octets).map_err(|error| (error.kind, error.at.field));
    assert_eq!(measured(b"\0\x01"), Ok(1));
    assert_eq!(measured(b"\x01a\0\0"), Ok(3));
    assert_eq!(measured(b"\xc0\x01\0"), Ok(2));
    assert_eq!(measured(b"\xff\xff"), Ok(2));
    assert_eq!(measured(b"\x01a\xc0\x01\0"), Ok(4));
    assert_eq!(fault(b"\xc0"), Err((ErrorKind::Truncated, "pointer")));
    assert_eq!(fault(b"\x01a\xc0"), Err((ErrorKind::Truncated, "pointer")));
    for octets in [&b""[..], b"\x01", b"\x01a", b"\x3f"] {
        assert_eq!(fault(octets), Err((ErrorKind::Truncated, "label")));
    }
    // Labels of 254 octets and the root, or a reference, are the most.
    let most = [&[63; 192][..], &[61; 62]].concat();
    let with = |end: &[u8]| [&most[..], end].concat();
    assert_eq!(measured(&with(&[0])), Ok(255));
    assert_eq!(measured(&with(&[0xc0, 0])), Ok(256));
    let long = Err((ErrorKind::Malformed, "length"));
    let more = [&[63; 192][..], &[62; 63]].concat();
    for end in [&[0][..], &[0xc0, 0], &[0x40]] {
        assert_eq!(fault(&[&more[..], end].concat()), long);
    }
    // Where no root comes it is a matter of how many octets there are.
    assert_eq!(fault(&[63; 255]), Err((ErrorKind::Truncated, "label")));
    assert_eq!(fault(&[63; 256]), long);
    assert_eq!(fault(&[63; 257]), long);
}

#[test]
fn octets_are_one_name_and_nothing_else() {
    assert_eq!(
        DnsName::from_octets(DnsName::SAMPLE).map(|name| name.to_string()),
        Ok("litz.example".into())
    );
    for octets in [&b"\x01a\0\0"[..], b"\xc0\0", b"\x01a\xc0\0"] {
        let error = DnsName::from_octets(octets).unwrap_err();
        assert_eq!((error.kind, error.at.field), (ErrorKind::Malformed, ""));
    }
    let astray = in_message(&[0xc0, 0], &[0xc0, 0]);
    let error = astray.expand(&mut [0; 256]).unwrap_err();
    assert_eq!((error.kind, error.at.field), (ErrorKind::Malformed, ""));
    assert_eq!(astray.to_string(), ".<bad>");
}

#[test]
fn references_lead_back_and_never_to_themselves() {
    let message = b"\x01a\0\x01b\xc0\0\xc0\x03\xc0\x09\xc0\x0d\0\0";
    let text = |octets: &[u8]| in_message(octets, message).to_string();
    assert_eq!(text(b"\xc0\0"), "a");
    assert_eq!(text(b"\xc0\x03"), "b.a");
    assert_eq!(text(b"\xc0\x07"), "b.a");
    assert_eq!(text(b"\xc0\x02"), ".");
    // To itself, forward, beyond the end, to a label type that is reserved.
    assert_eq!(text(b"\xc0\x09"), ".<bad>");
    assert_eq!(text(b"\xc0\x0b"), ".<bad>");
    assert_eq!(text(b"\xc0\xff"), ".<bad>");
    assert_eq!(text(b"\x01c\x40"), "c.<bad>");
    assert_eq!(text(&[&[64; 65][..], &[0]].concat()), ".<bad>");
    // The whole of the offset counts.
    let far = [&[0; 0x1234][..], b"\x01z\0"].concat();
    assert_eq!(in_message(b"\xd2\x34", &far).to_string(), "z");
}

#[test]
fn a_walk_says_where_the_next_label_stands() {
    let message = b"\x01a\x02bb\0\x01c\xc0\x02";
    let mut labels = in_message(&message[6..], message).labels();
    assert_eq!(labels.position(6), Some(6));
    assert_eq!(
        (labels.next(), labels.position(6)),
        (Some(&b"c"[..]), Some(8))
    );
    assert!(!labels.is_complete());
    assert_eq!(
        (labels.next(), labels.position(6)),
        (Some(&b"bb"[..]), Some(5))
    );
    assert_eq!((labels.next(), labels.position(6)), (None, None));
    assert!(labels.is_complete());
}
