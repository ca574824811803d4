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
