//! A server that answers 200 to whatever comes, as late as it is told: what load generators are measured with.
//!
//! `timed_server [DELAY_MS [EVERY_MS STALL_MS]]` waits `DELAY_MS` before each answer; in the last `STALL_MS` of every
//! `EVERY_MS` it holds all answers back until that time is over. It prints its address, and ends when its stdin does.

use std::{
    convert::Infallible,
    env,
    io::{self, Read, Write},
    time::Duration,
};

use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Bytes, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpSocket,
    task,
    time::{Instant, sleep, sleep_until},
};

#[derive(Clone, Copy)]
struct Delays {
    began: Instant,
    delay: Duration,
    every: Duration,
    stall: Duration,
}

impl Delays {
    async fn wait(self) {
        if !self.stall.is_zero() {
            let in_turn = self.began.elapsed().as_micros() % self.every.as_micros();
            let in_turn = Duration::from_micros(u64::try_from(in_turn).unwrap_or_default());
            if in_turn >= self.every - self.stall {
                sleep_until(Instant::now() + (self.every - in_turn)).await;
            }
        }
        if !self.delay.is_zero() {
            sleep(self.delay).await;
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let millis: Vec<u64> = env::args().skip(1).map(|text| text.parse().expect("milliseconds")).collect();
    let at = |place: usize| Duration::from_millis(millis.get(place).copied().unwrap_or_default());
    let delays = Delays { began: Instant::now(), delay: at(0), every: at(1), stall: at(2) };
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let listener = socket.listen(4_096)?;
    println!("http://{}/", listener.local_addr()?);
    io::stdout().flush()?;
    let ends = task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new()));
    let serves = async {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let _ = stream.set_nodelay(true);
            task::spawn(async move {
                let answers = service_fn(move |request: Request<Incoming>| async move {
                    let _ = request.into_body().collect().await;
                    delays.wait().await;
                    Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"ok"))))
                });
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answers).await;
            });
        }
    };
    tokio::select! {
        _ = ends => Ok(()),
        () = serves => Ok(()),
    }
}
