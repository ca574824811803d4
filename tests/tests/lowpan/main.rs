//! 6LoWPAN over simulated air and over datagrams, beside tshark and Linux.
#![allow(
    clippy::disallowed_methods,
    reason = "some peers are programs, in real time"
)]

mod border;
mod captures;
mod multihop;
mod network;
mod ns3;
mod registration;
mod tshark;
