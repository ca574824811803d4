//! A DNS answer whose names are compressed: everything read, names followed to their end. smoltcp
//! writes questions only; litz writes answers too.

/// What www.example.org is: another name, which has two addresses.
pub const ANSWER: [u8; 83] = [
    0x12, 0x34, 0x81, 0x80, 0, 1, 0, 3, 0, 0, 0, 0, // header
    3, b'w', b'w', b'w', 7, b'e', b'x', b'a', b'm', b'p', b'l', b'e', 3, b'o', b'r', b'g', 0, 0, 1,
    0, 1, // www.example.org A IN
    0xc0, 12, 0, 5, 0, 1, 0, 0, 1, 0x2c, 0, 6, 3, b'w', b'e', b'b', 0xc0, 16, // CNAME web
    0xc0, 45, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7, // A
    0xc0, 45, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 8, // A
];

/// The octets of the question's name.
const NAME: std::ops::Range<usize> = 12..29;

pub mod litz {
    //! On litz-wire.

    use std::hint::black_box;

    use litz_wire::{
        DnsBuilder, DnsClass, DnsData, DnsHeaderPacket, DnsName, DnsQuestionRepr, DnsRecordRepr,
        DnsRepr, DnsType, Records,
    };

    use crate::fold;

    #[inline(never)]
    pub fn dns_answer_fields(message: &[u8]) -> u64 {
        let Ok(dns) = DnsHeaderPacket::new_checked(message) else {
            return 0;
        };
        let mut sum = fold!(
            dns.id(),
            dns.response(),
            dns.opcode().0,
            dns.authoritative(),
            dns.truncated(),
            dns.recursion_desired(),
            dns.recursion_available(),
            dns.rcode().0,
        );
        let mut questions = dns.questions();
        for question in &mut questions {
            let Ok(question) = question else { return 0 };
            sum = fold!(sum, name(question.name()), question.qtype().0);
        }
        for record in dns.section(questions.rest(), dns.ancount()) {
            let Ok(record) = record else { return 0 };
            let data = match record.data(message) {
                Ok(DnsData::A(addr)) => u64::from(addr.to_bits()),
                Ok(DnsData::Cname(target)) => name(target),
                _ => return 0,
            };
            sum = fold!(sum, name(record.name()), record.ttl(), data);
        }
        sum
    }

    #[inline(always)]
    fn name(name: DnsName<'_>) -> u64 {
        name.labels().fold(0, |sum, label| {
            fold!(sum, label.len(), label.first().map_or(0, |it| *it))
        })
    }

    #[inline(never)]
    fn dns_query_written(id: u16, name: DnsName<'_>, buf: &mut [u8]) -> bool {
        let questions = [question(name)];
        let dns = DnsRepr {
            id,
            recursion_desired: true,
            questions: Records::from_values(&questions),
            ..DnsRepr::default()
        };
        dns.emit(buf).is_ok()
    }

    fn question(name: DnsName<'_>) -> DnsQuestionRepr<'_> {
        DnsQuestionRepr {
            name,
            qtype: DnsType::A,
            unicast_response: false,
            qclass: DnsClass::In,
        }
    }

    #[inline(never)]
    fn dns_answer_written(names: [DnsName<'_>; 2], target: &[u8], buf: &mut [u8]) -> bool {
        build(names, target, buf).is_ok()
    }

    fn build(
        [asked, found]: [DnsName<'_>; 2],
        target: &[u8],
        buf: &mut [u8],
    ) -> litz_wire::Result<()> {
        let header = DnsRepr {
            id: 0x1234,
            response: true,
            recursion_desired: true,
            recursion_available: true,
            ..DnsRepr::default()
        };
        let mut message = DnsBuilder::new(&header, buf)?;
        message.question(&question(asked))?;
        let record = |name, rtype, ttl, rdata| DnsRecordRepr {
            name,
            rtype,
            rclass: DnsClass::In,
            ttl,
            rdata,
            ..DnsRecordRepr::default()
        };
        message.answer(&record(asked, DnsType::Cname, 300, target))?;
        message.answer(&record(found, DnsType::A, 60, &[192, 0, 2, 7]))?;
        message.answer(&record(found, DnsType::A, 60, &[192, 0, 2, 8]))?;
        message.finish()?;
        Ok(())
    }

    /// Runs a row that writes.
    pub fn write(row: &str, count: usize, buf: &mut [u8]) -> Option<()> {
        let asked = DnsName::from_octets(super::ANSWER.get(super::NAME)?).ok()?;
        let found = DnsName::from_octets(b"\x03web\x07example\x03org\0").ok()?;
        // The caller's part: data of records is compressed by who knows what it means.
        let target = [3, b'w', b'e', b'b', 0xc0, 16];
        for _ in 0..count {
            black_box(match row {
                "dns_query_written" => {
                    dns_query_written(black_box(0x1234), black_box(asked), black_box(buf))
                }
                "dns_answer_written" => {
                    dns_answer_written(black_box([asked, found]), &target, black_box(buf))
                }
                _ => return None,
            });
        }
        Some(())
    }
}

pub mod smoltcp {
    //! On smoltcp's wire module.

    use std::hint::black_box;

    use ::smoltcp::wire::{
        DnsFlags, DnsOpcode, DnsPacket, DnsQueryType, DnsQuestion, DnsRecord, DnsRecordData,
        DnsRepr,
    };

    use crate::fold;

    #[inline(never)]
    pub fn dns_answer_fields(message: &[u8]) -> u64 {
        fields(message).unwrap_or(0)
    }

    fn fields(message: &[u8]) -> Option<u64> {
        let dns = DnsPacket::new_checked(message).ok()?;
        let flags = dns.flags();
        let mut sum = fold!(
            dns.transaction_id(),
            flags.contains(DnsFlags::RESPONSE),
            u8::from(dns.opcode()),
            flags.contains(DnsFlags::AUTHORITATIVE),
            flags.contains(DnsFlags::TRUNCATED),
            flags.contains(DnsFlags::RECURSION_DESIRED),
            flags.contains(DnsFlags::RECURSION_AVAILABLE),
            u8::from(dns.rcode()),
        );
        let mut rest = dns.payload();
        for _ in 0..dns.question_count() {
            let (after, question) = DnsQuestion::parse(rest).ok()?;
            sum = fold!(sum, name(&dns, question.name)?, u16::from(question.type_));
            rest = after;
        }
        for _ in 0..dns.answer_record_count() {
            let (after, record) = DnsRecord::parse(rest).ok()?;
            let data = match record.data {
                DnsRecordData::A(addr) => u64::from(addr.to_bits()),
                DnsRecordData::Cname(target) => name(&dns, target)?,
                _ => return None,
            };
            sum = fold!(sum, name(&dns, record.name)?, record.ttl, data);
            rest = after;
        }
        Some(sum)
    }

    #[inline(always)]
    fn name(dns: &DnsPacket<&[u8]>, octets: &[u8]) -> Option<u64> {
        let mut sum = 0;
        for label in dns.parse_name(octets) {
            let label = label.ok()?;
            sum = fold!(sum, label.len(), label.first().map_or(0, |it| *it));
        }
        Some(sum)
    }

    #[inline(never)]
    fn dns_query_written(id: u16, name: &[u8], buf: &mut [u8]) -> bool {
        let dns = DnsRepr {
            transaction_id: id,
            opcode: DnsOpcode::Query,
            flags: DnsFlags::RECURSION_DESIRED,
            question: DnsQuestion {
                name,
                type_: DnsQueryType::A,
            },
        };
        let Some(buf) = buf.get_mut(..dns.buffer_len()) else {
            return false;
        };
        dns.emit(&mut DnsPacket::new_unchecked(buf));
        true
    }

    /// Runs the row that writes.
    pub fn write(row: &str, count: usize, buf: &mut [u8]) -> Option<()> {
        let name = super::ANSWER.get(super::NAME)?;
        for _ in 0..count {
            black_box(match row {
                "dns_query_written" => {
                    dns_query_written(black_box(0x1234), black_box(name), black_box(buf))
                }
                _ => return None,
            });
        }
        Some(())
    }
}

/// Both read the same and write the same.
#[cfg(test)]
mod tests {
    use super::{ANSWER, litz, smoltcp};

    #[test]
    fn both_read_the_same() {
        let ours = litz::dns_answer_fields(&ANSWER);
        assert_ne!(ours, 0);
        assert_eq!(ours, smoltcp::dns_answer_fields(&ANSWER));
    }

    #[test]
    fn both_write_the_same_query() {
        // smoltcp leaves the bits of the header that it does not know.
        let (mut ours, mut theirs) = ([0xa5; 128], [0; 128]);
        litz::write("dns_query_written", 1, &mut ours).expect("written");
        smoltcp::write("dns_query_written", 1, &mut theirs).expect("written");
        assert_eq!(ours[..33], theirs[..33]);
        assert_eq!(ours[33], 0xa5);
        assert_eq!(ours[..8], [0x12, 0x34, 1, 0, 0, 1, 0, 0]);
        assert_eq!(ours[12..33], ANSWER[12..33]);
    }

    #[test]
    fn the_answer_that_is_written_says_what_was_read() {
        let mut ours = [0xa5; 128];
        litz::write("dns_answer_written", 1, &mut ours).expect("written");
        // The builder does not refer to names within the data of records.
        let len = ANSWER.len() + 4;
        assert_eq!(ours[len], 0xa5);
        let read = litz::dns_answer_fields(&ours[..len]);
        assert_eq!(read, litz::dns_answer_fields(&ANSWER));
    }
}
