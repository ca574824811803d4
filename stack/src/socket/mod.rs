//! Sockets: the host's side of the stack, of no particular interface.

pub mod tcp;
