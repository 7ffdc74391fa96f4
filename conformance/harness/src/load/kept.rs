//! Connections that wait for the next event.

use std::{cell::RefCell, time::Duration};

use tokio::time::Instant;

use crate::connection::Connection;

/// Connections of one thread that another request may follow on. The one used last is used first, so that no more are in
/// use than it takes, and an endpoint that closes what lies idle closes only those that nobody needs.
#[derive(Default)]
pub(super) struct Kept(RefCell<Vec<(Instant, Connection)>>);

impl Kept {
    pub(super) fn take(&self) -> Option<Connection> {
        let (since, connection) = self.0.borrow_mut().pop()?;
        if since.elapsed() < IDLE {
            return Some(connection);
        }
        // All below it lay idle even longer.
        self.0.borrow_mut().clear();
        None
    }

    pub(super) fn put(&self, connection: Connection, reusable: bool) {
        if reusable {
            self.0.borrow_mut().push((Instant::now(), connection));
        }
    }
}

/// Servers keep an idle connection for some seconds; Node.js for five.
const IDLE: Duration = Duration::from_secs(4);

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    async fn connection(to: &TcpListener) -> (Connection, u16) {
        let stream = TcpStream::connect(to.local_addr().unwrap()).await.unwrap();
        let port = stream.local_addr().unwrap().port();
        (Connection::Plain(stream), port)
    }

    fn port(connection: Option<Connection>) -> Option<u16> {
        match connection {
            Some(Connection::Plain(stream)) => Some(stream.local_addr().unwrap().port()),
            Some(Connection::Tls(_)) => panic!("there is no TLS here"),
            None => None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_used_last_is_used_first_and_what_lay_idle_is_not() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let kept = Kept::default();
        let mut ports = Vec::new();
        for reusable in [true, true, false, true] {
            let (connection, port) = connection(&listener).await;
            kept.put(connection, reusable);
            ports.push(port);
        }
        assert_eq!(port(kept.take()), Some(ports[3]));
        assert_eq!(port(kept.take()), Some(ports[1]), "the third must not be used again");
        let (fresh, port_of_fresh) = connection(&listener).await;
        tokio::time::advance(IDLE).await;
        kept.put(fresh, true);
        assert_eq!(port(kept.take()), Some(port_of_fresh));
        assert_eq!(port(kept.take()), None, "the first lay idle");
    }
}
