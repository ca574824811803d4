//! What all samples go through, whatever protocol they are of.

use litz_wire::rt::laws::{Lawful, Message};
use litz_wire::rt::{OptionItem, Site, Tail};
use litz_wire::{ErrorKind, Options};

/// The octets that hexadecimal digits stand for; blanks do not matter.
pub(crate) fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).unwrap())
        .collect();
    assert!(digits.len().is_multiple_of(2));
    digits
        .chunks(2)
        .map(|two| (two[0] << 4 | two[1]) as u8)
        .collect()
}

/// A header of `len` octets at the start of `bytes` comes out as it went in, its checksum aside,
/// and is refused with its name at every shorter length.
pub(crate) fn header<X: Lawful>(bytes: &[u8], len: usize) {
    round_trip::<X>(bytes, len);
    cut_short::<X>(bytes, len);
}

/// The same for a header whose last field reaches to the end: below its fixed part it is refused.
pub(crate) fn open_header<X: Lawful>(bytes: &[u8], len: usize) {
    round_trip::<X>(bytes, len);
    cut_short::<X>(bytes, X::MIN_LEN);
}

fn round_trip<X: Lawful>(bytes: &[u8], len: usize) {
    let packet = X::view(bytes).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        X::octets(&packet).1,
        len,
        "{}: length of the header",
        X::NAME
    );
    let repr = X::parse(&packet).unwrap_or_else(|error| panic!("{error}"));
    let mut emitted = vec![0xa5; bytes.len()];
    X::emit(&repr, &mut emitted).unwrap_or_else(|error| panic!("{error}"));
    let mut expected = bytes.to_vec();
    X::canon(&mut expected[..len]);
    assert_eq!(emitted[..len], expected[..len], "{}", X::NAME);
}

fn cut_short<X: Lawful>(bytes: &[u8], len: usize) {
    for short in 0..len {
        let error = X::view(&bytes[..short]).err();
        let error = error.unwrap_or_else(|| panic!("{} of {short} octets is accepted", X::NAME));
        assert_eq!(error.kind, ErrorKind::Truncated);
        // A record within the header is named as a whole.
        let name = error.at.header;
        assert!(name == X::NAME || name.ends_with("Record"), "{error}");
    }
}

/// A message comes out as it went in, its checksum at octets 2 and 3 aside, and is refused with a
/// name below `least` octets.
pub(crate) fn message<'a, M: Message<'a> + std::fmt::Debug>(bytes: &'a [u8], least: usize) -> M {
    use litz_wire::Header;
    let packet = M::Header::view(bytes).unwrap_or_else(|error| panic!("{error}"));
    let message = M::read(&packet).unwrap_or_else(|error| panic!("{error}"));
    let mut emitted = vec![0xa5; message.wire_len()];
    message
        .write(&mut emitted)
        .unwrap_or_else(|error| panic!("{error}"));
    let mut expected = bytes.to_vec();
    expected[2..4].fill(0);
    assert_eq!(emitted, expected);
    for short in 0..least {
        let read = M::Header::view(&bytes[..short]).and_then(|packet| M::read(&packet));
        let error = read.unwrap_err();
        assert!(matches!(
            error.kind,
            ErrorKind::Truncated | ErrorKind::Malformed
        ));
        assert!(!error.at.header.is_empty());
        // A record that is cut short is named as a whole.
        let named = !error.at.field.is_empty() || error.at.header.ends_with("Record");
        assert!(short < 4 || named, "{error}");
    }
    message
}

/// A list of options, each of which comes out as it went in; a list that is cut short inside of an
/// option ends with an error that names the family.
pub(crate) fn options<'a, T: OptionItem<'a>>(bytes: &'a [u8]) -> Vec<T> {
    const AT: &Site = &Site {
        header: "",
        field: "",
    };
    let mut ends = vec![0];
    let mut items = Vec::new();
    for item in Options::<T>::raw(bytes) {
        let item = item.unwrap_or_else(|error| panic!("{error}"));
        ends.push(ends[ends.len() - 1] + item.wire_len());
        items.push(item);
    }
    let mut emitted = Vec::new();
    for item in &items {
        let mut one = vec![0xa5; item.wire_len()];
        assert!(item.emit(&mut one).unwrap().is_empty());
        emitted.extend(one);
    }
    let rest = bytes.len() - emitted.len();
    assert!(rest < T::UNIT.max(2), "padding of {rest} octets");
    assert_eq!(emitted, bytes[..emitted.len()]);
    let all = Options::<T>::raw(bytes);
    let mut again = vec![0xa5; all.encoded_len()];
    all.put(&mut again, AT).unwrap();
    assert_eq!(&again[..bytes.len()], bytes);
    for short in 1..emitted.len() {
        let last = Options::<T>::raw(&bytes[..short]).iter().last().unwrap();
        if ends.contains(&short) {
            assert!(last.is_ok());
        } else {
            let error = last.unwrap_err();
            assert_eq!(
                (error.kind, error.at.header),
                (ErrorKind::Malformed, T::NAME)
            );
        }
    }
    items
}

/// A list of options with a length of zero ends: after one error, or after as many items as it has
/// octets.
pub(crate) fn zero_lengths<'a, T: OptionItem<'a>>(kinds: impl IntoIterator<Item = u8>) {
    for kind in kinds {
        let zeros: &'static [u8] = Box::leak(vec![0; 64].into_boxed_slice());
        let list: &'static [u8] = Box::leak([&[kind, 0], zeros].concat().into_boxed_slice());
        let count = Options::<T>::raw(list).iter().count();
        assert!(count <= list.len());
    }
}

/// A header whose fields may be headers of their own comes out as it went in, and is refused below
/// `least` octets with the name of a header and, behind the fixed part, of a field.
pub(crate) fn composed<X: Lawful>(bytes: &[u8], least: usize) -> X::Repr<'_> {
    let packet = X::view(bytes).unwrap_or_else(|error| panic!("{error}"));
    let (all, header_len) = X::octets(&packet);
    let repr = X::parse(&packet).unwrap_or_else(|error| panic!("{error}"));
    let mut emitted = vec![0xa5; bytes.len()];
    let rest = X::emit(&repr, &mut emitted).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rest.len(), bytes.len() - header_len);
    let mut expected = all.to_vec();
    X::canon(&mut expected[..header_len]);
    assert_eq!(
        emitted[..header_len],
        expected[..header_len],
        "{}: {repr:?}",
        X::NAME
    );
    for short in 0..least {
        let error = X::view(&bytes[..short]).err();
        let error = error.unwrap_or_else(|| panic!("{} of {short} octets is accepted", X::NAME));
        assert_eq!(error.kind, ErrorKind::Truncated, "{error}");
        assert!(!error.at.header.is_empty());
        let named = !error.at.field.is_empty() || error.at.header != X::NAME;
        assert!(short < X::MIN_LEN || named, "{error} at {short}");
    }
    repr
}
