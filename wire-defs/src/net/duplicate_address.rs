//! Duplicate address request and confirmation of low-power networks: what a router asks the border
//! router before it registers an address. Without a number (RFC 6775 §4.4), and with a number and
//! identifiers of four lengths (RFC 8505 §4.4), which the code tells.

use super::icmpv6::{Icmpv6Header, Icmpv6HeaderRepr};
use super::ndisc::RegistrationStatus;
use crate::{Eui64, message};
use core::net::Ipv6Addr;

/// Asks a border router whether an address is free.
#[message(be, header = Icmpv6Header, tag = code)]
pub enum DuplicateRequest {
    /// Without a number.
    #[tag(0, msg_type = 157)]
    Plain {
        _status: u8,
        _reserved: u8,
        /// How long the registration lasts, in minutes.
        lifetime_minutes: u16,
        /// Whose registration it is.
        owner: As<[u8; 8], Eui64>,
        /// The address.
        addr: Ipv6Addr,
    },
    /// With a number; the owner has 64 bits.
    #[tag(1, msg_type = 157)]
    Of64 {
        _status: u8,
        /// Number of the registration.
        transaction_id: u8,
        /// How long the registration lasts, in minutes.
        lifetime_minutes: u16,
        /// Whose registration it is.
        owner: [u8; 8],
        /// The address.
        addr: Ipv6Addr,
    },
    /// With a number; the owner has 128 bits.
    #[tag(2, msg_type = 157)]
    Of128 {
        _status: u8,
        /// Number of the registration.
        transaction_id: u8,
        /// How long the registration lasts, in minutes.
        lifetime_minutes: u16,
        /// Whose registration it is.
        owner: [u8; 16],
        /// The address.
        addr: Ipv6Addr,
    },
    /// With a number; the owner has 192 bits.
    #[tag(3, msg_type = 157)]
    Of192 {
        _status: u8,
        /// Number of the registration.
        transaction_id: u8,
        /// How long the registration lasts, in minutes.
        lifetime_minutes: u16,
        /// Whose registration it is.
        owner: [u8; 24],
        /// The address.
        addr: Ipv6Addr,
    },
    /// With a number; the owner has 256 bits.
    #[tag(4, msg_type = 157)]
    Of256 {
        _status: u8,
        /// Number of the registration.
        transaction_id: u8,
        /// How long the registration lasts, in minutes.
        lifetime_minutes: u16,
        /// Whose registration it is.
        owner: [u8; 32],
        /// The address.
        addr: Ipv6Addr,
    },
}

/// What a border router answers.
#[message(be, header = Icmpv6Header, tag = code)]
pub enum DuplicateConfirmation {
    /// Without a number.
    #[tag(0, msg_type = 158)]
    Plain {
        /// Zero, or why the address is not to be registered.
        status: As<u8, RegistrationStatus>,
        _reserved: u8,
        /// How long the registration lasts, in minutes.
        lifetime_minutes: u16,
        /// Whose registration it is.
        owner: As<[u8; 8], Eui64>,
        /// The address.
        addr: Ipv6Addr,
    },
    /// With a number; the owner has 64 bits.
    #[tag(1, msg_type = 158)]
    Of64 {
        /// Zero, or why the address is not to be registered.
        status: As<u8, RegistrationStatus>,
        /// Number of the registration.
        transaction_id: u8,
        /// How long the registration lasts, in minutes.
        lifetime_minutes: u16,
        /// Whose registration it is.
        owner: [u8; 8],
        /// The address.
        addr: Ipv6Addr,
    },
    /// With a number; the owner has 128 bits.
    #[tag(2, msg_type = 158)]
    Of128 {
        /// Zero, or why the address is not to be registered.
        status: As<u8, RegistrationStatus>,
        /// Number of the registration.
        transaction_id: u8,
        /// How long the registration lasts, in minutes.
        lifetime_minutes: u16,
        /// Whose registration it is.
        owner: [u8; 16],
        /// The address.
        addr: Ipv6Addr,
    },
    /// With a number; the owner has 192 bits.
    #[tag(3, msg_type = 158)]
    Of192 {
        /// Zero, or why the address is not to be registered.
        status: As<u8, RegistrationStatus>,
        /// Number of the registration.
        transaction_id: u8,
        /// How long the registration lasts, in minutes.
        lifetime_minutes: u16,
        /// Whose registration it is.
        owner: [u8; 24],
        /// The address.
        addr: Ipv6Addr,
    },
    /// With a number; the owner has 256 bits.
    #[tag(4, msg_type = 158)]
    Of256 {
        /// Zero, or why the address is not to be registered.
        status: As<u8, RegistrationStatus>,
        /// Number of the registration.
        transaction_id: u8,
        /// How long the registration lasts, in minutes.
        lifetime_minutes: u16,
        /// Whose registration it is.
        owner: [u8; 32],
        /// The address.
        addr: Ipv6Addr,
    },
}
