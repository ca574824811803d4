//! Headers that follow others, for printers.

use super::*;
use crate::rt::print::{Next, Shown, Visit, nested};
use crate::rt::sized::Sized;
use crate::rt::{Nested, Truncated};
use std::format;
use std::string::String;

impl Layer for &[u8] {
    fn name(&self) -> &'static str {
        "Sized"
    }

    fn fields(&self, visit: &mut Visit<'_>) -> fmt::Result {
        visit(Shown {
            name: "octets",
            value: &self.len(),
            derived: false,
        })
    }
}

/// What a printer is given.
fn given(walk: impl FnOnce(&mut Then<'_>) -> fmt::Result) -> String {
    let mut text = String::new();
    walk(&mut |next| {
        text += &match next {
            Next::Layer(layer) => String::from(layer.name()),
            Next::Bad(error) => format!("{error}"),
            Next::Data(_) | Next::Nothing => String::from("nothing"),
        };
        Ok(())
    })
    .expect("no fault");
    text
}

#[test]
fn a_header_is_viewed_and_given_to_printers() {
    assert_eq!(<Sized as Follow>::look(&[1, 7, 8]), Ok(&[1, 7][..]));
    assert!(<Sized as Follow>::look(&[1]).is_err());
    assert_eq!(given(|then| <Sized as Follow>::walk(&[1], then)), "Sized");
    assert_eq!(
        given(|then| <Sized as Follow>::walk(&[], then)),
        "Sized: truncated"
    );
    let quote = Nested::<Sized, Truncated>::new(&[5, 7]);
    assert_eq!(given(|then| nested(&quote, then)), "Sized");
}
