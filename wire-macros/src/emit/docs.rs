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
    for line in diagram(header) {
        text.push_str(&line);
        text.push('\n');
    }
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
    quote!(const _: () = { #(#pins)* };)
}

fn row(member: &Member) -> String {
    let place = if member.is_fixed() {
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
        Role::Value | Role::Hdr(_) => "value".into(),
        Role::Reserved => "reserved: written as zero, ignored".into(),
        Role::Eq(_) => "constant, checked".into(),
        Role::Skip(_) => "written as a constant, not in the Repr".into(),
        Role::Len(targets) => {
            let names: Vec<_> = targets.iter().map(|t| format!("`{}`", t.name)).collect();
            format!("length of {}", names.join(" and "))
        }
        Role::Checksum(spec) if spec.packet => "checksum over the packet".into(),
        Role::Checksum(_) => "checksum over the header".into(),
        Role::Payload => "payload".into(),
    };
    format!("| {place} | `{}` | {role} |\n", member.name)
}

/// The diagram: 32 bits a row, two columns a bit.
pub(crate) fn diagram(header: &Header) -> Vec<String> {
    let mut cells: Vec<(String, u32)> = Vec::new();
    for member in header.layout.fixed() {
        cells.push((member.name.to_string(), member.position().1));
    }
    let mut tens = String::from(" ");
    let mut ones = String::from(" ");
    for bit in 0..32_u32 {
        tens.push_str(&if bit % 10 == 0 {
            format!("{} ", bit / 10)
        } else {
            "  ".into()
        });
        ones.push_str(&format!("{} ", bit % 10));
    }
    let mut lines = vec![tens.trim_end().to_string(), ones.trim_end().to_string()];
    let total: u32 = cells.iter().map(|(_, bits)| bits).sum();
    lines.push(border(total.min(32)));
    let mut row = String::from("|");
    let mut column = 0;
    for (name, bits) in cells {
        let mut left = bits;
        let mut first = true;
        while left > 0 {
            let here = left.min(32 - column);
            let whole_rows = left / 32;
            let label = if first { name.as_str() } else { "" };
            row.push_str(&cell(label, here));
            first = false;
            column += here;
            left -= here;
            if column == 32 {
                // Long runs of octets take one row and say how many rows they are.
                if here == 32 && whole_rows > 4 {
                    row = format!(
                        "|{}|",
                        centered(&format!("{name} ({} octets)", bits / 8), 63)
                    );
                    left %= 32;
                }
                lines.push(std::mem::replace(&mut row, String::from("|")));
                lines.push(if left >= 32 { inner() } else { border(32) });
                column = 0;
            }
        }
    }
    if column > 0 {
        lines.push(row);
        lines.push(border(column));
    }
    for member in header.layout.vars().chain(header.layout.payload()) {
        lines.push(format!("|{}|", centered(&format!("{} …", member.name), 63)));
        lines.push(border(32));
    }
    lines
}

fn border(bits: u32) -> String {
    format!("{}+", "+-".repeat(bits as usize))
}

fn inner() -> String {
    format!("+{}+", " ".repeat(63))
}

fn cell(name: &str, bits: u32) -> String {
    let width = bits as usize * 2 - 1;
    format!("{}|", centered(name, width))
}

/// A name in the middle of a cell, shortened to its initials if the cell is narrow.
fn centered(name: &str, width: usize) -> String {
    let len = name.chars().count();
    let name = if len <= width {
        name.to_string()
    } else {
        name.chars().filter(|c| *c != '_').take(width).collect()
    };
    format!("{name:^width$}")
}
