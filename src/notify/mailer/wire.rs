//! The connection under STARTTLS, read so that nothing that came in the clear survives into the encrypted part.
//!
//! An attacker on the way may put replies behind the relay's `220 ready`; a client that buffered them would take them
//! for replies of the encrypted dialogue. So in the clear exactly one octet is read at a time: what follows the line
//! that is waited for stays in the socket, and the TLS handshake breaks on it.
//! Invariant: until the first TLS record is written, no octet is read that was not asked for.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// First octet of a TLS handshake record; no SMTP command begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// A TCP connection that will be upgraded.
#[derive(Debug)]
pub struct Wire {
    tcp: TcpStream,
    encrypted: bool,
}

impl Wire {
    /// In the clear for now.
    #[must_use]
    pub const fn new(tcp: TcpStream) -> Self {
        Self { tcp, encrypted: false }
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.encrypted || buf.remaining() == 0 {
            return Pin::new(&mut this.tcp).poll_read(cx, buf);
        }
        let mut octet = [0_u8; 1];
        let mut one = ReadBuf::new(&mut octet);
        ready!(Pin::new(&mut this.tcp).poll_read(cx, &mut one))?;
        buf.put_slice(one.filled());
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
