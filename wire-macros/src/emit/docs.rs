//! Documentation: the box diagram as RFCs draw it, and the table of fields.

use crate::check::header::Header;
use crate::model::{Member, Role};
use crate::parse::ty::TyKind;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// The documentation of the packet type.
pub(crate) fn packet(header: &Header) -> TokenStream {
    let name = &header.name;
    let title = match &header.rfc {
        Some(rfc) if rfc.starts_with(char::is_numeric) => {
            format!("Zero-copy view of [`{name}`] (RFC {rfc}).")
        }
        Some(rfc) => format!("Zero-copy view of [`{name}`] ({rfc})."),
        None => format!("Zero-copy view of [`{name}`]."),
    };
    let mut text = format!("{title}\n\n```text\n");
    text.push_str(&diagram(header));
    text.push_str("```\n\n| bits | field | meaning |\n|---|---|---|\n");
    for member in &header.layout.members {
        text.push_str(&row(member));
    }
    quote!(#[doc = #text])
}

/// Compile-time pins of types whose width the macro takes on trust.
pub(crate) fn pins(header: &Header) -> TokenStream {
    let rt = &header.rt;
    let pins = header.layout.members.iter().filter_map(|member| {
        let bits = member.ty.bits()?;
        let (ty, raw) = match &member.ty.kind {
            TyKind::AsInt(bits, ty) => (ty, crate::model::storage(*bits)),
            TyKind::AsBytes(n, ty) => (ty, quote!([u8; #n])),
            _ => return None,
        };
        let message = format!(
            "`As` gives `{}` {bits} bits, its type has another width",
            member.name
        );
        Some(quote_spanned!(ty.span()=>
            ::core::assert!(<#ty as #rt::WireInt<#raw>>::BITS == #bits, #message);))
    });
    let tags = header.layout.members.iter().filter_map(|member| {
        let TyKind::Form(ty) = &member.ty.kind else {
            return None;
        };
        let tag = header.layout.named(member.tag.as_ref()?)?;
        let bits = tag.ty.bits()?;
        let message = format!(
            "the tag `{}` has {bits} bits, its forms have another",
            tag.name
        );
        Some(quote_spanned!(tag.ty.span=>
            ::core::assert!(<#ty as #rt::Form>::TAG_BITS == #bits, #message);))
    });
    quote!(const _: () = { #(#pins)* #(#tags)* };)
}

fn row(member: &Member) -> String {
    let place = if member.is_in(0) {
        let (bit, bits) = member.position();
        match bits {
            1 => format!("{bit}"),
            _ => format!("{bit}..{}", bit + bits),
        }
    } else {
        "…".into()
    };
    let role = match &member.role {
        Role::Value | Role::Hdr(_) if member.scale > 1 => format!("value × {}", member.scale),
        Role::Value if member.when.is_some() => "value, if it is there".into(),
        Role::Value | Role::Hdr(_) => "value".into(),
        Role::Reserved => "reserved: written as zero, ignored".into(),
        Role::Eq(_) => "constant, checked".into(),
        Role::Skip(_) => "written as a constant, not in the Repr".into(),
        Role::Len(targets) => {
            let names: Vec<_> = targets.iter().map(|t| format!("`{}`", t.name)).collect();
            format!("length of {}", names.join(" and "))
        }
        Role::Count(target) => format!("number of `{}`", target.name),
        Role::From(_) => "follows from the values".into(),
        Role::TagOf(form) => format!("form of `{form}`"),
        Role::Trailer(_) => "after the payload".into(),
        Role::Checksum(spec) if spec.packet => "checksum over the packet".into(),
        Role::Checksum(_) => "checksum over the header".into(),
        Role::Payload => "payload".into(),
    };
    format!("| {place} | `{}` | {role} |\n", member.name)
}

/// The diagram: 32 bits a row, two columns a bit.
pub(crate) fn diagram(header: &Header) -> String {
    let mut text = lines(header).join("\n");
    text.push('\n');
    text
}

/// A row of the diagram: which label each bit belongs to.
type Row = [Option<usize>; 32];

fn lines(header: &Header) -> Vec<String> {
    let (labels, rows) = grid(header);
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
        lines.push(cells(row, &labels, &widest, &mut shown));
        above = *row;
    }
    lines.push(border(&above, &[None; 32]));
    lines
}

/// Gives every bit to a label: the fixed fields, then a row for each of the others.
fn grid(header: &Header) -> (Vec<String>, Vec<Row>) {
    let (mut labels, mut rows) = (Vec::new(), Vec::<Row>::new());
    let mut column = 0;
    for member in header.layout.fixed() {
        let id = labels.len();
        let (name, mut bits) = (member.text(), member.position().1);
        // A long run of octets takes one row and says how long it is.
        let long = column == 0 && bits / 32 > 4;
        labels.push(if long {
            format!("{name} ({} octets)", bits / 8)
        } else {
            name
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
    for member in header.layout.vars().chain(header.layout.payload()) {
        rows.push([Some(labels.len()); 32]);
        labels.push(format!("{} …", member.name));
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

/// The cells of a row; a label stands in its widest cell.
fn cells(row: &Row, labels: &[String], widest: &[u32], shown: &mut [bool]) -> String {
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
