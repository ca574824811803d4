//! The compiler as a function from tokens to tokens.

mod declared;
mod recorded;
mod rules;
mod snapshots;
mod words;

use super::{check, diag::Diag, emit};
use quote::quote;

/// A header of thirteen fields, as TCP's.
fn thirteen(args: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let item = quote! {
        /// A header.
        pub struct Sample<'a> {
            pub src_port: u16,
            pub dst_port: u16,
            pub seq: As<u32, SeqNumber>,
            pub ack_number: As<u32, SeqNumber>,
            #[len(header = self * 4)]
            data_offset: u4,
            _reserved: u3,
            pub flags: As<u9, TcpFlags>,
            pub window: u16,
            #[checksum(rfc1071, packet, pseudo = 6)]
            checksum: u16,
            pub urgent: u16,
            pub options: Options<'a, TcpOption<'a>>,
            #[payload]
            pub payload: &'a [u8],
        }
    };
    let mut diag = Diag::default();
    let item = syn::parse2(item).expect("an item");
    let model = check::header::header(args, item, &mut diag).expect("a model");
    assert!(diag.is_clean());
    emit::header::header(&model)
}

#[test]
fn another_path_of_the_runtime_is_used_everywhere() {
    assert!(
        thirteen(quote!(be))
            .to_string()
            .contains(":: litz_wire :: rt")
    );
    let renamed = thirteen(quote!(be, crate = other::wire)).to_string();
    assert!(!renamed.contains("litz_wire"), "{renamed}");
    assert!(renamed.contains("other :: wire :: rt"));
}
