//! Prints what an image takes: octets of flash (code, constants, initial values) and of static RAM.

use std::process::ExitCode;

use object::{Object, ObjectSection, SectionFlags, SectionKind};

/// Sections that are loaded.
const ALLOC: u64 = object::elf::SHF_ALLOC.0 as u64;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("image_size IMAGE");
        return ExitCode::from(2);
    };
    match measure(&path) {
        Ok((flash, ram)) => {
            println!("{flash} {ram}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{path}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(path: &str) -> Result<(u64, u64), Box<dyn std::error::Error>> {
    let octets = std::fs::read(path)?;
    let file = object::File::parse(octets.as_slice())?;
    let (mut flash, mut ram) = (0, 0);
    for section in file.sections() {
        let SectionFlags::Elf { sh_flags } = section.flags() else {
            continue;
        };
        if u64::from(sh_flags) & ALLOC == 0 {
            continue;
        }
        match section.kind() {
            SectionKind::UninitializedData => ram += section.size(),
            SectionKind::Data => {
                flash += section.size();
                ram += section.size();
            }
            _ => flash += section.size(),
        }
    }
    Ok((flash, ram))
}
