//! Writes a Wireshark dissector in Lua for a header that litz-wire declares:
//! `cargo run -p litz-tests --bin dissector -- Udp > udp.lua`.

use std::process::ExitCode;

use litz_tests::dissector::Layout;

macro_rules! list {
    ($($kind:ident $name:ident;)*) => {
        /// The layouts of all headers.
        const LAYOUTS: &[Option<Layout>] = &[$(list!(@$kind $name)),*];
    };
    (@header $name:ident) => { Some(Layout::of::<litz_wire::$name>()) };
    (@$kind:ident $name:ident) => { None };
}

litz_wire::for_each_item!(list);

fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    let layouts = || LAYOUTS.iter().flatten();
    match layouts().find(|layout| layout.name == name) {
        Some(layout) => {
            print!("{}", layout.lua());
            ExitCode::SUCCESS
        }
        None => {
            let names: Vec<&str> = layouts().map(|layout| layout.name).collect();
            eprintln!("usage: dissector NAME, one of: {}", names.join(" "));
            ExitCode::from(2)
        }
    }
}
