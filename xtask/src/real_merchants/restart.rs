//! Restarts on demand: `hookproof check` runs a command, the command knocks at a port of ours, and we kill the merchant
//! and start it again.

use std::env;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::running::Running;
use crate::command::Fallible;

/// A running merchant that whoever knocks may restart. It is ended when this is dropped.
pub(super) struct Restartable {
    running: Shared,
    address: SocketAddr,
    door: Option<JoinHandle<()>>,
}

/// Empty once the merchant is to be left alone.
type Shared = Arc<Mutex<Option<Running>>>;

impl Restartable {
    /// Opens the door of a merchant.
    ///
    /// # Errors
    ///
    /// When there is no port to listen on.
    pub(super) fn new(running: Running) -> Fallible<Self> {
        let (door, address) = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|door| door.local_addr().map(|address| (door, address)))
            .map_err(|error| format!("no free port on loopback: {error}"))?;
        let running = Arc::new(Mutex::new(Some(running)));
        let shared = Arc::clone(&running);
        let door = Some(thread::spawn(move || answer(&door, &shared)));
        Ok(Self { running, address, door })
    }

    /// The line for `--restart-cmd`. It returns when the merchant listens again.
    ///
    /// # Errors
    ///
    /// When the system does not tell which program we are.
    pub(super) fn command(&self) -> Fallible<String> {
        let program = env::current_exe().map_err(|error| format!("cannot tell what runs: {error}"))?;
        Ok(format!("'{}' {KNOCK} {}", program.display(), self.address))
    }

    /// Asks the process to end, as an operator would.
    ///
    /// # Errors
    ///
    /// As [`Running::stop`], or when its last restart failed.
    pub(super) fn stop(self) -> Fallible {
        let running = lock(&self.running).take();
        running.ok_or("the merchant did not come back from a restart")?.stop()
    }
}

impl Drop for Restartable {
    fn drop(&mut self) {
        drop(lock(&self.running).take());
        // A last knock, so that the thread sees that there is nobody behind the door.
        drop(TcpStream::connect(self.address));
        // It panicked or not: either way it is gone.
        drop(self.door.take().map(JoinHandle::join));
    }
}

/// `cargo xtask restart-merchant ADDRESS`, which a run's restart command calls.
///
/// # Errors
///
/// When nobody answers there, or the merchant does not come back.
pub(crate) fn knock(address: &str) -> Fallible {
    let mut said = String::new();
    TcpStream::connect(address)
        .and_then(|mut door| door.read_to_string(&mut said))
        .map_err(|error| format!("no merchant to restart at {address}: {error}"))?;
    if said == LISTENING { Ok(()) } else { Err(format!("the merchant was not restarted: {said}")) }
}

fn answer(door: &TcpListener, shared: &Shared) {
    for visitor in door.incoming() {
        let mut running = lock(shared);
        let Some(merchant) = running.as_mut() else { return };
        let said = merchant.restart().map_or_else(|error| error, |()| LISTENING.to_owned());
        // A visitor who has left does not need to know.
        drop(visitor.and_then(|mut visitor| visitor.write_all(said.as_bytes())));
    }
}

fn lock(shared: &Shared) -> MutexGuard<'_, Option<Running>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The subcommand of xtask that [`knock`] is.
pub(crate) const KNOCK: &str = "restart-merchant";

const LISTENING: &str = "listening";

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::merchant::Merchant;
    use super::super::running::Launch;
    use super::*;
    use crate::install::Runtime;

    /// A merchant that tells its process id, and does not start while there is a file `closed` beside its database.
    const SERVER: &str = "
        if (require('fs').existsSync(process.env.DATABASE + '.closed')) process.exit(1);
        const server = require('http').createServer((_, res) => res.end(`pid ${process.pid};`));
        server.listen(process.env.PORT, '127.0.0.1', () =>
            console.log(`listening on http://127.0.0.1:${server.address().port}/`));";

    fn shop(name: &str) -> (Restartable, SocketAddr, std::path::PathBuf) {
        let folder = env::temp_dir().join(format!("hookproof-restart-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let merchant = Merchant {
            name: name.to_owned(),
            folder: String::new(),
            about: String::new(),
            provider: "turratech".to_owned(),
            runtime: Runtime::Node,
            command: vec!["node".to_owned(), "-e".to_owned(), SERVER.to_owned()],
            software: vec![],
            secret: None,
            events: vec![],
            sound: false,
            restart: true,
            options: vec![],
            reasons: vec![],
        };
        let running = Running::start(Launch {
            merchant,
            folder: folder.clone(),
            downstream: String::new(),
            database: folder.join("events.db"),
            log: folder.join("log"),
        });
        let running = running.unwrap();
        let address = running.url().trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
        (Restartable::new(running).unwrap(), address, folder)
    }

    fn pid(address: SocketAddr) -> String {
        let mut answer = String::new();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
        stream.read_to_string(&mut answer).unwrap();
        answer.split("pid ").nth(1).unwrap().to_owned()
    }

    #[test]
    fn a_knock_brings_another_process_to_the_same_port() {
        let (shop, address, folder) = shop("knock");
        let before = pid(address);
        knock(&shop.address.to_string()).unwrap();
        assert_ne!(pid(address), before);
        shop.stop().unwrap();
        assert!(TcpStream::connect(address).is_err(), "it still listens");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_merchant_that_does_not_come_back_is_told() {
        let (shop, _, folder) = shop("closed");
        fs::write(folder.join("events.db.closed"), "").unwrap();
        let message = knock(&shop.address.to_string()).unwrap_err();
        assert!(
            message.starts_with("the merchant was not restarted: closed ended before it listened"),
            "{message}"
        );
        let message = shop.stop().unwrap_err();
        assert!(message.contains("ended by itself"), "{message}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_merchant_is_ended_with_the_run_that_needed_it() {
        let (shop, address, folder) = shop("dropped");
        let door = shop.address;
        drop(shop);
        assert!(TcpStream::connect(address).is_err(), "the merchant still listens");
        assert!(knock(&door.to_string()).is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
