//! As much HTTP/1.1 (RFC 9112) as a page and some octets need: one request, one answer, close; or
//! the next request, if the client asks for `Connection: keep-alive`.
//!
//! No pipelines, no chunks, no ranges; a head longer than [`MAX_HEAD`] is refused.

/// The longest request or answer head that is read.
pub(crate) const MAX_HEAD: usize = 2048;

/// What `GET /` serves.
const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>litz</title></head>\n<body>\n\
    <h1>litz</h1>\n<p>This page came over a TCP/IP stack whose every header is a declaration.</p>\n\
    </body>\n</html>\n";

/// The body of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// A text, whole.
    Text(&'static str),
    /// As many octets of the pattern of [`fill`].
    Octets(u64),
}

/// An answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Status line and fields, with the empty line.
    pub(crate) head: String,
    /// What follows.
    pub(crate) body: Body,
    /// Whether another request may follow.
    pub(crate) stays: bool,
}

impl Answer {
    fn new(status: &str, kind: &str, body: Body) -> Self {
        let length = match body {
            Body::Text(text) => text.len() as u64,
            Body::Octets(count) => count,
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n"
        );
        Self {
            head,
            body,
            stays: false,
        }
    }

    fn error(status: &'static str) -> Self {
        Self::new(status, "text/plain", Body::Text(status))
    }
}

/// How many octets the head takes, with its empty line; `None` while it is incomplete.
pub(crate) fn head_len(received: &[u8]) -> Option<usize> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
    end.checked_add(4)
}

/// The answer to what has arrived of a request; `None` while its head is incomplete.
pub(crate) fn answer(received: &[u8]) -> Option<Answer> {
    if head_len(received).is_none() {
        return (received.len() >= MAX_HEAD)
            .then(|| Answer::error("431 Request Header Fields Too Large"));
    }
    let line = received
        .split(|&octet| octet == b'\r')
        .next()
        .unwrap_or_default();
    let mut words = std::str::from_utf8(line).unwrap_or_default().split(' ');
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let mut answer = match path.strip_prefix("/bytes/").map(str::parse) {
        _ if method != "GET" && method != "HEAD" => Answer::error("405 Method Not Allowed"),
        _ if path == "/" => Answer::new("200 OK", "text/html; charset=utf-8", Body::Text(PAGE)),
        Some(Ok(n)) => Answer::new("200 OK", "application/octet-stream", Body::Octets(n)),
        _ => Answer::error("404 Not Found"),
    };
    if method == "HEAD" {
        answer.body = Body::Text("");
    }
    if asks_to_stay(received) {
        answer.head = answer
            .head
            .replace("Connection: close", "Connection: keep-alive");
        answer.stays = true;
    }
    Some(answer)
}

/// Whether a request's head has the field `Connection: keep-alive`.
fn asks_to_stay(received: &[u8]) -> bool {
    let text = std::str::from_utf8(received).unwrap_or_default();
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    fields
        .filter(|(name, _)| name.eq_ignore_ascii_case("connection"))
        .any(|(_, value)| value.trim().eq_ignore_ascii_case("keep-alive"))
}

/// The body that a server of this kind must serve at `path`.
pub(crate) fn expected(path: &str) -> Option<Vec<u8>> {
    let request = format!("GET {path} HTTP/1.1\r\n\r\n");
    match answer(request.as_bytes())?.body {
        Body::Text(text) => Some(text.into()),
        Body::Octets(count) => {
            let mut octets = vec![0; usize::try_from(count).ok()?];
            fill(0, &mut octets);
            Some(octets)
        }
    }
}

/// Fills `octets` with what stands at `offset` of a body of octets: the offset modulo 251, a prime,
/// so that an octet that is lost, doubled or out of its place shows.
pub(crate) fn fill(offset: u64, octets: &mut [u8]) {
    for (value, octet) in (0..251_u8)
        .cycle()
        .skip((offset % 251) as usize)
        .zip(octets)
    {
        *octet = value;
    }
}
