//! The thermometer of the chip (nRF52840 product specification, TEMP chapter): 36 µs for a
//! measurement, in quarters of a degree.

use super::PATIENCE;
use super::registers::temp;
use crate::mmio::Bus;

/// The temperature of the chip in quarters of a degree Celsius; `None` if it does not come.
pub fn quarter_degrees(bus: &mut impl Bus) -> Option<i32> {
    bus.write(temp::DATARDY, 0);
    bus.write(temp::START, 1);
    let ready = (0..PATIENCE).any(|_| bus.read(temp::DATARDY) != 0);
    let reading = bus.read(temp::TEMP).cast_signed();
    bus.write(temp::STOP, 1);
    ready.then_some(reading)
}

/// What the chip measures of a signal too much, in dB, at a temperature in quarters of a degree
/// Celsius (erratum 153).
pub(super) const fn excess(quarter_degrees: i32) -> i8 {
    const DEGREE: i32 = 4;
    if quarter_degrees <= -30 * DEGREE {
        3
    } else if quarter_degrees <= -10 * DEGREE {
        2
    } else if quarter_degrees <= 10 * DEGREE {
        1
    } else if quarter_degrees <= 30 * DEGREE {
        0
    } else if quarter_degrees <= 50 * DEGREE {
        -1
    } else if quarter_degrees <= 70 * DEGREE {
        -2
    } else {
        -3
    }
}
