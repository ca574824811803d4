//! One HTTP request over a TCP connection, and the answer as it arrives.

use litz::{Endpoint, SocketSet, TcpHandle};

use super::http;

/// How far a request is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The answer is not complete.
    Waiting,
    /// The answer is complete; the connection is released.
    Done,
    /// The connection ended before the answer, with the reason.
    Failed(String),
}

/// A request under way.
pub(crate) struct Fetch {
    handle: TcpHandle,
    request: Option<String>,
    head: Vec<u8>,
    /// Octets that the answer's head announces.
    length: Option<u64>,
    /// Octets of the body that arrived.
    pub(crate) received: u64,
}

impl Fetch {
    /// Asks for a connection to `remote` and, once it is there, for `path`.
    pub(crate) fn new(
        sockets: &mut SocketSet<'_>,
        remote: Endpoint,
        path: &str,
    ) -> Result<Self, String> {
        let handle = sockets
            .tcp_connect(remote)
            .map_err(|e| format!("{remote}: {e}"))?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {remote}\r\nConnection: close\r\n\r\n");
        let request = Some(request);
        Ok(Self {
            handle,
            request,
            head: Vec::new(),
            length: None,
            received: 0,
        })
    }

    /// The status code of the answer, once its head is there.
    pub(crate) fn status(&self) -> Option<u16> {
        http::head_len(&self.head)?;
        std::str::from_utf8(&self.head)
            .ok()?
            .split(' ')
            .nth(1)?
            .parse()
            .ok()
    }

    /// The connection.
    pub(crate) fn handle(&self) -> TcpHandle {
        self.handle
    }

    /// Goes on as far as the socket lets it; `body` gets the octets of the body.
    pub(crate) fn advance(
        &mut self,
        sockets: &mut SocketSet<'_>,
        mut body: impl FnMut(&[u8]),
    ) -> Progress {
        let Ok(mut socket) = sockets.tcp(self.handle) else {
            return Progress::Done;
        };
        if socket.can_send()
            && let Some(request) = self.request.take()
        {
            // It is shorter than any transmit buffer, and the buffer is empty.
            let _ = socket.send_slice(request.as_bytes());
        }
        let ended = loop {
            match socket.recv_with(|octets| (octets.len(), self.take(octets, &mut body))) {
                Ok(0) => break false,
                Ok(_) => {}
                Err(_) => break !socket.may_recv(),
            }
        };
        let complete = self.length.is_some_and(|length| self.received >= length);
        if !complete && !ended {
            return Progress::Waiting;
        }
        let reason = socket.close_reason();
        let _ = sockets.tcp_release(self.handle);
        match (
            complete || (self.status().is_some() && self.length.is_none()),
            reason,
        ) {
            (true, _) => Progress::Done,
            (false, Some(reason)) => Progress::Failed(reason.to_string()),
            (false, None) => Progress::Failed("the answer ends too early".to_owned()),
        }
    }

    /// Sorts octets into head and body; returns how many there were.
    fn take(&mut self, octets: &[u8], body: &mut impl FnMut(&[u8])) -> usize {
        let mut rest = octets;
        if http::head_len(&self.head).is_none() {
            let known = self.head.len();
            self.head.extend_from_slice(octets);
            let Some(end) = http::head_len(&self.head) else {
                return octets.len();
            };
            self.head.truncate(end);
            rest = octets
                .split_at_checked(end.saturating_sub(known))
                .map_or(&[], |(_, rest)| rest);
            self.length = content_length(&self.head);
        }
        self.received = self.received.saturating_add(rest.len() as u64);
        body(rest);
        octets.len()
    }
}

/// The value of the field `Content-Length`.
fn content_length(head: &[u8]) -> Option<u64> {
    let head = std::str::from_utf8(head).ok()?;
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = fields.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next()?.1.trim().parse().ok()
}
