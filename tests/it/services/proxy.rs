//! A proxy in front of a server that stalls or cuts its connections on a test's command.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Passes bytes on between clients and a server.
pub struct Proxy {
    address: SocketAddr,
    way: Arc<Way>,
}

#[derive(Default)]
struct Way {
    is_silent: Mutex<bool>,
    changed: Condvar,
    open: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// To a server, at an address of its own.
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let (address, way) = (
            listener.local_addr().expect("an address"),
            Arc::new(Way::default()),
        );
        let shared = Arc::clone(&way);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A server that is not there is one that hangs up.
                let Ok(upstream) = TcpStream::connect(server) else {
                    continue;
                };
                for (from, to) in [(&client, &upstream), (&upstream, &client)] {
                    let (from, to, way) = (
                        from.try_clone().expect("a copy"),
                        to.try_clone().expect("a copy"),
                        Arc::clone(&shared),
                    );
                    std::thread::spawn(move || way.pass(from, to));
                }
                shared
                    .open
                    .lock()
                    .expect("no thread has panicked")
                    .extend([client, upstream]);
            }
        });
        Self { address, way }
    }

    /// Where clients connect to.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// While it is silent no byte gets through and no connection ends; afterwards all that waits
    /// gets through.
    pub fn be_silent(&self, is_silent: bool) {
        *self
            .way
            .is_silent
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = is_silent;
        self.way.changed.notify_all();
    }

    /// Breaks every connection that there is.
    pub fn cut(&self) {
        for connection in self
            .way
            .open
            .lock()
            .expect("no thread has panicked")
            .drain(..)
        {
            // It may be gone already.
            drop(connection.shutdown(Shutdown::Both));
        }
    }
}

impl Way {
    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 16 << 10];
        while let Ok(count) = from.read(&mut bytes)
            && count > 0
        {
            let mut is_silent = self
                .is_silent
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            while *is_silent {
                is_silent = self
                    .changed
                    .wait(is_silent)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            drop(is_silent);
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        drop(to.shutdown(Shutdown::Both));
    }
}
