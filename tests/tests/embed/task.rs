//! A host as a task of embassy, as the README shows it.

use embassy_futures::select::select;
use embassy_futures::yield_now;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::Timer;
use litz::phy::Device;
use litz::time::Instant;
use litz::{Interface, SocketSet};

// README: task
/// The interrupt of the device does `INTERRUPT.signal(())`, and so does who has used a socket.
pub(crate) type Interrupt = Signal<CriticalSectionRawMutex, ()>;

/// Drives the stack; `serve` uses the sockets after each poll.
pub(crate) async fn drive(
    device: &mut impl Device,
    interface: &mut Interface<'_>,
    sockets: &mut SocketSet<'_>,
    interrupt: &Interrupt,
    mut serve: impl FnMut(&mut SocketSet<'_>),
) -> ! {
    loop {
        let now = embassy_time::Instant::now().as_micros();
        let now = Instant::from_micros(now as i64);
        while interface.poll(now, device, sockets).more {
            yield_now().await;
        }
        serve(sockets);
        match interface.poll_at(now, sockets).instant() {
            None => interrupt.wait().await,
            Some(at) => {
                let at = embassy_time::Instant::from_micros(at.total_micros() as u64);
                select(interrupt.wait(), Timer::at(at)).await;
            }
        }
    }
}
// README: end
