//! In the place of `tcp.rs` where a profile has no TCP: nothing to store and nothing to serve.

use litz::{SocketSet, SocketStorage};

pub(crate) const fn with(storage: SocketStorage<'static>) -> Option<SocketStorage<'static>> {
    Some(storage)
}

pub(crate) struct Server;

impl Server {
    pub(crate) const fn new(_: &mut SocketSet<'static>) -> Option<Self> {
        Some(Self)
    }

    pub(crate) const fn serve(&mut self, _: &mut SocketSet<'static>) {}
}
