//! DNS messages as administrators read them: `12 A? example.org` and `12 A 192.0.2.1 …`.

use super::{DnsData, DnsName, DnsPacket, DnsQuestionPacket, DnsRecordPacket, DnsType};
use crate::rt::print::{Layer, Shown, Then, Visit};
use crate::{DnsRcode, Records};
use core::fmt;

/// A DNS message as a layer whose records are shown with their data.
pub(crate) struct DnsText<'a> {
    packet: DnsPacket<'a>,
    message: &'a [u8],
}

impl<'a> DnsText<'a> {
    /// The packet, and the message that its names refer to.
    pub(crate) const fn new(packet: DnsPacket<'a>, message: &'a [u8]) -> Self {
        Self { packet, message }
    }
}

/// A type in capitals; a number behind `TYPE` if it has no name (RFC 3597 §5).
struct TypeText(DnsType);

impl fmt::Display for TypeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Capitals<'f, 'b>(&'f mut fmt::Formatter<'b>);
        impl fmt::Write for Capitals<'_, '_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                let mut letters = text.chars();
                letters.try_for_each(|letter| self.0.write_char(letter.to_ascii_uppercase()))
            }
        }
        use fmt::Write;
        let known = <DnsType as crate::rt::Codes>::CODES;
        if known.iter().any(|(code, _)| *code == u64::from(self.0.0)) {
            write!(Capitals(f), "{}", self.0)
        } else {
            write!(f, "TYPE{}", self.0.0)
        }
    }
}

struct QuestionText<'a>(DnsQuestionPacket<'a>);

impl fmt::Display for QuestionText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unicast = if self.0.unicast_response() { "QU " } else { "" };
        let qtype = TypeText(self.0.qtype());
        write!(f, "{unicast}{qtype}? {}", self.0.name())
    }
}

/// A record with its data; `owner` is the name that the reader knows already.
struct RecordText<'a> {
    record: DnsRecordPacket<'a>,
    message: &'a [u8],
    owner: Option<DnsName<'a>>,
}

impl fmt::Display for RecordText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record = &self.record;
        if self.owner != Some(record.name()) {
            write!(f, "{} ", record.name())?;
        }
        match record.rtype() {
            DnsType::Opt => write!(f, "OPT size {}", edns_size(record)),
            rtype => match record.data(self.message) {
                Ok(data) => write!(f, "{} {data}", TypeText(rtype)),
                Err(error) => write!(f, "{} {error}", TypeText(rtype)),
            },
        }
    }
}

/// Size of UDP messages in the class of an OPT record (RFC 6891 §6.1.2).
fn edns_size(record: &DnsRecordPacket<'_>) -> u16 {
    u16::from(record.cache_flush()) << 15 | record.rclass().0
}

/// A text between quotes, as zone files have it.
struct Quoted<'a>(&'a [u8]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

impl fmt::Display for DnsData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::A(addr) => addr.fmt(f),
            Self::Aaaa(addr) => addr.fmt(f),
            Self::Ns(name) | Self::Cname(name) | Self::Ptr(name) => name.fmt(f),
            Self::Soa(soa) => write!(f, "{} {} {}", soa.mname(), soa.rname(), soa.serial()),
            Self::Mx(mx) => write!(f, "{} {}", mx.preference(), mx.exchange()),
            Self::Txt(txt) => {
                let mut strings = txt.strings().packets().enumerate();
                strings.try_for_each(|(at, one)| {
                    let blank = if at == 0 { "" } else { " " };
                    write!(f, "{blank}{}", Quoted(one.text()))
                })
            }
            Self::Srv(srv) => {
                let (priority, weight) = (srv.priority(), srv.weight());
                write!(f, "{priority} {weight} {}:{}", srv.target(), srv.port())
            }
            Self::Opt(opt) => opt.options().fmt(f),
            Self::Nsec(nsec) => write!(f, "{}", nsec.next_name()),
            Self::Unknown(_, data) => crate::rt::print::Hex(data).fmt(f),
        }
    }
}

impl DnsText<'_> {
    /// Records of a section behind its name, parted by commas.
    fn section(
        &self,
        f: &mut fmt::Formatter<'_>,
        name: &str,
        records: Records<'_, crate::DnsRecord>,
    ) -> fmt::Result {
        let owner = self.packet.questions().packets().next().map(|q| q.name());
        for (at, record) in records.packets().enumerate() {
            f.write_str(if at == 0 { name } else { ", " })?;
            let message = self.message;
            fmt::Display::fmt(
                &RecordText {
                    record,
                    message,
                    owner,
                },
                f,
            )?;
        }
        Ok(())
    }
}

impl Layer for DnsText<'_> {
    fn name(&self) -> &'static str {
        self.packet.name()
    }

    fn fields(&self, visit: &mut Visit<'_>) -> fmt::Result {
        self.packet.fields(&mut |shown| match shown.name {
            "questions" | "answers" | "authorities" | "additionals" => Ok(()),
            _ => visit(shown),
        })?;
        for question in self.packet.questions().packets() {
            visit(Shown {
                name: "question",
                value: &QuestionText(question),
                derived: false,
            })?;
        }
        let sections = [
            ("answer", self.packet.answers()),
            ("authority", self.packet.authorities()),
            ("additional", self.packet.additionals()),
        ];
        for (name, records) in sections {
            for record in records.packets() {
                let message = self.message;
                let owner = None;
                let value = &RecordText {
                    record,
                    message,
                    owner,
                };
                let derived = false;
                visit(Shown {
                    name,
                    value,
                    derived,
                })?;
            }
        }
        Ok(())
    }

    fn line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packet = &self.packet;
        write!(f, "Dns {}", packet.id())?;
        match (packet.response(), packet.rcode()) {
            (true, DnsRcode::NoError) => f.write_str(" answer")?,
            (true, rcode) => write!(f, " {rcode}")?,
            (false, _) if packet.opcode() == crate::DnsOpcode::Query => {}
            (false, _) => write!(f, " {}", packet.opcode())?,
        }
        if packet.truncated() {
            f.write_str(" truncated")?;
        }
        for question in packet.questions().packets() {
            write!(f, " {}", QuestionText(question))?;
        }
        self.section(f, ": ", packet.answers())?;
        self.section(f, "; authority ", packet.authorities())?;
        self.section(f, "; additional ", packet.additionals())
    }

    fn next(&self, then: &mut Then<'_>) -> fmt::Result {
        then(crate::rt::print::Next::Nothing)
    }
}
