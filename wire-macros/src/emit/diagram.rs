//! The box diagram as RFCs draw it: 32 bits a row, two columns a bit.

use crate::check::header::Header;
use crate::check::options::OptionKind;
use crate::model::{Layout, Member, Place};
use crate::parse::ty::{Tail, TyKind};

/// One box: its name, and its width unless that varies.
struct Cell {
    label: String,
    bits: Option<u32>,
}

/// The diagram of a header.
pub(crate) fn header(header: &Header) -> String {
    draw(cells_of(&header.layout))
}

/// The diagram of an option: kind and length, then its fields.
pub(crate) fn option(kind: &OptionKind, widths: (usize, usize)) -> String {
    let mut cells = vec![Cell {
        label: format!("kind = {}", kind.number),
        bits: Some(widths.0 as u32 * 8),
    }];
    if !kind.bare {
        cells.push(Cell {
            label: "length".into(),
            bits: Some(widths.1 as u32 * 8),
        });
    }
    cells.extend(cells_of(&kind.layout));
    draw(cells)
}

/// The diagram of a body; empty if it has no fields.
pub(crate) fn body(layout: &Layout) -> String {
    let cells = cells_of(layout);
    if cells.is_empty() {
        String::new()
    } else {
        draw(cells)
    }
}

/// A diagram as the lines of a documentation comment.
pub(crate) fn block(diagram: &str) -> String {
    if diagram.is_empty() {
        return String::new();
    }
    format!("\n\n```text\n{diagram}```\n")
}

/// The fields in the order of the wire.
fn cells_of(layout: &Layout) -> Vec<Cell> {
    let on_wire = layout
        .members
        .iter()
        .filter(|m| !matches!(m.place, Place::Header));
    on_wire.map(cell).collect()
}

fn cell(member: &Member) -> Cell {
    let name = member.text();
    let (label, bits) = match (&member.ty.kind, &member.tag) {
        (TyKind::Optional(inner), _) => match inner.bits() {
            Some(bits) => (
                format!("{name} ({} octets, or not there) …", bits / 8),
                None,
            ),
            None => (format!("{name} (or not there) …"), None),
        },
        (TyKind::Form(_), Some(tag)) => (format!("{name} (form by {tag}) …"), None),
        (TyKind::Tail(Tail::Records(..)), _) => (format!("{name} (records) …"), None),
        (TyKind::Tail(_), _) => (format!("{name} …"), None),
        _ => (name, member.ty.bits()),
    };
    Cell { label, bits }
}

/// A row of the diagram: which label each bit belongs to.
type Row = [Option<usize>; 32];

fn draw(cells: Vec<Cell>) -> String {
    let (labels, rows) = grid(cells);
    let mut lines = ruler();
    let widest: Vec<u32> = (0..labels.len())
        .map(|id| {
            let here = |row: &Row| row.iter().filter(|owner| **owner == Some(id)).count() as u32;
            rows.iter().map(here).max().unwrap_or(0)
        })
        .collect();
    let mut shown = vec![false; labels.len()];
    let mut above: Row = [None; 32];
    for row in &rows {
        lines.push(border(&above, row));
        lines.push(boxes(row, &labels, &widest, &mut shown));
        above = *row;
    }
    lines.push(border(&above, &[None; 32]));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// The two lines that number the bits.
fn ruler() -> Vec<String> {
    let mut lines = vec![String::from(" "), String::from(" ")];
    for bit in 0..32_u32 {
        let tens = if bit % 10 == 0 {
            format!("{} ", bit / 10)
        } else {
            "  ".into()
        };
        for (line, text) in lines.iter_mut().zip([tens, format!("{} ", bit % 10)]) {
            line.push_str(&text);
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// Gives every bit to a label; a field whose width varies has a row of its own.
fn grid(cells: Vec<Cell>) -> (Vec<String>, Vec<Row>) {
    let (mut labels, mut rows) = (Vec::new(), Vec::<Row>::new());
    let mut column = 0;
    for Cell { label, bits } in cells {
        let id = labels.len();
        let Some(mut bits) = bits else {
            labels.push(label);
            rows.push([Some(id); 32]);
            column = 0;
            continue;
        };
        // A long run of octets takes one row and says how long it is.
        let long = column == 0 && bits / 32 > 4;
        labels.push(if long {
            format!("{label} ({} octets)", bits / 8)
        } else {
            label
        });
        if long {
            rows.push([Some(id); 32]);
            bits %= 32;
        }
        for _ in 0..bits {
            if column == 0 {
                rows.push([None; 32]);
            }
            if let Some(bit) = rows.last_mut().and_then(|row| row.get_mut(column)) {
                *bit = Some(id);
            }
            column = (column + 1) % 32;
        }
    }
    (labels, rows)
}

/// A border where the label above a bit is not the label below it.
fn border(above: &Row, below: &Row) -> String {
    let mut line = String::new();
    let mut before = false;
    for (a, b) in above.iter().zip(below) {
        let inside = a.is_some() || b.is_some();
        let edge = a != b;
        let start = line.is_empty() && inside;
        line.push(if edge || before || start { '+' } else { ' ' });
        line.push(if edge { '-' } else { ' ' });
        before = edge;
    }
    let full = above.last() == below.last() && above.last().is_some_and(Option::is_some);
    line.push(if before || full { '+' } else { ' ' });
    line.truncate(line.trim_end().len());
    line
}

/// The boxes of a row; a label stands in its widest cell.
fn boxes(row: &Row, labels: &[String], widest: &[u32], shown: &mut [bool]) -> String {
    let mut line = String::from("|");
    let mut rest = row.as_slice();
    while let Some(Some(id)) = rest.first() {
        let bits = rest.iter().take_while(|owner| **owner == Some(*id)).count();
        let fits = widest.get(*id).is_some_and(|most| *most as usize == bits);
        let label = match (labels.get(*id), shown.get_mut(*id)) {
            (Some(label), Some(shown)) if fits && !*shown => {
                *shown = true;
                label
            }
            _ => "",
        };
        line.push_str(&centered(label, bits * 2 - 1));
        line.push('|');
        rest = rest.get(bits..).unwrap_or_default();
    }
    line
}

/// A name in the middle of a cell, shortened if the cell is narrow.
fn centered(name: &str, width: usize) -> String {
    let len = name.chars().count();
    let name = if len <= width {
        name.to_string()
    } else {
        name.chars().filter(|c| *c != '_').take(width).collect()
    };
    format!("{name:^width$}")
}
