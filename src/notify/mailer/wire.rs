//! The connection to the relay, read so that nothing that came in the clear survives into the encrypted part, and no more
//! than a relay has to say.
//!
//! An attacker on the way may put replies behind the relay's `220 ready`; a client that buffered them would take them
//! for replies of the encrypted dialogue. So in the clear exactly one octet is read at a time: what follows the line
//! that is waited for stays in the socket, and the TLS handshake breaks on it.
//! The library keeps a reply until its line ends, however long it gets; so all that a connection brings is counted.
//! Invariant: until the first TLS record is written, no octet is read that was not asked for; never more than a limit.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// First octet of a TLS handshake record; no SMTP command begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// Octets that a relay may send over one connection: many times what it has to say about the mails of one.
const READ_MAX: usize = 1 << 20;

/// A TCP connection that may be upgraded.
#[derive(Debug)]
pub struct Wire {
    tcp: TcpStream,
    encrypted: bool,
    /// Octets that may still come.
    left: usize,
}

impl Wire {
    /// In the clear for now.
    #[must_use]
    pub const fn new(tcp: TcpStream) -> Self {
        Self { tcp, encrypted: false, left: READ_MAX }
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        if this.encrypted || buf.remaining() == 0 {
            ready!(Pin::new(&mut this.tcp).poll_read(cx, buf))?;
        } else {
            let mut octet = [0_u8; 1];
            let mut one = ReadBuf::new(&mut octet);
            ready!(Pin::new(&mut this.tcp).poll_read(cx, &mut one))?;
            buf.put_slice(one.filled());
        }
        let too_much = || io::Error::other("the relay says more than a relay has to say");
        this.left = this.left.checked_sub(buf.filled().len() - before).ok_or_else(too_much)?;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.encrypted |= buf.first() == Some(&TLS_HANDSHAKE);
        Pin::new(&mut this.tcp).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.peer_addr()
    }
}
