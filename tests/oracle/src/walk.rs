//! What our printers say of a frame: its layers from the link up, each with its fields as text.

use litz_wire::print::{Next, Start};

/// One layer.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Name of the declared item, or of the variant of a message.
    pub name: &'static str,
    /// Names and printed values in the order of the wire.
    pub fields: Vec<(&'static str, String)>,
}

/// How the layers end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With nothing, or with octets that no declaration is known for.
    Data,
    /// With octets that the next declaration refuses.
    Refused(String),
}

/// The layers of `frame`.
pub fn walk(start: Start, frame: &[u8]) -> (Vec<Layer>, End) {
    let (mut layers, mut end) = (Vec::new(), End::Data);
    let outcome = start(frame, &mut |next| {
        visit(&next, &mut layers, &mut end);
        Ok(())
    });
    outcome.expect("nothing here fails");
    (layers, end)
}

fn visit(next: &Next<'_>, layers: &mut Vec<Layer>, end: &mut End) {
    match next {
        Next::Nothing | Next::Data(_) => {}
        Next::Bad(error) => *end = End::Refused(error.to_string()),
        Next::Layer(layer) => {
            let mut fields = Vec::new();
            let outcome = layer.fields(&mut |shown| {
                fields.push((shown.name, shown.value.to_string()));
                Ok(())
            });
            outcome.expect("text has room");
            layers.push(Layer {
                name: layer.name(),
                fields,
            });
            let outcome = layer.next(&mut |next| {
                visit(&next, layers, end);
                Ok(())
            });
            outcome.expect("nothing here fails");
        }
    }
}
