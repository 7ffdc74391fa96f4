//! C48, C49, C50: what name servers say, and which of it is called.

use std::future::{pending, ready};

use tokio::{
    net::{TcpListener, TcpSocket},
    time::timeout,
};

use super::*;

/// A target of this name. Nothing below asks the system for it.
fn shop(time_limit: Duration) -> Target {
    let url = EndpointUrl::parse("http://shop.example/").unwrap();
    Target::new(url, Vec::new(), None, time_limit).unwrap()
}

async fn dialled(said: io::Result<Vec<SocketAddr>>) -> Result<SocketAddr, Failure> {
    let stream = dial_what(ready(said), &shop(AMPLE), Instant::now() + AMPLE).await?;
    Ok(stream.peer_addr().unwrap())
}

#[tokio::test]
async fn a_name_that_there_is_not_is_told_in_the_resolvers_words() {
    let error = io::Error::other("Name or service not known");
    let why = "shop.example has no address: Name or service not known";
    assert_eq!(dialled(Err(error)).await, Err(Failure::Unreachable(why.into())));
}

#[tokio::test]
async fn a_name_without_an_address_is_told() {
    assert_eq!(dialled(Ok(Vec::new())).await, Err(Failure::Unreachable("the name has no address".into())));
}

/// A chain of aliases without end is slow, or an error of the resolver's.
#[tokio::test(start_paused = true)]
async fn a_name_server_that_does_not_answer_ends_at_the_deadline_or_after_five_seconds() {
    for (limit, wanted) in [(AMPLE, CONNECT_LIMIT), (Duration::from_secs(2), Duration::from_secs(2))] {
        let began = Instant::now();
        let dialled = dial_what(pending(), &shop(limit), began + limit).await;
        assert_eq!(dialled.map(drop), Err(Failure::ConnectTimeout));
        let took = began.elapsed();
        assert!((wanted..=wanted + Duration::from_millis(1)).contains(&took), "{took:?}");
    }
}

#[tokio::test]
async fn of_a_hundred_addresses_only_so_many_are_tried() {
    let mute = TcpSocket::new_v4().unwrap();
    mute.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let refusing = mute.local_addr().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let there = listener.local_addr().unwrap();
    let mut addresses = vec![refusing; 100];
    addresses[MAX_ADDRESSES] = there;
    assert_eq!(dialled(Ok(addresses.clone())).await, Err(Failure::Refused));
    addresses[MAX_ADDRESSES - 1] = there;
    assert_eq!(dialled(Ok(addresses)).await, Ok(there));
}

/// The name server may say something else the next moment: it is asked once, and what it said is called.
#[tokio::test]
async fn the_address_that_was_said_is_the_one_that_is_called() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let there = listener.local_addr().unwrap();
    assert_eq!(dialled(Ok(vec![there])).await, Ok(there));
}

#[tokio::test]
async fn an_address_that_is_silent_gives_way_to_the_next() {
    let (silent, _filling) = blackhole().await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let there = listener.local_addr().unwrap();
    assert_eq!(dialled(Ok(vec![silent, there])).await, Ok(there));
}

/// An address whose listener takes no further connection, for as long as those that fill it live.
async fn blackhole() -> (SocketAddr, (TcpListener, Vec<TcpStream>)) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut filling = Vec::new();
    while let Ok(connected) = timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        filling.push(connected.unwrap());
    }
    (address, (listener, filling))
}

const AMPLE: Duration = Duration::from_secs(20);
