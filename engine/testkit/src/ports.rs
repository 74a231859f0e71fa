//! Free loopback ports.

use std::net::{Ipv4Addr, TcpListener};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// First port and number of ports. They lie below the ports that systems give to outgoing connections (Linux: from
/// 32768): a client that keeps dialling a stopped server's port in that range can be given the same port as its own
/// end, and is then connected with itself.
const FIRST: u32 = 15_000;
const COUNT: u32 = 17_000;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A port of 127.0.0.1 on which nothing listened just now, and which no other call in this process was given. Also good
/// as the address of a peer that refuses connections.
///
/// # Panics
/// When no port is free.
#[track_caller]
pub fn free_port() -> u16 {
    match free_listener().local_addr() {
        Ok(address) => address.port(),
        Err(error) => panic!("a listener has no address: {error}"),
    }
}

/// A listener at such a port.
#[track_caller]
pub(crate) fn free_listener() -> TcpListener {
    // Test processes that run side by side start at different places.
    let offset = process::id().wrapping_mul(97);
    for _ in 0..COUNT {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + offset.wrapping_add(step) % COUNT;
        if let Ok(port) = u16::try_from(port)
            && let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        {
            return listener;
        }
    }
    panic!("no free loopback port between {FIRST} and {}", FIRST + COUNT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ports_differ_and_can_be_bound() {
        let ports: HashSet<u16> = (0..50).map(|_| free_port()).collect();
        assert_eq!(ports.len(), 50);
        assert!(ports.iter().all(|port| u32::from(*port) < FIRST + COUNT));
        TcpListener::bind((Ipv4Addr::LOCALHOST, *ports.iter().next().unwrap())).unwrap();
    }
}
