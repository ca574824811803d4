//! What the boot loader in the ROM looks for at the end of flash: 44 octets, or it keeps the chip.

/// Where the vectors are that the chip starts with.
const VECTORS: u32 = 0x0020_0000;
/// The loader also starts when pin A3 is low at reset (the button of a RE-Mote): bit 28 allows it,
/// bit 27 is the level, bits 24 to 26 are the number of the pin.
const BOOT_LOADER: u32 = 0xF3FF_FFFF;
/// The image is valid.
const VALID: u32 = 0;
/// No page is locked.
const UNLOCKED: u32 = u32::MAX;

#[used]
// SAFETY: the section is the one that `memory.x` puts to the end of flash; nothing else is in it.
#[unsafe(link_section = ".flash_cca")]
static CONFIGURATION: [u32; 11] = [
    BOOT_LOADER,
    VALID,
    VECTORS,
    UNLOCKED,
    UNLOCKED,
    UNLOCKED,
    UNLOCKED,
    UNLOCKED,
    UNLOCKED,
    UNLOCKED,
    UNLOCKED,
];
