//! DNS: messages with and without compression, every declared type of data, names that lead astray,
//! and what the builder writes. Names alone have tests beside their code.

use crate::kit;
use litz_wire::*;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::process::{Command, Stdio};

/// Made with scapy: everything that the answer in [`answer`] has, its names compressed.
const COMPRESSED: &str = "
    1234 8580 0001 0007 0002 0001
    03777777 076578616d706c65 036f7267 00 0001 0001
    c00c 0005 0001 0000012c 0002 c010
    c010 0001 0001 0000003c 0004 c0000207
    c010 001c 0001 0000003c 0010 20010db8000000000000000000000007
    c010 000f 0001 00000e10 0009 000a 046d61696c c010
    c010 0010 0001 0000003c 000e 0b763d73706631202d616c6c 0178
    055f636f6170 045f756470 c010 0021 0001 0000003c 0008 0001 0002 1633 c00c
    0137 0132 0130 03313932 07696e2d61646472 0461727061 00 000c 0001 0000003c 0002 c010
    c010 0002 0001 00015180 0005 026e73 c010
    c010 0006 0001 0000003c 001d c0d9 04726f6f74 c010 000007ea 00001c20 00000e10 00127500 0000012c
    00 0029 04d0 00008000 0013 0003 0003 6e7331 000a 0008 3132333435363738";

fn name<'b>(text: &str, buf: &'b mut [u8; 256]) -> DnsName<'b> {
    DnsName::from_text(text, buf).unwrap()
}

#[test]
fn a_question() {
    let bytes = kit::octets("1234 0100 0001 0000 0000 0000 076578616d706c65 036f7267 00 0001 0001");
    let repr = kit::composed::<Dns>(&bytes, bytes.len());
    assert!(repr.recursion_desired && !repr.response);
    assert_eq!((repr.id, repr.opcode), (0x1234, DnsOpcode::Query));
    let questions: Vec<_> = repr.questions.iter().collect();
    let mut buf = [0; 256];
    assert_eq!(
        questions,
        [DnsQuestionRepr {
            name: name("example.org", &mut buf),
            qtype: DnsType::A,
            unicast_response: false,
            qclass: DnsClass::In,
        }]
    );
}

/// The data of each record of a section, as text.
fn data<'a>(message: &'a [u8], records: Records<'a, DnsRecord>) -> Vec<String> {
    let records = records.packets();
    records
        .map(|record| format!("{} {:?}", record.name(), record.data(message).unwrap()))
        .collect()
}

#[test]
fn an_answer_with_compressed_names_and_every_type_of_data() {
    let bytes = kit::octets(COMPRESSED);
    let packet = DnsPacket::new_checked(&bytes).unwrap();
    assert!(packet.response() && packet.authoritative() && packet.recursion_available());
    let answers = data(&bytes, packet.answers());
    let starts = [
        "www.example.org Cname(example.org)",
        "example.org A(192.0.2.7)",
        "example.org Aaaa(2001:db8::7)",
        "example.org Mx(DnsMx { preference: 10, exchange: mail.example.org })",
        "example.org Txt(",
        "_coap._udp.example.org Srv(DnsSrv { priority: 1, weight: 2, port: 5683, \
         target: www.example.org })",
        "7.2.0.192.in-addr.arpa Ptr(example.org)",
    ];
    assert_eq!(answers.len(), starts.len());
    for (answer, start) in answers.iter().zip(starts) {
        assert!(answer.starts_with(start), "{answer}");
    }
    let authorities = data(&bytes, packet.authorities());
    assert_eq!(authorities[0], "example.org Ns(ns.example.org)");
    let soa = packet.authorities().packets().nth(1).unwrap();
    let Ok(DnsData::Soa(soa)) = soa.data(&bytes) else {
        panic!("no start of a zone");
    };
    assert_eq!(soa.mname().to_string(), "ns.example.org");
    assert_eq!(soa.rname().to_string(), "root.example.org");
    let times = (soa.refresh(), soa.retry(), soa.expire(), soa.minimum());
    assert_eq!((soa.serial(), times), (2026, (7200, 3600, 1_209_600, 300)));
    let txt = packet.answers().packets().nth(4).unwrap();
    let Ok(DnsData::Txt(txt)) = txt.data(&bytes) else {
        panic!("no text");
    };
    let strings: Vec<_> = txt.strings().iter().map(|one| one.text).collect();
    assert_eq!(strings, [&b"v=spf1 -all"[..], b"x"]);
}

#[test]
fn the_records_of_a_message_are_read_as_they_come_too() {
    let bytes = kit::octets(COMPRESSED);
    let (all, header) = (
        DnsPacket::new_checked(&bytes).unwrap(),
        DnsHeaderPacket::new_checked(&bytes).unwrap(),
    );
    let mut questions = header.questions();
    let names: Vec<_> = questions.by_ref().map(|one| one.unwrap().name()).collect();
    let expected: Vec<_> = all.questions().packets().map(|one| one.name()).collect();
    assert_eq!(names, expected);
    let mut rest = questions.rest();
    let sections = [
        (header.ancount(), all.answers()),
        (header.nscount(), all.authorities()),
        (header.arcount(), all.additionals()),
    ];
    for (count, expected) in sections {
        let mut records = header.section(rest, count);
        let found: Vec<_> = records.by_ref().map(|one| one.unwrap().rdata()).collect();
        let expected: Vec<_> = expected.packets().map(|one| one.rdata()).collect();
        assert_eq!((found.len(), found), (count.into(), expected));
        rest = records.rest();
    }
    assert!(rest.is_empty());
}

#[test]
fn extensions_of_dns() {
    let bytes = kit::octets(COMPRESSED);
    let packet = DnsPacket::new_checked(&bytes).unwrap();
    let record = packet.additionals().packets().next().unwrap();
    assert_eq!(
        (record.name(), record.rtype()),
        (DnsName::ROOT, DnsType::Opt)
    );
    assert_eq!((record.rclass().0, record.ttl()), (1232, 0x8000));
    let Ok(DnsData::Opt(opt)) = record.data(&bytes) else {
        panic!("no options");
    };
    let items: Vec<_> = opt.options().iter().map(|one| one.unwrap()).collect();
    assert_eq!(
        items,
        [
            EdnsOption::Nsid { id: b"ns1" },
            EdnsOption::Cookie {
                client: *b"12345678",
                server: &[]
            },
        ]
    );
    kit::options::<EdnsOption>(record.rdata());
    let bytes = kit::octets(
        "0008 0007 0001 18 00 c00002  000c 0003 000000  000f 0006 0016 74657374  fde9 0001 aa",
    );
    let items: Vec<EdnsOption> = kit::options(&bytes);
    assert_eq!(
        items,
        [
            EdnsOption::ClientSubnet {
                family: 1,
                source_prefix_len: 24,
                scope_prefix_len: 0,
                address: &[192, 0, 2],
            },
            EdnsOption::Padding { zeros: &[0; 3] },
            EdnsOption::ExtendedError {
                code: 22,
                text: b"test"
            },
            EdnsOption::Unknown {
                kind: 0xfde9,
                data: &[0xaa]
            },
        ]
    );
}

#[test]
fn compressed_messages_come_out_as_they_went_in_and_are_refused_when_cut() {
    let bytes = kit::octets(COMPRESSED);
    kit::composed::<Dns>(&bytes, bytes.len());
}

#[test]
fn multicast_dns_uses_the_highest_bit_of_the_class() {
    let bytes = kit::octets(
        "0000 8400 0001 0002 0000 0000
         046c69747a 056c6f63616c 00 00ff 8001
         c00c 0001 8001 00000078 0004 c0000209
         c00c 002f 8001 00000078 0009 c00c 00 05 40 00 00 08 40",
    );
    let packet = DnsPacket::new_checked(&bytes).unwrap();
    let question = packet.questions().packets().next().unwrap();
    assert!(question.unicast_response());
    assert_eq!(
        (question.qtype(), question.qclass()),
        (DnsType::Any, DnsClass::In)
    );
    let records: Vec<_> = packet.answers().packets().collect();
    assert!(records.iter().all(|record| record.cache_flush()));
    assert!(records.iter().all(|record| record.rclass() == DnsClass::In));
    // Types A, AAAA and SRV: bits 1, 28 and 33.
    let Ok(DnsData::Nsec(nsec)) = records[1].data(&bytes) else {
        panic!("no types");
    };
    assert_eq!(nsec.next_name(), records[0].name());
    let bitmaps: Vec<_> = nsec.bitmaps().iter().collect();
    let expected = DnsTypeBitmapRepr {
        window: 0,
        bitmap: &[0x40, 0, 0, 8, 0x40],
    };
    assert_eq!(bitmaps, [expected]);
}

/// The name at octet 12 of a message with one question of these octets.
fn led_astray(question: &[u8]) -> (String, bool) {
    let mut bytes = kit::octets("0000 0000 0001 0000 0000 0000");
    bytes.extend_from_slice(question);
    bytes.extend([0, 1, 0, 1]);
    let packet = DnsPacket::new_checked(&bytes).unwrap();
    let question = packet.questions().packets().next().unwrap();
    let name = question.name();
    let mut buf = [0; 256];
    let expanded = name.expand(&mut buf);
    assert_eq!(expanded.is_ok(), name.is_complete());
    if let Err(error) = expanded {
        let names = (error.kind, error.at.header);
        assert_eq!(names, (ErrorKind::Malformed, "DnsName"));
    }
    (name.to_string(), name.is_complete())
}

#[test]
fn references_to_themselves_forward_and_beyond_end_badly() {
    // To itself, to the label before itself, forward, beyond the end, into the header.
    assert_eq!(led_astray(&[0xc0, 12]), (".<bad>".into(), false));
    let (text, complete) = led_astray(&[1, b'a', 0xc0, 12]);
    assert!(!complete && text.ends_with(".<bad>"), "{text}");
    assert!(!led_astray(&[0xc0, 20]).1);
    assert!(!led_astray(&[0xff, 0xff]).1);
    assert!(led_astray(&[0xc0, 1]).1);
}

#[test]
fn names_are_compared_without_case_and_across_references() {
    let (mut a, mut b) = ([0; 256], [0; 256]);
    assert_eq!(name("Example.ORG", &mut a), name("eXAMPLE.org.", &mut b));
    assert_ne!(name("example.org", &mut a), name("example.com", &mut b));
    assert_ne!(name("example.org", &mut a), name("www.example.org", &mut b));
    assert!(name("www.Example.org", &mut a).is_within(&name("example.ORG", &mut b)));
    assert!(!name("example.org", &mut a).is_within(&name("www.example.org", &mut b)));
    assert!(!name("myexample.org", &mut a).is_within(&name("example.org", &mut b)));
    assert!(name("a.b", &mut a).is_within(&DnsName::ROOT));
    let bytes = kit::octets(COMPRESSED);
    let packet = DnsPacket::new_checked(&bytes).unwrap();
    let record = packet.answers().packets().next().unwrap();
    assert_eq!(record.name().octets(), [0xc0, 12]);
    assert_eq!(record.name(), name("WWW.example.org", &mut a));
    assert_eq!(record.name().expanded_len(), 17);
    let expanded = record.name().expand(&mut b).unwrap();
    assert_eq!(expanded.octets(), b"\x03www\x07example\x03org\0");
}

/// The answer of [`COMPRESSED`] without extensions and names in data, by the builder.
fn answer(buf: &mut [u8]) -> Result<&[u8]> {
    let header = DnsRepr {
        id: 0x1234,
        response: true,
        authoritative: true,
        recursion_desired: true,
        recursion_available: true,
        ..DnsRepr::default()
    };
    let (mut www, mut org, mut ns) = ([0; 256], [0; 256], [0; 256]);
    let (www, org) = (
        name("www.example.org", &mut www),
        name("EXAMPLE.org", &mut org),
    );
    let ns = name("ns.example.org", &mut ns);
    let mut builder = DnsBuilder::new(&header, buf)?;
    builder.question(&DnsQuestionRepr {
        name: www,
        qtype: DnsType::A,
        unicast_response: false,
        qclass: DnsClass::In,
    })?;
    let record = DnsRecordRepr {
        rclass: DnsClass::In,
        ttl: 300,
        ..DnsRecordRepr::default()
    };
    builder.answer(&DnsRecordRepr {
        name: www,
        rtype: DnsType::Cname,
        rdata: org.octets(),
        ..record
    })?;
    builder.answer(&DnsRecordRepr {
        name: org,
        rtype: DnsType::A,
        rdata: &Ipv4Addr::new(192, 0, 2, 7).octets(),
        ..record
    })?;
    builder.authority(&DnsRecordRepr {
        name: org,
        rtype: DnsType::Ns,
        rdata: ns.octets(),
        ..record
    })?;
    builder.additional(&DnsRecordRepr {
        name: ns,
        rtype: DnsType::Aaaa,
        rdata: &Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7).octets(),
        ..record
    })?;
    builder.edns(1232)?;
    builder.finish()
}

#[test]
fn the_builder_compresses_names() {
    let mut buf = [0; 512];
    let message = answer(&mut buf).unwrap();
    let packet = DnsPacket::new_checked(message).unwrap();
    let names: Vec<String> = packet
        .answers()
        .packets()
        .map(|r| r.name().to_string())
        .collect();
    assert_eq!(names, ["www.example.org", "example.org"]);
    // Without references: three times 17, 13, 13 and 16 octets become 2, 2, 2 and 5.
    let names = |section: Records<'_, DnsRecord>| -> (usize, usize) {
        section.packets().fold((0, 0), |(wire, whole), record| {
            let name = record.name();
            (wire + name.octets().len(), whole + name.expanded_len())
        })
    };
    let sums = [packet.answers(), packet.authorities(), packet.additionals()].map(names);
    assert_eq!(sums, [(4, 30), (2, 13), (6, 17)]);
    kit::composed::<Dns>(message, message.len());
}

#[test]
fn the_builder_keeps_the_order_of_sections_and_the_bounds_of_its_buffer() {
    let mut buf = [0; 512];
    let len = answer(&mut buf).unwrap().len();
    for short in 0..len {
        let error = answer(&mut buf[..short]).unwrap_err();
        assert_eq!(error.kind, ErrorKind::BufferTooSmall);
    }
    assert!(answer(&mut buf[..len]).is_ok());
    let mut builder = DnsBuilder::new(&DnsRepr::default(), &mut buf).unwrap();
    builder.edns(512).unwrap();
    let late = builder.answer(&DnsRecordRepr::default()).unwrap_err();
    assert_eq!(late.kind, ErrorKind::Malformed);
    assert!(builder.finish().is_ok());
}

#[test]
fn tshark_reads_what_the_builder_wrote() {
    if Command::new("tshark")
        .arg("-v")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("skipped: there is no tshark");
        return;
    }
    let mut buf = [0; 512];
    let message = answer(&mut buf).unwrap();
    let length = message.len() as u16 + 8;
    // Raw IPv4 and UDP around it, in a classic capture file.
    let mut packet = kit::octets("4500 0000 0000 4000 4011 0000 c0000201 c0000202 0035 8000");
    packet[2..4].copy_from_slice(&(length + 20).to_be_bytes());
    packet.extend(length.to_be_bytes());
    packet.extend([0, 0]);
    packet.extend(message);
    let mut file = kit::octets("d4c3b2a1 0200 0400 00000000 00000000 00000400 65000000");
    file.extend([0; 8]);
    file.extend((packet.len() as u32).to_le_bytes());
    file.extend((packet.len() as u32).to_le_bytes());
    file.extend(packet);
    let path = std::env::temp_dir().join(format!("litz-dns-{}.pcap", std::process::id()));
    std::fs::write(&path, file).unwrap();
    let fields = "dns.id dns.qry.name dns.resp.name dns.a dns.aaaa dns.ns dns.cname _ws.malformed";
    let mut tshark = Command::new("tshark");
    tshark
        .arg("-n")
        .arg("-r")
        .arg(&path)
        .args(["-T", "fields", "-E", "separator=;"]);
    for field in fields.split(' ') {
        tshark.args(["-e", field]);
    }
    let output = tshark.output().unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim_end(),
        "0x1234;www.example.org;www.example.org,example.org,example.org,ns.example.org,<Root>;\
         192.0.2.7;2001:db8::7;ns.example.org;EXAMPLE.org;"
    );
}
