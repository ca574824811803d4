//! The MAC of IEEE 802.15.4 over simulated air.

mod association;
mod attacks;
mod link;
mod network;
mod scans;
mod sleepy;
