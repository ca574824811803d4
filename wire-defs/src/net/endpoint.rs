//! An IP address with a port: where a transport protocol sends to, and where it listens.

use core::fmt;
use core::net::{IpAddr, SocketAddr};
use core::str::FromStr;

/// A transport endpoint: an IP address and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    /// The IP address.
    pub addr: IpAddr,
    /// The port, in host order.
    pub port: u16,
}

impl Endpoint {
    /// An endpoint of an address and a port.
    pub fn new(addr: impl Into<IpAddr>, port: u16) -> Self {
        Self {
            addr: addr.into(),
            port,
        }
    }

    /// Whether something can be sent there: neither address nor port are unspecified.
    #[inline]
    #[must_use]
    pub const fn is_specified(&self) -> bool {
        !self.addr.is_unspecified() && self.port != 0
    }
}

impl From<SocketAddr> for Endpoint {
    fn from(addr: SocketAddr) -> Self {
        Self {
            addr: addr.ip(),
            port: addr.port(),
        }
    }
}

impl From<Endpoint> for SocketAddr {
    fn from(endpoint: Endpoint) -> Self {
        Self::new(endpoint.addr, endpoint.port)
    }
}

impl<A: Into<IpAddr>> From<(A, u16)> for Endpoint {
    fn from((addr, port): (A, u16)) -> Self {
        Self {
            addr: addr.into(),
            port,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SocketAddr::from(*self).fmt(f)
    }
}

/// Where a socket listens: one address or all of them, and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenEndpoint {
    /// The address, or `None` for every address of every interface.
    pub addr: Option<IpAddr>,
    /// The port, in host order; 0 is not a port that can be listened on.
    pub port: u16,
}

impl From<u16> for ListenEndpoint {
    fn from(port: u16) -> Self {
        Self { addr: None, port }
    }
}

impl From<Endpoint> for ListenEndpoint {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            addr: (!endpoint.addr.is_unspecified()).then_some(endpoint.addr),
            port: endpoint.port,
        }
    }
}

impl fmt::Display for ListenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.addr {
            Some(addr) => Endpoint::new(addr, self.port).fmt(f),
            None => write!(f, "*:{}", self.port),
        }
    }
}

/// A string that is no endpoint such as `192.0.2.1:80` or `[2001:db8::1]:80`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndpointParseError;

impl fmt::Display for EndpointParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected an address and a port, as in 192.0.2.1:80 or [2001:db8::1]:80")
    }
}

impl core::error::Error for EndpointParseError {}

impl FromStr for Endpoint {
    type Err = EndpointParseError;

    /// Reads `192.0.2.1:80` or `[2001:db8::1]:80`; an address with a zone is refused, because an
    /// endpoint cannot keep it.
    fn from_str(text: &str) -> Result<Self, EndpointParseError> {
        if text.contains('%') {
            return Err(EndpointParseError);
        }
        let addr: SocketAddr = text.parse().map_err(|_| EndpointParseError)?;
        Ok(addr.into())
    }
}

impl FromStr for ListenEndpoint {
    type Err = EndpointParseError;

    /// Reads what [`Endpoint`] reads, and `*:80` for every address.
    fn from_str(text: &str) -> Result<Self, EndpointParseError> {
        let Some(port) = text.strip_prefix("*:") else {
            return text.parse().map(|endpoint: Endpoint| endpoint.into());
        };
        if !port.bytes().all(|c| c.is_ascii_digit()) {
            return Err(EndpointParseError);
        }
        port.parse().map(u16::into).map_err(|_| EndpointParseError)
    }
}

#[cfg(test)]
mod tests;
