//! What `Debug` prints is read back.

use super::Value;

#[derive(Debug)]
#[allow(dead_code, reason = "printed only")]
enum Printed<'a> {
    Bare,
    Fields { a: u8, list: &'a [u8] },
    Nested { inner: Wrapped, text: Name },
}

#[derive(Debug)]
#[allow(dead_code, reason = "printed only")]
struct Wrapped(u32);

#[derive(Debug)]
enum Name {
    Some,
}

#[test]
fn structs_lists_and_names() {
    let printed = [
        Printed::Bare,
        Printed::Fields {
            a: 7,
            list: &[1, 2],
        },
        Printed::Fields { a: 8, list: &[] },
        Printed::Nested {
            inner: Wrapped(9),
            text: Name::Some,
        },
    ];
    let value = Value::read(&format!("{printed:?}"));
    let names: Vec<&str> = value.items().iter().map(Value::name).collect();
    assert_eq!(names, ["Bare", "Fields", "Fields", "Nested"]);
    let field = |item: usize, name: &str| value.items()[item].field(name).map(Value::plain);
    assert_eq!(field(1, "a").as_deref(), Some("7"));
    assert_eq!(field(1, "list").as_deref(), Some("1,2"));
    assert_eq!(field(2, "list").as_deref(), Some(""));
    assert_eq!(field(3, "inner").as_deref(), Some("9"));
    assert_eq!(field(3, "text").as_deref(), Some("Some"));
    assert_eq!(field(0, "a"), None);
}

#[test]
fn nothing_in_a_list() {
    assert_eq!(Value::read("[]").items(), []);
    assert_eq!(Value::read("192.0.2.1").plain(), "192.0.2.1");
}
