//! The forms of values.

use super::*;
use std::format;

struct Group(bool, bool, u8);

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut flags = Flags::new(f);
        flags.flag("a", self.0)?;
        flags.flag("b", self.1)?;
        if self.2 > 0 {
            flags.value("c", &self.2)?;
        }
        flags.finish()
    }
}

#[test]
fn set_flags_are_joined() {
    assert_eq!(format!("{}", Group(true, true, 0)), "a|b");
    assert_eq!(format!("{}", Group(false, true, 3)), "b|c=3");
    assert_eq!(format!("{}", Group(false, false, 3)), "c=3");
    assert_eq!(format!("{}", Group(false, false, 0)), "-");
}

#[test]
fn octets_are_cut_after_sixteen() {
    assert_eq!(format!("{}", Hex(&[])), "-");
    assert_eq!(format!("{}", Hex(&[1, 0xab])), "01ab");
    assert_eq!(format!("{}", Hex(&[0; 16])), "0".repeat(32));
    assert_eq!(
        format!("{}", Hex(&[0; 18])),
        format!("{}… and 2 more", "0".repeat(32))
    );
}

#[test]
fn what_is_missing_is_a_dash() {
    assert_eq!(format!("{} {}", Maybe(Some(7)), Maybe::<u8>(None)), "7 -");
    assert_eq!(format!("{}", Shape(Some(7))), "Some(7)");
}

struct Two;

impl Layer for Two {
    fn name(&self) -> &'static str {
        "Two"
    }

    fn fields(&self, visit: &mut Visit<'_>) -> fmt::Result {
        visit(Shown {
            name: "one",
            value: &1,
            derived: false,
        })?;
        visit(Shown {
            name: "two",
            value: &2,
            derived: true,
        })
    }
}

struct Written<'l>(&'l dyn Layer, bool);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            true => self.0.line(f),
            false => debug(self.0, f),
        }
    }
}

fn start(bytes: &[u8], then: &mut Then<'_>) -> fmt::Result {
    match bytes {
        [] => then(Next::Nothing),
        [1, ..] => then(Next::Layer(&Two)),
        data => then(Next::Data(data)),
    }
}

#[test]
fn a_line_leaves_out_what_follows_from_the_rest() {
    assert_eq!(format!("{}", Written(&Two, true)), "Two one=1");
    assert_eq!(
        format!("{}", Written(&Two, false)),
        "Two { one: 1, two: 2 }"
    );
    assert_eq!(format!("{}", Line::new(start, &[1])), "Two one=1");
    assert_eq!(format!("{}", Line::new(start, &[])), "");
    assert_eq!(format!("{}", Tree::new(start, &[])), "");
    let mut nothing = 0;
    Two.next(&mut |next| {
        nothing += usize::from(matches!(next, Next::Nothing));
        Ok(())
    })
    .expect("no fault");
    assert_eq!(nothing, 1);
}
