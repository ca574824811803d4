//! How a program ends without wanting to.

/// What an instruction cannot do (§B1.5.14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no such instruction, or this processor does not have it.
    Undefined,
    /// The coprocessor is not there or not switched on.
    NoCoprocessor,
    /// The address of an access that has to be aligned.
    Unaligned {
        /// The address.
        address: u32,
    },
    /// A division by zero, where the program wants to know.
    DivideByZero,
    /// A branch to an even address, which would leave Thumb state.
    InvalidState,
    /// A return from an exception that is not active, or to nowhere.
    InvalidReturn,
    /// Nothing answers at this address.
    Bus {
        /// The address.
        address: u32,
    },
    /// There is nothing to execute at this address.
    Fetch {
        /// The address.
        address: u32,
    },
    /// A breakpoint, with its number.
    Breakpoint(u8),
    /// A call of the supervisor.
    Supervisor,
}

/// Why the processor cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// `BKPT` with this number.
    Breakpoint(u8),
    /// An instruction did what it may not. It is reported here rather than to the program's
    /// handler, which could only wait to be debugged.
    Fault {
        /// Where.
        pc: u32,
        /// What.
        fault: Fault,
    },
    /// The program wants everything to be reset (AIRCR.SYSRESETREQ).
    Reset,
}
