//! Who the chip is (its information page), random octets (from the noise of the receiver), and its
//! temperature (from the converter of analog values).

use litz_wire::Eui64;

use super::registers::{adc, info, sfr, system, xreg};
use super::{reaches, set_gates};
use crate::mmio::Bus;

/// The extended address that the factory gave the chip: two words, the one with the manufacturer's
/// part first.
pub fn extended_address(bus: &mut impl Bus) -> Eui64 {
    let [a, b, c, d] = bus.read(info::EUI64_HIGH).to_be_bytes();
    let [e, f, g, h] = bus.read(info::EUI64_LOW).to_be_bytes();
    Eui64([a, b, c, d, e, f, g, h])
}

/// Fills `octets` with the lowest bits of what the receiver converts from noise; false if the radio
/// does not come on. To be called before a driver has the radio, which is off afterwards.
pub fn random(bus: &mut impl Bus, octets: &mut [u8]) -> bool {
    if !set_gates(bus, system::RCGCRFC, 1, true) {
        return false;
    }
    // The receiver stays on whatever it hears.
    bus.write(xreg::FRMCTRL0, xreg::RX_FOREVER);
    bus.write(sfr::RFST, sfr::ISRXON);
    let on = reaches(bus, xreg::RSSISTAT, 1, 1);
    for octet in octets.iter_mut().filter(|_| on) {
        // Neighboring samples are alike; every bit is mixed of several (von Neumann: of two that
        // differ the first counts).
        *octet = (0..8).fold(0, |octet, _| octet << 1 | unbiased(bus));
    }
    bus.write(sfr::RFST, sfr::ISRFOFF);
    on
}

/// A bit that is as likely one as zero, if samples do not depend on each other.
fn unbiased(bus: &mut impl Bus) -> u8 {
    const PAIRS: u32 = 64;
    for _ in 0..PAIRS {
        let first = bus.read(xreg::RFRND) & 1;
        let second = bus.read(xreg::RFRND) & 1;
        if first != second {
            return first as u8;
        }
    }
    0
}

/// The temperature of the chip in quarters of a degree Celsius; `None` if the conversion does not
/// end. Without calibration it is some degrees off.
pub fn quarter_degrees(bus: &mut impl Bus) -> Option<i32> {
    bus.write(adc::ADCCON3, adc::INTERNAL_512_TEMPERATURE);
    let done = adc::END_OF_CONVERSION;
    reaches(bus, adc::ADCCON1, done, done).then_some(())?;
    let (low, high) = (bus.read(adc::ADCL) & 0xFC, bus.read(adc::ADCH) & 0xFF);
    let value = ((high << 8 | low) >> 4).cast_signed();
    // 1422 at 25 °C, 4.2 more for each degree.
    let above = value
        .saturating_sub(1422)
        .saturating_mul(40)
        .checked_div(42)?;
    Some(above.saturating_add(100))
}
