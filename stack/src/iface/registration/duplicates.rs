//! Duplicate address requests and confirmations (RFC 6775 §8.2, RFC 8505 §5.3): a router asks the
//! border router about each registration, the border router keeps account of all of them. How
//! packets find hosts behind several routers is the business of routes.

use core::net::{IpAddr, Ipv6Addr};

use litz_hal::time::Instant;
use litz_hal::{Capabilities, TxToken};
use litz_wire::{DuplicateConfirmation, DuplicateRequest, Icmpv6, RegistrationStatus};

use super::super::Interface;
use super::super::addresses::{ConfigError, Destination};
use super::super::counters::DropReason;
use super::super::icmp::emit_icmpv6;
use super::super::ingress::{Context, Verdict};
use super::super::ip::IpInput;
use super::super::output::IpOutput;
use super::confirming::{ConfirmationSlot, Confirming};
use super::owner::Owner;
use super::registrar::{Ask, RegisteredAt};
use crate::addr::{AddrError, full, is_unicast, v6};
use crate::storage::Storage;

/// RFC 6775 §9: `MULTIHOP_HOPLIMIT`.
const HOP_LIMIT: u8 = 64;

/// What a message of one of both types is about; its form tells how long the owner is.
macro_rules! subject {
    ($type:ident, $message:expr) => {
        match $message {
            $type::Plain {
                owner,
                addr,
                lifetime_minutes,
                ..
            } => Subject::new(*addr, &owner.0, None, *lifetime_minutes),
            $type::Of64 {
                owner,
                addr,
                lifetime_minutes,
                transaction_id,
                ..
            } => Subject::new(*addr, owner, Some(*transaction_id), *lifetime_minutes),
            $type::Of128 {
                owner,
                addr,
                lifetime_minutes,
                transaction_id,
                ..
            } => Subject::new(*addr, owner, Some(*transaction_id), *lifetime_minutes),
            $type::Of192 {
                owner,
                addr,
                lifetime_minutes,
                transaction_id,
                ..
            } => Subject::new(*addr, owner, Some(*transaction_id), *lifetime_minutes),
            $type::Of256 {
                owner,
                addr,
                lifetime_minutes,
                transaction_id,
                ..
            } => Subject::new(*addr, owner, Some(*transaction_id), *lifetime_minutes),
        }
    };
}

/// A message of one of both types; `None` if no form fits: without a number the owner is an EUI-64.
macro_rules! message {
    ($type:ident, $subject:expr $(, $status:ident)?) => {{
        let Subject {
            addr,
            number,
            minutes: lifetime_minutes,
            ..
        } = *$subject;
        let octets = $subject.owner.as_slice();
        let Some(transaction_id) = number else {
            return Some($type::Plain {
                $($status,)?
                lifetime_minutes,
                owner: $subject.owner.eui64()?,
                addr,
            });
        };
        Some(match octets.len() {
            8 => $type::Of64 {
                $($status,)?
                transaction_id,
                lifetime_minutes,
                owner: octets.try_into().ok()?,
                addr,
            },
            16 => $type::Of128 {
                $($status,)?
                transaction_id,
                lifetime_minutes,
                owner: octets.try_into().ok()?,
                addr,
            },
            24 => $type::Of192 {
                $($status,)?
                transaction_id,
                lifetime_minutes,
                owner: octets.try_into().ok()?,
                addr,
            },
            _ => $type::Of256 {
                $($status,)?
                transaction_id,
                lifetime_minutes,
                owner: octets.try_into().ok()?,
                addr,
            },
        })
    }};
}

/// What both messages say of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Subject {
    addr: Ipv6Addr,
    owner: Owner,
    /// Number of the registration; RFC 6775 has none.
    number: Option<u8>,
    minutes: u16,
}

impl<'a> Interface<'a> {
    /// Ask the border router of the network about every registration before it is made (RFC 6775
    /// §8.2), from now on: what a router does that is not the border router itself. There are as
    /// many questions at a time as there are slots.
    ///
    /// # Errors
    /// [`ConfigError::Full`] unless hosts register here ([`Interface::start_registrar`]);
    /// [`ConfigError::Address`] if the border router's address is not one of a single host, valid
    /// beyond the link.
    pub fn confirm_registrations(
        &mut self,
        border_router: Ipv6Addr,
        storage: impl Into<Storage<'a, ConfirmationSlot>>,
    ) -> Result<(), ConfigError> {
        if !self.registrar.is_on() {
            return Err(ConfigError::Full);
        }
        if !is_unicast(IpAddr::V6(border_router)) || border_router.is_unicast_link_local() {
            return Err(ConfigError::Address(AddrError::NotUnicast));
        }
        self.registrar.confirming = Confirming::new(border_router, storage.into());
        Ok(())
    }
}

impl Interface<'_> {
    /// Ask the border router about a registration, if it is time.
    pub(super) fn ask_border_router<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
    ) -> Verdict {
        let Some((border, ask)) = self.registrar.confirming.step(now) else {
            return Ok(());
        };
        let border = v6(border);
        let src = self.addrs.source_for(border);
        let src = src.ok_or(DropReason::NoSourceAddress)?;
        let subject = Subject {
            addr: ask.addr,
            owner: ask.owner,
            number: ask.number,
            minutes: ask.minutes,
        };
        let message = subject.request().ok_or(DropReason::NeighborInvalid)?;
        let message = Icmpv6::DuplicateRequest(message);
        let output = IpOutput {
            hop_limit: HOP_LIMIT,
            ..IpOutput::icmp(src, border, message.buffer_len())
        };
        let fill = caps.checksum.icmp.fill_tx;
        self.send_rarely(tx, now, caps, &output, &mut |buffer, pseudo| {
            emit_icmpv6(&message, buffer, pseudo, fill);
        })
    }

    /// A router asks the border router, which we may be, whether an address is free.
    pub(in super::super) fn duplicate_asked<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        message: &DuplicateRequest,
    ) -> Verdict {
        let is_border = self.registrar.is_on() && self.registrar.confirming.border().is_none();
        let (IpAddr::V6(router), true) = (full(input.src), is_border) else {
            return Err(DropReason::IcmpIgnored);
        };
        let subject = Subject::asked(message).ok_or(DropReason::NeighborInvalid)?;
        let to_one = input.kind == Destination::Unicast;
        let addr = IpAddr::V6(subject.addr);
        if !to_one || !is_unicast(addr) || subject.addr.is_unicast_link_local() {
            return Err(DropReason::NeighborInvalid);
        }
        let ask = Ask {
            addr: subject.addr,
            at: RegisteredAt::Router(router),
            owner: subject.owner,
            number: subject.number,
            minutes: subject.minutes,
            authentic: context.meta.authentic,
        };
        let status = match self.has_addr(addr) {
            true => Some(RegistrationStatus::Duplicate),
            false => self.registrar.judge(context.now, &ask),
        };
        let status = status.ok_or(DropReason::NeighborInvalid)?;
        self.changed();
        let message = subject.confirmation(status);
        let message = message.ok_or(DropReason::NeighborInvalid)?;
        let message = Icmpv6::DuplicateConfirmation(message);
        let output = IpOutput {
            hop_limit: HOP_LIMIT,
            ..IpOutput::icmp(input.dst, input.src, message.buffer_len())
        };
        let fill = context.caps.checksum.icmp.fill_tx;
        self.reply(context, &output, &mut |buffer, pseudo| {
            emit_icmpv6(&message, buffer, pseudo, fill);
        })
    }

    /// The border router says what it thinks of a registration.
    pub(in super::super) fn duplicate_answered<T: TxToken>(
        &mut self,
        context: &mut Context<'_, T>,
        input: &IpInput<'_>,
        message: &DuplicateConfirmation,
    ) -> Verdict {
        let border = self.registrar.confirming.border().map(IpAddr::V6);
        let border = border.ok_or(DropReason::IcmpIgnored)?;
        let (subject, status) = Subject::answered(message).ok_or(DropReason::NeighborInvalid)?;
        if full(input.src) != border || input.kind != Destination::Unicast {
            return Err(DropReason::NeighborInvalid);
        }
        let Subject {
            addr,
            owner,
            number,
            ..
        } = subject;
        self.changed();
        let gone = matches!(
            status,
            RegistrationStatus::Moved | RegistrationStatus::Removed | RegistrationStatus::Duplicate
        );
        let withdrawn = gone && self.registrar.withdraw(addr, owner);
        let waiting = self.registrar.confirming.answered(addr, owner, number);
        let Some(waiting) = waiting else {
            // RFC 8505 §5.3: it may say so of its own accord.
            return match withdrawn {
                true => Ok(()),
                false => Err(DropReason::NeighborInvalid),
            };
        };
        let status = match status {
            RegistrationStatus::Success => self.registrar.judge(context.now, &waiting.ask),
            status => Some(status),
        };
        let status = status.ok_or(DropReason::NeighborInvalid)?;
        context.peer = match waiting.ask.at {
            RegisteredAt::Station(station) => Some(station),
            RegisteredAt::Router(_) => None,
        };
        self.answer_registration(context, &waiting.reply, status)
    }
}

impl Subject {
    fn new(addr: Ipv6Addr, owner: &[u8], number: Option<u8>, minutes: u16) -> Option<Self> {
        Some(Self {
            addr,
            owner: Owner::new(owner)?,
            number,
            minutes,
        })
    }

    /// What a request is about.
    fn asked(message: &DuplicateRequest) -> Option<Self> {
        subject!(DuplicateRequest, message)
    }

    /// What a confirmation is about, and what it says.
    fn answered(message: &DuplicateConfirmation) -> Option<(Self, RegistrationStatus)> {
        let (DuplicateConfirmation::Plain { status, .. }
        | DuplicateConfirmation::Of64 { status, .. }
        | DuplicateConfirmation::Of128 { status, .. }
        | DuplicateConfirmation::Of192 { status, .. }
        | DuplicateConfirmation::Of256 { status, .. }) = message;
        Some((subject!(DuplicateConfirmation, message)?, *status))
    }

    fn request(&self) -> Option<DuplicateRequest> {
        message!(DuplicateRequest, self)
    }

    fn confirmation(&self, status: RegistrationStatus) -> Option<DuplicateConfirmation> {
        message!(DuplicateConfirmation, self, status)
    }
}
