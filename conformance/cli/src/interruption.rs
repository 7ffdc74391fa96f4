//! Who wants a command to end before it is done.

use tokio::signal::ctrl_c;

/// Ready when somebody does: with Ctrl-C, or with the SIGTERM that CI systems, containers and `timeout` send.
#[cfg(unix)]
pub(crate) async fn interruption() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(ctrl_c().await),
    }
}

/// Ready when somebody does, with Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn interruption() {
    drop(ctrl_c().await);
}
