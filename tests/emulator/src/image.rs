//! Programs as the linker leaves them: the segments of an ELF file that are to be loaded, and its
//! symbols.

use object::elf::PT_LOAD;
use object::read::elf::{ElfFile32, ProgramHeader};
use object::{Endianness, Object, ObjectSymbol};

use crate::Memory;

/// Why a program cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageError {
    /// It is no 32-bit ELF file.
    NotElf(String),
    /// The segment at this address has no memory.
    NoMemory(u32),
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    segments: Vec<(u32, Vec<u8>)>,
    symbols: Vec<(String, u32)>,
}

impl Image {
    /// Reads an ELF file.
    ///
    /// # Errors
    /// [`ImageError::NotElf`].
    pub fn parse(octets: &[u8]) -> Result<Self, ImageError> {
        let wrong = |error: object::Error| ImageError::NotElf(error.to_string());
        let file = ElfFile32::<Endianness>::parse(octets).map_err(wrong)?;
        let endian = file.endian();
        let mut segments = Vec::new();
        for header in file.elf_program_headers() {
            if header.p_type(endian) != PT_LOAD || header.p_filesz(endian) == 0 {
                continue;
            }
            let octets = header
                .data(endian, octets)
                .map_err(|()| ImageError::NotElf("a segment outside of the file".into()))?;
            segments.push((header.p_paddr(endian), octets.to_vec()));
        }
        let symbols = file.symbols().filter_map(|symbol| {
            let address = u32::try_from(symbol.address()).ok()?;
            Some((symbol.name().ok()?.to_owned(), address))
        });
        let symbols = symbols.collect();
        Ok(Self { segments, symbols })
    }

    /// The address of a symbol.
    #[must_use]
    pub fn symbol(&self, name: &str) -> Option<u32> {
        let found = self.symbols.iter().find(|(symbol, _)| symbol == name);
        found.map(|(_, address)| *address)
    }

    /// The functions of `core` that panic and are left in the program: the linker leaves out what
    /// nothing reaches.
    pub fn panics(&self) -> impl Iterator<Item = &str> {
        let names = self.symbols.iter().map(|(name, _)| name.as_str());
        let kinds = ["panicking", "panic_", "_fail"];
        names.filter(move |name| {
            name.contains("4core") && kinds.iter().any(|kind| name.contains(kind))
        })
    }

    /// The address that the program begins at in flash, where its vectors are.
    #[must_use]
    pub fn start(&self) -> Option<u32> {
        self.segments.iter().map(|(address, _)| *address).min()
    }

    /// Octets that it takes of flash.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a program without octets is none"
    )]
    pub fn len(&self) -> usize {
        self.segments.iter().map(|(_, octets)| octets.len()).sum()
    }

    /// Writes every segment to where it is loaded.
    ///
    /// # Errors
    /// [`ImageError::NoMemory`].
    pub fn load(&self, memory: &mut Memory) -> Result<(), ImageError> {
        for (address, octets) in &self.segments {
            memory
                .load(*address, octets)
                .ok_or(ImageError::NoMemory(*address))?;
        }
        Ok(())
    }
}
