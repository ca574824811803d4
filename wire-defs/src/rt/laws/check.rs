//! The laws. Each function takes octets, says whether they were accepted, or which law broke.

use super::super::{BitOrder, ErrorKind, Form, Header, Options, Site};
use super::{Lawful, Message, OptionItem, Set};

/// A law that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which law, in words.
    pub law: &'static str,
    /// Where: a length or the index of a field.
    pub at: usize,
}

type Outcome = Result<bool, Broken>;

fn hold(condition: bool, law: &'static str, at: usize) -> Result<(), Broken> {
    if condition {
        Ok(())
    } else {
        Err(Broken { law, at })
    }
}

/// The laws of a header. `scratch` and `second` are larger than `bytes`.
pub fn header<'a, X: Lawful>(
    bytes: &'a [u8],
    source: &[u8; 16],
    scratch: &'a mut [u8],
    second: &mut [u8],
) -> Outcome {
    let Ok(packet) = X::view(bytes) else {
        return Ok(false);
    };
    let (octets, header_len) = X::octets(&packet);
    hold(
        X::MIN_LEN <= header_len && header_len <= octets.len(),
        "L4: header length",
        header_len,
    )?;
    hold(
        octets.len() <= bytes.len(),
        "L4: packet length",
        octets.len(),
    )?;
    prefixes::<X>(bytes, octets, header_len, X::open_header(&packet))?;
    let Ok(mut repr) = X::parse(&packet) else {
        return Err(Broken {
            law: "a checked packet has a Repr",
            at: 0,
        });
    };
    hold(
        X::lengths(&repr) == (header_len, octets.len()),
        "L8: lengths of the Repr",
        header_len,
    )?;
    second.fill(!source[0]);
    let Ok(rest) = X::emit(&repr, second) else {
        return Err(Broken {
            law: "L1: a parsed Repr can be emitted",
            at: 0,
        });
    };
    let written = rest.len();
    hold(
        second.len().checked_sub(written) == Some(header_len),
        "L1: octets written",
        written,
    )?;
    for (to, from) in scratch.iter_mut().zip(octets) {
        *to = *from;
    }
    let Some((canon, _)) = scratch.split_at_mut_checked(octets.len()) else {
        return Err(Broken {
            law: "scratch is too small",
            at: octets.len(),
        });
    };
    X::canon(canon);
    let same = canon.iter().zip(second.iter()).take(header_len);
    for (at, (canon, emitted)) in same.enumerate() {
        hold(canon == emitted, "L2: emit(parse(b)) is canonical b", at)?;
    }
    fields::<X>(canon, second, source)?;
    for field in 0..X::FIELDS.len() {
        let kept = repr;
        if X::overflow(&mut repr, field) {
            let refused = X::emit(&repr, second).is_err();
            hold(refused, "L7: a value that does not fit is refused", field)?;
        }
        repr = kept;
    }
    again::<X>(bytes, canon)?;
    Ok(true)
}

/// L1 and L8: the canonical octets say the same and reach as far.
fn again<X: Lawful>(bytes: &[u8], canon: &[u8]) -> Result<(), Broken> {
    // References go on counting in the octets that were read.
    let (Ok(first), Ok(second)) = (X::view(bytes), X::view_in(bytes, canon)) else {
        return Err(Broken {
            law: "L1: emitted octets are accepted",
            at: 0,
        });
    };
    hold(
        X::octets(&first).1 == X::octets(&second).1,
        "L8: header length",
        0,
    )?;
    let (Ok(first), Ok(second)) = (X::parse(&first), X::parse(&second)) else {
        return Err(Broken {
            law: "L1: emitted octets have a Repr",
            at: 0,
        });
    };
    same::<X>(first, second)
}

fn same<'a, X: Header>(first: X::Repr<'a>, second: X::Repr<'a>) -> Result<(), Broken> {
    hold(first == second, "L1: parse(emit(r)) == r", 0)
}

/// L3: what is cut short is truncated, and what follows the packet does not matter.
fn prefixes<X: Lawful>(
    bytes: &[u8],
    octets: &[u8],
    header_len: usize,
    open_header: bool,
) -> Result<(), Broken> {
    let determined = match (open_header, X::OPEN) {
        (true, _) => X::MIN_LEN,
        (_, true) => header_len,
        _ => octets.len(),
    };
    for len in 0..determined {
        let Some((short, _)) = bytes.split_at_checked(len) else {
            break;
        };
        let kind = X::view(short).err().map(|error| error.kind);
        hold(
            kind == Some(ErrorKind::Truncated),
            "L3: a prefix is truncated",
            len,
        )?;
    }
    if !X::OPEN {
        let alone = X::view(octets).map(|packet| X::octets(&packet));
        let same = alone == Ok((octets, header_len));
        hold(
            same,
            "L3: the result depends on the packet only",
            octets.len(),
        )?;
    }
    Ok(())
}

/// L6: a setter changes its field, and the checksum, and nothing else.
fn fields<X: Lawful>(packet: &[u8], work: &mut [u8], source: &[u8; 16]) -> Result<(), Broken> {
    let checksum = X::FIELDS
        .iter()
        .find(|f| f.role == super::super::FieldRole::Checksum);
    let checksum = checksum.and_then(|f| f.bits);
    let Some((work, _)) = work.split_at_mut_checked(packet.len()) else {
        return Err(Broken {
            law: "scratch is too small",
            at: packet.len(),
        });
    };
    work.copy_from_slice(packet);
    let verified = X::change(work);
    hold(verified != Some(false), "a filled checksum verifies", 0)?;
    for (index, field) in X::FIELDS.iter().enumerate() {
        let Some(place) = field.bits else { continue };
        work.copy_from_slice(packet);
        match X::set(work, index, source) {
            None => continue,
            Some(back) => hold(back, "L6: a field reads back as it was set", index)?,
        }
        for (at, (old, new)) in packet.iter().zip(work.iter()).enumerate() {
            for bit in 0..8_u32 {
                let position = (at as u32).wrapping_mul(8).wrapping_add(bit);
                let within = |(first, bits): (u32, u32)| position.wrapping_sub(first) < bits;
                let mask = match X::ORDER {
                    BitOrder::Msb0 => 0x80 >> bit,
                    BitOrder::Lsb0 => 1 << bit,
                };
                let changed = (old ^ new) & mask != 0;
                let allowed = within(place) || checksum.is_some_and(within);
                hold(
                    !changed || allowed,
                    "L6: a setter changes its own bits",
                    index,
                )?;
            }
        }
    }
    Ok(())
}

/// The laws of a family of options, on a list.
pub fn options<'a, T: OptionItem<'a>>(region: &'a [u8], scratch: &'a mut [u8]) -> Outcome {
    let list = Options::<T>::raw(region);
    let (mut steps, mut any) = (0_usize, false);
    let mut rest = scratch;
    for item in list {
        steps = steps.saturating_add(1);
        hold(
            steps <= region.len(),
            "L4: every item takes an octet",
            steps,
        )?;
        let Ok(item) = item else { break };
        any = true;
        let len = item.wire_len();
        let Some((one, after)) = core::mem::take(&mut rest).split_at_mut_checked(len) else {
            break;
        };
        rest = after;
        one.fill(0xa5);
        match item.emit(one) {
            Ok([]) => {}
            Ok(left) => {
                return Err(Broken {
                    law: "L1: an item fills its length",
                    at: left.len(),
                });
            }
            Err(_) => {
                return Err(Broken {
                    law: "L1: a parsed item can be emitted",
                    at: len,
                });
            }
        }
        let again = Options::<T>::raw(one).iter().next();
        hold(
            again == Some(Ok(item)),
            "L1: parse(emit(item)) == item",
            steps,
        )?;
    }
    Ok(any)
}

/// The laws of a set of options, on a list.
pub fn set<'a, S: Set<'a>>(region: &'a [u8], scratch: &'a mut [u8]) -> Outcome {
    let Ok(set) = S::fold(&Options::raw(region)) else {
        return Ok(false);
    };
    let mut again = set.first_only();
    let refilled = again.refold(&Options::raw(region)).is_ok();
    hold(
        refilled && again == set,
        "a set that is refilled is a new one",
        0,
    )?;
    let set = set.first_only();
    let len = set.wire_len();
    let Some((list, _)) = scratch.split_at_mut_checked(len) else {
        return Ok(false);
    };
    list.fill(0xa5);
    match set.write(list) {
        Ok([]) => {}
        _ => {
            return Err(Broken {
                law: "L1: a set fills its length",
                at: len,
            });
        }
    }
    match S::fold(&Options::raw(list)) {
        Ok(again) => hold(again == set, "L1: fold(emit(set)) == set", len)?,
        Err(_) => {
            return Err(Broken {
                law: "L1: an emitted set can be folded",
                at: len,
            });
        }
    }
    Ok(len > 0)
}

/// The laws of an enum of encodings, for the tag that `source` starts with.
pub fn form<T: Form>(source: &[u8], scratch: &mut [u8]) -> Outcome {
    const AT: &Site = &Site {
        header: "",
        field: "",
    };
    let Some((&first, octets)) = source.split_first() else {
        return Ok(false);
    };
    let tag = first
        & 0xff_u8
            .checked_shr(8_u32.wrapping_sub(T::TAG_BITS))
            .unwrap_or(0);
    let Some(len) = T::size(tag) else {
        hold(
            T::read(tag, octets).is_none(),
            "a reserved tag has no form",
            0,
        )?;
        return Ok(false);
    };
    let Some((exact, _)) = octets.split_at_checked(len) else {
        return Ok(false);
    };
    let Some(value) = T::read(tag, exact) else {
        return Err(Broken {
            law: "a tag with a size has a form",
            at: len,
        });
    };
    hold(
        value.tag() == tag,
        "L1: the tag of a form is the tag it was read with",
        len,
    )?;
    hold(
        value.wire_len() == len,
        "L8: the length of a form is its tag's",
        len,
    )?;
    let Some((out, _)) = scratch.split_at_mut_checked(len) else {
        return Ok(false);
    };
    out.fill(0xa5);
    hold(
        value.put(out, AT).is_ok_and(|rest| rest.is_empty()),
        "L1: a form fills its length",
        len,
    )?;
    hold(
        T::read(tag, out) == Some(value),
        "L1: read(put(form)) == form",
        len,
    )?;
    let mut canon = [0; 32];
    let Some((canon, _)) = canon.split_at_mut_checked(len) else {
        return Ok(true);
    };
    canon.copy_from_slice(exact);
    T::canon(tag, canon);
    hold(canon == out, "L2: put(read(b)) is canonical b", len)?;
    if let Some((_, short)) = exact.split_first() {
        hold(
            T::read(tag, short).is_none(),
            "a form that is cut short is none",
            len,
        )?;
    }
    Ok(true)
}

/// The laws of a message.
pub fn message<'a, M: Message<'a>>(bytes: &'a [u8], scratch: &'a mut [u8]) -> Outcome {
    let Ok(packet) = M::Header::view(bytes) else {
        return Ok(false);
    };
    let Ok(message) = M::read(&packet) else {
        return Ok(false);
    };
    let len = message.wire_len();
    let Some((out, _)) = scratch.split_at_mut_checked(len) else {
        return Ok(false);
    };
    out.fill(0xa5);
    match message.write(out) {
        Ok([]) => {}
        Ok(left) => {
            return Err(Broken {
                law: "L1: a message fills its length",
                at: left.len(),
            });
        }
        Err(_) => {
            return Err(Broken {
                law: "L1: a parsed message can be emitted",
                at: len,
            });
        }
    }
    let Ok(packet) = M::Header::view(out) else {
        return Err(Broken {
            law: "L1: an emitted message is accepted",
            at: len,
        });
    };
    hold(
        M::read(&packet) == Ok(message),
        "L1: parse(emit(m)) == m",
        len,
    )?;
    Ok(true)
}
