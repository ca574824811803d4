//! Writes DNS messages with compressed names (RFC 1035 §4.1.4). Compression of names in the data
//! of records is the caller's: most types forbid it (RFC 3597 §4).

use super::name::same;
use super::{DnsClass, DnsName, DnsQuestionRepr, DnsRecordRepr, DnsRepr, DnsType, Labels};
use crate::rt::{Codec, Error, ErrorKind, Header, Result, Site, put};
use crate::{Dns, DnsQuestion, DnsRecord};

/// Names that are remembered for compression.
const NAMES: usize = 16;

/// Octets of the header.
const START: usize = Dns::MIN_LEN;

const AT: &Site = &Site {
    header: "Dns",
    field: "",
};

/// A message in the making: questions first, then answers, authorities, additional records.
pub struct DnsBuilder<'b> {
    buf: &'b mut [u8],
    used: usize,
    header: DnsRepr<'static>,
    counts: [u16; 4],
    /// Where names were written, and how many of them.
    names: [u16; NAMES],
    known: usize,
}

/// A part of a message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Questions,
    Answers,
    Authorities,
    Additionals,
}

impl<'b> DnsBuilder<'b> {
    /// Starts a message in `buf`; the records of `header` are left out.
    ///
    /// # Errors
    /// `BufferTooSmall` if the header has no room.
    pub fn new(header: &DnsRepr<'_>, buf: &'b mut [u8]) -> Result<Self> {
        if buf.len() < START {
            return Err(Error::new(ErrorKind::BufferTooSmall, AT));
        }
        let DnsRepr {
            id,
            response,
            opcode,
            authoritative,
            truncated,
            recursion_desired,
            recursion_available,
            authentic_data,
            checking_disabled,
            rcode,
            ..
        } = *header;
        Ok(Self {
            buf,
            used: START,
            header: DnsRepr {
                id,
                response,
                opcode,
                authoritative,
                truncated,
                recursion_desired,
                recursion_available,
                authentic_data,
                checking_disabled,
                rcode,
                ..DnsRepr::default()
            },
            counts: [0; 4],
            names: [0; NAMES],
            known: 0,
        })
    }

    /// Adds a question.
    ///
    /// # Errors
    /// `BufferTooSmall`, and the message stays as it was; `Malformed` if the name does not end
    /// well or other sections have begun.
    pub fn question(&mut self, question: &DnsQuestionRepr<'_>) -> Result<()> {
        self.add(Section::Questions, &question.name, |name, buf| {
            DnsQuestion::emit(&DnsQuestionRepr { name, ..*question }, buf)
        })
    }

    /// Adds an answer.
    ///
    /// # Errors
    /// As [`question`](Self::question).
    pub fn answer(&mut self, record: &DnsRecordRepr<'_>) -> Result<()> {
        self.record(Section::Answers, record)
    }

    /// Adds a record of an authority.
    ///
    /// # Errors
    /// As [`question`](Self::question).
    pub fn authority(&mut self, record: &DnsRecordRepr<'_>) -> Result<()> {
        self.record(Section::Authorities, record)
    }

    /// Adds an additional record.
    ///
    /// # Errors
    /// As [`question`](Self::question).
    pub fn additional(&mut self, record: &DnsRecordRepr<'_>) -> Result<()> {
        self.record(Section::Additionals, record)
    }

    /// Adds the record that says which size of UDP messages is understood (RFC 6891 §6.1.2).
    ///
    /// # Errors
    /// As [`question`](Self::question).
    pub fn edns(&mut self, udp_size: u16) -> Result<()> {
        self.additional(&DnsRecordRepr {
            name: DnsName::ROOT,
            rtype: DnsType::Opt,
            cache_flush: udp_size & 0x8000 != 0,
            rclass: DnsClass(udp_size & 0x7fff),
            ..DnsRecordRepr::default()
        })
    }

    fn record(&mut self, section: Section, record: &DnsRecordRepr<'_>) -> Result<()> {
        self.add(section, &record.name, |name, buf| {
            DnsRecord::emit(&DnsRecordRepr { name, ..*record }, buf)
        })
    }

    /// Writes the header and gives the message.
    ///
    /// # Errors
    /// None that a message built here can have; the signature is that of all emission.
    pub fn finish(self) -> Result<&'b [u8]> {
        let Self {
            buf,
            used,
            header,
            counts: [questions, answers, authorities, additionals],
            ..
        } = self;
        header.emit(buf)?;
        let counts = [questions, answers, authorities, additionals].map(u16::to_be_bytes);
        let Some((_, rest)) = buf.split_at_mut_checked(START.wrapping_sub(8)) else {
            return Err(Error::new(ErrorKind::BufferTooSmall, AT));
        };
        put(counts.as_flattened(), rest, AT)?;
        match buf.split_at_checked(used) {
            Some((message, _)) => Ok(message),
            None => Err(Error::new(ErrorKind::BufferTooSmall, AT)),
        }
    }

    /// Writes an item whose name is compressed.
    fn add(
        &mut self,
        section: Section,
        name: &DnsName<'_>,
        emit: impl for<'n, 'e> FnOnce(DnsName<'n>, &'e mut [u8]) -> Result<&'e mut [u8]>,
    ) -> Result<()> {
        let later = self.counts.iter().skip(section as usize).skip(1);
        if later.into_iter().any(|count| *count > 0) || !name.is_complete() {
            return Err(Error::new(ErrorKind::Malformed, AT));
        }
        let mut octets = [0; Labels::MAX];
        let octets = self.compressed(name, &mut octets)?;
        let Some((_, rest)) = self.buf.split_at_mut_checked(self.used) else {
            return Err(Error::new(ErrorKind::BufferTooSmall, AT));
        };
        let room = rest.len();
        let left = emit(DnsName::get(octets, &[]), rest)?.len();
        let Some(count) = self.counts.get_mut(section as usize) else {
            return Ok(());
        };
        *count = count.saturating_add(1);
        if let (Ok(at), Some(slot)) = (u16::try_from(self.used), self.names.get_mut(self.known))
            && at < 0x4000
        {
            *slot = at;
            self.known = self.known.wrapping_add(1);
        }
        self.used = self.used.wrapping_add(room.wrapping_sub(left));
        Ok(())
    }

    /// The name as labels and, where its end has been written before, a reference to that.
    fn compressed<'o>(&self, name: &DnsName<'_>, octets: &'o mut [u8]) -> Result<&'o [u8]> {
        let mut labels = name.labels();
        let mut written = 0_usize;
        loop {
            let ends = labels.clone();
            if let Some(at) = self.find(ends.clone()) {
                let reference = (0xc000 | at).to_be_bytes();
                written = append(octets, written, &reference)?;
                break;
            }
            let Some(label) = labels.next() else {
                written = append(octets, written, &[0])?;
                break;
            };
            let len = u8::try_from(label.len()).unwrap_or(0);
            written = append(octets, written, &[len])?;
            written = append(octets, written, label)?;
        }
        match octets.split_at_checked(written) {
            Some((octets, _)) => Ok(octets),
            None => Err(Error::new(ErrorKind::BufferTooSmall, AT)),
        }
    }

    /// Where labels that end a name have been written before.
    fn find(&self, labels: Labels<'_>) -> Option<u16> {
        // The root is an octet; a reference to it would be two.
        labels.clone().next()?;
        let (message, _) = self.buf.split_at_checked(self.used)?;
        for start in self.names.iter().take(self.known) {
            let (_, octets) = message.split_at_checked(usize::from(*start))?;
            let mut known = Labels::new(octets, message);
            loop {
                if let Some(at) = known.position(usize::from(*start))
                    && same(known.clone(), labels.clone())
                {
                    return u16::try_from(at).ok();
                }
                if known.next().is_none() {
                    break;
                }
            }
        }
        None
    }
}

/// Writes `more` at `used` and gives what is used then.
fn append(octets: &mut [u8], used: usize, more: &[u8]) -> Result<usize> {
    let Some((_, rest)) = octets.split_at_mut_checked(used) else {
        return Err(Error::new(ErrorKind::BufferTooSmall, AT));
    };
    put(more, rest, AT)?;
    Ok(used.wrapping_add(more.len()))
}
