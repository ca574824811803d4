//! Multicast memberships of a UDP socket (RFC 3678 §5, the interface of RFC 3376 §2): a socket gets
//! what is sent to groups that it has joined, from sources that it wants to hear.

use core::net::IpAddr;

use super::interfaces::InterfaceId;
use super::membership::{FilterMode, JoinError, Owner};
use super::udp::UdpSocket;

impl UdpSocket<'_, '_> {
    fn owner(&self) -> Owner {
        Owner::Udp(self.handle.node())
    }

    /// The interface that the socket is bound to.
    fn bound_interface(&self) -> Option<InterfaceId> {
        let slot = self.table.get(self.handle).ok();
        slot.and_then(|slot| slot.interface)
    }

    /// Listen to a group, whoever sends to it, on the interface that the socket is bound to now, or
    /// on all. Routers are told with the next poll; groups that
    /// every host is in, 224.0.0.1 and ff02::1, need no joining.
    ///
    /// # Errors
    /// [`JoinError`].
    pub fn join(&mut self, group: IpAddr) -> Result<(), JoinError> {
        self.set_filter(group, FilterMode::Exclude, &[])
    }

    /// Listen to a group no longer.
    ///
    /// # Errors
    /// [`JoinError::NotJoined`], [`JoinError::NotMulticast`].
    pub fn leave(&mut self, group: IpAddr) -> Result<(), JoinError> {
        self.set_filter(group, FilterMode::Include, &[])
    }

    /// Listen to these sources of a group only, or to all but these. To include none is to leave.
    ///
    /// # Errors
    /// [`JoinError`]; the membership is then as it was.
    pub fn set_filter(
        &mut self,
        group: IpAddr,
        mode: FilterMode,
        sources: &[IpAddr],
    ) -> Result<(), JoinError> {
        let (owner, interface) = (self.owner(), self.bound_interface());
        self.memberships.set(owner, group, mode, sources, interface)
    }

    /// Listen to one source of a group, beside others that were joined in this way.
    ///
    /// # Errors
    /// [`JoinError`]; [`JoinError::NotJoined`] if all of the group was joined.
    pub fn join_source(&mut self, group: IpAddr, source: IpAddr) -> Result<(), JoinError> {
        let (owner, interface) = (self.owner(), self.bound_interface());
        self.memberships
            .add_source(owner, group, FilterMode::Include, source, interface)
    }

    /// Listen no longer to a source that was joined; the membership ends with the last.
    ///
    /// # Errors
    /// [`JoinError`].
    pub fn leave_source(&mut self, group: IpAddr, source: IpAddr) -> Result<(), JoinError> {
        let owner = self.owner();
        self.memberships
            .remove_source(owner, group, FilterMode::Include, source)
    }

    /// Do not listen to one source of a group that was joined.
    ///
    /// # Errors
    /// [`JoinError`].
    pub fn block_source(&mut self, group: IpAddr, source: IpAddr) -> Result<(), JoinError> {
        let (owner, interface) = (self.owner(), self.bound_interface());
        self.memberships
            .add_source(owner, group, FilterMode::Exclude, source, interface)
    }

    /// Listen again to a source that was blocked.
    ///
    /// # Errors
    /// [`JoinError`].
    pub fn unblock_source(&mut self, group: IpAddr, source: IpAddr) -> Result<(), JoinError> {
        let owner = self.owner();
        self.memberships
            .remove_source(owner, group, FilterMode::Exclude, source)
    }
}
