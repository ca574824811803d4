//! In the place of selective acknowledgment where it is left out: it is neither offered nor
//! accepted, and nothing is reported.

use super::Assembler;
use super::seq::SeqRange;
use litz_wire::rt::Array;

/// Room for the blocks of one acknowledgment, which has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct SackBlocks(());

/// Whether both sides want selective acknowledgments: no.
#[derive(Clone, Copy, Debug)]
pub(super) struct SackUse;

impl SackUse {
    /// Whether this build has any.
    pub(super) const AVAILABLE: bool = false;

    pub(super) const fn new(_: bool) -> Self {
        Self
    }

    pub(super) const fn is_on(&self) -> bool {
        false
    }

    pub(super) const fn set_on(&mut self, _: bool) {}
}

/// What is to be reported: nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct SackReport;

impl SackReport {
    pub(super) const fn new() -> Self {
        Self
    }

    pub(super) const fn note(&mut self, _: SeqRange) {}

    pub(super) const fn duplicate(&mut self, _: SeqRange) {}

    pub(super) const fn duplicate_too(&mut self, _: SeqRange) {}

    pub(super) const fn known_part(_: &Assembler<'_>, _: SeqRange) -> Option<SeqRange> {
        None
    }

    pub(super) const fn fill<'b>(
        &mut self,
        _: &Assembler<'_>,
        _: usize,
        _: &'b mut SackBlocks,
    ) -> Option<Array<'b, litz_wire::SackBlock>> {
        None
    }
}
