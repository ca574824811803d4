//! What instructions look like: in a pattern, `n m d a t e` are fields that name a register, `b`
//! one that points to memory, `o` one that is a small offset, `x` bits that may be anything, and
//! the rest is as it stands. Fields do not name the same register where the manual forbids it.

use litz_emulator::Model;
use litz_hal::prng::Prng;

use crate::program::Case;

#[rustfmt::skip]
/// Patterns for every processor.
const BASE: &[&str] = &[
    // Shift, add, subtract, move, compare of 16 bits.
    "00000xxxxxmmmddd", "00001xxxxxmmmddd", "00010xxxxxmmmddd", "0001100mmmnnnddd",
    "0001101mmmnnnddd", "0001110xxxnnnddd", "0001111xxxnnnddd", "00100dddxxxxxxxx",
    "00101dddxxxxxxxx", "00110dddxxxxxxxx", "00111dddxxxxxxxx",
    // Data processing of 16 bits, two times each so that IT is met as well.
    "010000xxxxmmmddd", "010000xxxxmmmddd", "010000xxxxmmmddd", "0100000101mmmddd",
    "0100000110mmmddd", "0100000010mmmddd", "0100000011mmmddd", "0100000100mmmddd",
    "0100000111mmmddd",
    // High registers.
    "01000100dmmmmddd", "01000101nmmmmnnn", "01000110dmmmmddd",
    // Loads and stores of 16 bits.
    "0101xxxooobbbttt", "011000000xbbbttt", "011010000xbbbttt", "011100xxxxbbbttt",
    "011110xxxxbbbttt", "100000xxxxbbbttt", "100010xxxxbbbttt",
    // Extension, reversal, IT with a following move.
    "10110010xxmmmddd", "1011101000mmmddd", "1011101001mmmddd", "1011101011mmmddd",
    "1011000000000000", "1011111100000000",
    // Multiple registers of 16 bits.
    "11000bbbllllllll", "11001bbbllllllll",
    // Modified immediates: every operation, with and without flags.
    "11110x0000xsnnnn0xxxddddxxxxxxxx", "11110x00010snnnn0xxxddddxxxxxxxx",
    "11110x00011snnnn0xxxddddxxxxxxxx", "11110x00100snnnn0xxxddddxxxxxxxx",
    "11110x01000snnnn0xxxddddxxxxxxxx", "11110x01010snnnn0xxxddddxxxxxxxx",
    "11110x01011snnnn0xxxddddxxxxxxxx", "11110x01101snnnn0xxxddddxxxxxxxx",
    "11110x01110snnnn0xxxddddxxxxxxxx", "11110x00010s11110xxxddddxxxxxxxx",
    "11110x00011s11110xxxddddxxxxxxxx", "11110x000001nnnn0xxx1111xxxxxxxx",
    "11110x001001nnnn0xxx1111xxxxxxxx", "11110x010001nnnn0xxx1111xxxxxxxx",
    "11110x011011nnnn0xxx1111xxxxxxxx",
    // Plain immediates and bit fields.
    "11110x100000nnnn0xxxddddxxxxxxxx", "11110x101010nnnn0xxxddddxxxxxxxx",
    "11110x100100xxxx0xxxddddxxxxxxxx", "11110x101100xxxx0xxxddddxxxxxxxx",
    "111100110100nnnn0000dddd000xxxxx", "111100110100nnnn00xxddddxx00xxxx",
    "111100111100nnnn0000dddd000xxxxx", "111100111100nnnn00xxddddxx00xxxx",
    "111100110110nnnn00xxddddxx01xxxx", "111100110110111100xxddddxx01xxxx",
    "111100110000nnnn0xxxddddxx0xxxxx", "111100110010nnnn0xxxdddd010xxxxx",
    "111100111000nnnn0xxxddddxx0xxxxx", "111100111010nnnn0xxxdddd010xxxxx",
    // Shifted registers.
    "11101010000snnnn0xxxddddxxxxmmmm", "11101010001snnnn0xxxddddxxxxmmmm",
    "11101010010snnnn0xxxddddxxxxmmmm", "11101010011snnnn0xxxddddxxxxmmmm",
    "11101010100snnnn0xxxddddxxxxmmmm", "11101011000snnnn0xxxddddxxxxmmmm",
    "11101011010snnnn0xxxddddxxxxmmmm", "11101011011snnnn0xxxddddxxxxmmmm",
    "11101011101snnnn0xxxddddxxxxmmmm", "11101011110snnnn0xxxddddxxxxmmmm",
    "11101010010s11110xxxddddxxxxmmmm", "11101010011s11110xxxddddxxxxmmmm",
    "111010100001nnnn0xxx1111xxxxmmmm", "111010101001nnnn0xxx1111xxxxmmmm",
    "111010110001nnnn0xxx1111xxxxmmmm", "111010111011nnnn0xxx1111xxxxmmmm",
    // Registers: shifts, extensions, reversal, leading zeros.
    "11111010000snnnn1111dddd0000mmmm", "11111010001snnnn1111dddd0000mmmm",
    "11111010010snnnn1111dddd0000mmmm", "11111010011snnnn1111dddd0000mmmm",
    "11111010000011111111dddd10xxmmmm", "11111010000111111111dddd10xxmmmm",
    "11111010010011111111dddd10xxmmmm", "11111010010111111111dddd10xxmmmm",
    "111110101001mmmm1111dddd10xxmmmm", "111110101011mmmm1111dddd1000mmmm",
    // Multiplication and division.
    "111110110000nnnnaaaadddd0000mmmm", "111110110000nnnn1111dddd0000mmmm",
    "111110110000nnnnaaaadddd0001mmmm", "111110111000nnnnddddeeee0000mmmm",
    "111110111010nnnnddddeeee0000mmmm", "111110111100nnnnddddeeee0000mmmm",
    "111110111110nnnnddddeeee0000mmmm", "111110111001nnnn1111dddd1111mmmm",
    "111110111011nnnn1111dddd1111mmmm",
    // Single registers of memory: twelve bits, eight bits in every direction, register.
    "111110001000bbbbtttt0000000xxxxx", "111110001001bbbbtttt0000000xxxxx",
    "111110001010bbbbtttt0000000xxxxx", "111110001011bbbbtttt0000000xxxxx",
    "111110001100bbbbtttt0000000xxxxx", "111110001101bbbbtttt0000000xxxxx",
    "111110011001bbbbtttt0000000xxxxx", "111110011011bbbbtttt0000000xxxxx",
    "111110000000bbbbtttt1x01001xxxxx", "111110000001bbbbtttt11x1001xxxxx",
    "111110000010bbbbtttt1x01001xxxxx", "111110000011bbbbtttt1x01001xxxxx",
    "111110000100bbbbtttt1x11001xxxxx", "111110000101bbbbtttt1x11001xxxxx",
    "111110000100bbbbtttt1100001xxxxx", "111110000101bbbbtttt1100001xxxxx",
    "111110010001bbbbtttt1x11001xxxxx", "111110010011bbbbtttt1100001xxxxx",
    "111110000000bbbbtttt00000000oooo", "111110000001bbbbtttt0000000xoooo",
    "111110000011bbbbtttt0000000xoooo", "111110000101bbbbtttt0000000xoooo",
    "111110000100bbbbtttt0000000xoooo", "111110010001bbbbtttt0000000xoooo",
    "111110010011bbbbtttt0000000xoooo",
    // Pairs, and lists.
    "11101001x1x0bbbbttttuuuu0000xxxx", "11101001x1x1bbbbttttuuuu0000xxxx",
    "11101000x110bbbbttttuuuu0000xxxx", "11101000x111bbbbttttuuuu0000xxxx",
    "111010001000bbbb000lllllllllllll", "111010001001bbbb000lllllllllllll",
    "111010001010bbbb000lllllllllllll", "111010001011bbbb000lllllllllllll",
    "111010010000bbbb000lllllllllllll", "111010010001bbbb000lllllllllllll",
    "111010010010bbbb000lllllllllllll", "111010010011bbbb000lllllllllllll",
    // Branches, taken or not, over an addition.
    "1101cccc00000000 0011000000000001", "1011x00100000nnn 0011000000000001",
    "111100cccc0000001000000000000001 0011000000000001", "1110000000000000 0011000000000001",
    "11110000000000001011100000000001 0011000000000001",
    "11110000000000001111100000000001 0011000000000001",
];

/// Patterns of the DSP extension and of the floating-point registers.
#[rustfmt::skip]
const EXTENDED: &[&str] = &[
    "11111010000xnnnn1111dddd10xxmmmm", "11111010001xnnnn1111dddd10xxmmmm",
    "11111010010xnnnn1111dddd10xxmmmm", "11111010001x11111111dddd10xxmmmm",
    // Parallel addition and subtraction.
    "111110101000nnnn1111dddd0x00mmmm", "111110101001nnnn1111dddd0x00mmmm",
    "111110101010nnnn1111dddd0x00mmmm", "111110101100nnnn1111dddd0x00mmmm",
    "111110101101nnnn1111dddd0x00mmmm", "111110101110nnnn1111dddd0x00mmmm",
    "111110101000nnnn1111dddd0x01mmmm", "111110101001nnnn1111dddd0x01mmmm",
    "111110101010nnnn1111dddd0x01mmmm", "111110101100nnnn1111dddd0x01mmmm",
    "111110101101nnnn1111dddd0x01mmmm", "111110101110nnnn1111dddd0x01mmmm",
    "111110101000nnnn1111dddd0x10mmmm", "111110101001nnnn1111dddd0x10mmmm",
    "111110101010nnnn1111dddd0x10mmmm", "111110101100nnnn1111dddd0x10mmmm",
    "111110101101nnnn1111dddd0x10mmmm", "111110101110nnnn1111dddd0x10mmmm",
    // Saturating addition, selection.
    "111110101000nnnn1111dddd10xxmmmm", "111110101010nnnn1111dddd1000mmmm",
    "111100110010nnnn0000dddd0000xxxx", "111100111010nnnn0000dddd0000xxxx",
    // Products.
    "111110110001nnnnaaaadddd00xxmmmm", "111110110001nnnn1111dddd00xxmmmm",
    "111110110010nnnnaaaadddd000xmmmm", "111110110010nnnn1111dddd000xmmmm",
    "111110110011nnnnaaaadddd000xmmmm", "111110110011nnnn1111dddd000xmmmm",
    "111110110100nnnnaaaadddd000xmmmm", "111110110100nnnn1111dddd000xmmmm",
    "111110110101nnnnaaaadddd000xmmmm", "111110110101nnnn1111dddd000xmmmm",
    "111110110110nnnnaaaadddd000xmmmm", "111110110111nnnnaaaadddd0000mmmm",
    "111110110111nnnn1111dddd0000mmmm", "111110111100nnnnddddeeee10xxmmmm",
    "111110111100nnnnddddeeee110xmmmm", "111110111101nnnnddddeeee110xmmmm",
    "111110111110nnnnddddeeee0110mmmm",
    // Packing.
    "111010101100nnnn0xxxddddxxx0mmmm",
    // Floating-point registers: S3 there and back, by memory, S2 from S0, pairs, lists.
    "1110111000000001nnnn101010010000 1110111000010001dddd101010010000",
    "1110111000000001nnnn101010010000 111011011100bbbb000110100000xxxx",
    "111011011101bbbb000110100000xxxx 1110111000010001dddd101010010000",
    "111011011001bbbb000110110000xxxx 111011000101uuuutttt101100010001",
    "111011000100uuuutttt101100010000 11101110101100000001101001000000 \
     111011011000bbbb000110110000xxxx",
    "111011001011bbbb0000101100001000 111011001010bbbb0000101100001000",
];

/// `draws` cases of each pattern, from `seed`.
pub(crate) fn draw(model: Model, draws: usize, seed: u64) -> Vec<Case> {
    let extended = match model {
        Model::CortexM3 => [].as_slice(),
        Model::CortexM4 => EXTENDED,
    };
    let mut prng = Prng::new(seed);
    let mut cases = Vec::new();
    for pattern in BASE.iter().chain(extended) {
        for _ in 0..draws {
            cases.push(case(pattern, &mut prng));
        }
    }
    cases
}

/// Letters that stand for bits rather than registers.
const BITS: &str = "01xsl ";

fn case(pattern: &'static str, prng: &mut Prng) -> Case {
    let mut registers = [(); 13].map(|()| word(prng));
    let fields = fields(pattern, prng);
    let of = |letter: char| fields.iter().find(|field| field.0 == letter).map(|f| f.1);
    let base = of('b').map(usize::from);
    if let Some(offset) = of('o') {
        registers[usize::from(offset)] = prng.below(16) as u32;
    }
    let mut code = Vec::new();
    let short = pattern.len() == 16;
    let moves_only = base.is_none() && !pattern.starts_with("1011");
    if short && moves_only && prng.below(3) == 0 {
        // IT with any condition.
        code.push(0xBF08 | (prng.below(14) as u16) << 4);
    }
    for part in pattern.split(' ') {
        code.extend(halfwords(part, &fields, prng));
    }
    let flags = (prng.next_u64() as u32) & 0xF80F_0000;
    let flags = if pattern.starts_with("11") {
        flags
    } else {
        flags & 0xF800_0000
    };
    Case {
        pattern,
        code,
        registers,
        base,
        flags,
    }
}

/// A register's value: often one at a border.
fn word(prng: &mut Prng) -> u32 {
    let any = prng.next_u64() as u32;
    match prng.below(8) {
        0 => 0,
        1 => 1,
        2 => u32::MAX,
        3 => 0x8000_0000,
        4 => 0x7FFF_FFFF,
        5 => any & 0xFF,
        6 => any & 0x8000_FFFF,
        _ => any,
    }
}

/// A register for each letter; where memory or a second result is written, no two are the same.
fn fields(pattern: &str, prng: &mut Prng) -> Vec<(char, u16)> {
    let distinct = pattern.contains(['b', 'e']);
    let mut fields: Vec<(char, u16)> = Vec::new();
    for letter in pattern.chars().filter(|letter| !BITS.contains(*letter)) {
        if fields.iter().any(|field| field.0 == letter) {
            continue;
        }
        let narrow = pattern.matches(letter).count() == 3;
        let register = loop {
            let register = prng.below(if narrow { 8 } else { 13 }) as u16;
            if !distinct || fields.iter().all(|field| field.1 != register) {
                break register;
            }
        };
        fields.push((letter, register));
    }
    fields
}

fn halfwords(part: &str, fields: &[(char, u16)], prng: &mut Prng) -> Vec<u16> {
    let mut word = 0_u32;
    let mut seen: Vec<char> = Vec::new();
    let base = fields.iter().find(|field| field.0 == 'b');
    for (at, letter) in part.chars().enumerate() {
        let place = part.len() - 1 - at;
        let bit = match letter {
            '0' => 0,
            '1' => 1,
            'x' | 's' => prng.below(2) as u32,
            'l' => {
                let excluded = base.is_some_and(|(_, base)| usize::from(*base) == place);
                u32::from(!excluded && prng.below(2) == 1)
            }
            letter => {
                let register = fields.iter().find(|field| field.0 == letter);
                let register = register.expect("every letter has its field").1;
                let width = part.matches(letter).count().min(4);
                let index = seen.iter().filter(|other| **other == letter).count() % width;
                seen.push(letter);
                u32::from(register) >> (width - 1 - index) & 1
            }
        };
        word = word << 1 | bit;
    }
    if part.contains('l') {
        // Two registers at least; two of R0 to R7 are never the base.
        let base = base.map_or(0, |field| field.1);
        word |= 1 << ((base + 1) % 8) | 1 << ((base + 2) % 8);
    }
    match part.len() {
        16 => vec![word as u16],
        _ => vec![(word >> 16) as u16, word as u16],
    }
}
