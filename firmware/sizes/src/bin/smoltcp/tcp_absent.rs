//! In the place of `tcp.rs` where a profile has no TCP: nothing to store and nothing to serve.

use smoltcp::iface::SocketSet;

pub(crate) struct Server;

impl Server {
    pub(crate) const fn new(_: &mut SocketSet<'static>) -> Self {
        Self
    }

    pub(crate) const fn serve(&self, _: &mut SocketSet<'static>) {}
}
