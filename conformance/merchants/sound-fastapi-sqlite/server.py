"""A receiver of TurraTech's webhooks that keeps every promise, on FastAPI and SQLite.

An event is claimed, booked downstream and acknowledged. Where the downstream takes its time, the event is noted as owed
and acknowledged at once; the booking goes on, and is tried again until it succeeds. Where the downstream fails before
we have acknowledged, the provider hears of it and sends the event again. A crash loses nothing: what is owed is on disk
before the answer leaves, and a booking that may have been made is repeated with the same key.
"""

import asyncio
import json
import logging
import os
import socket
import time
from contextlib import asynccontextmanager
from urllib.parse import quote

import httpx
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from signature import is_signed
from starlette.requests import ClientDisconnect
from store import Event, Store

DOWNSTREAM_URL = os.environ.get("DOWNSTREAM_URL")
SECRET = os.environ["WEBHOOK_SECRET"]

# The types that we book. Any other is acknowledged and logged.
BOOKED = {
    "payment.succeeded",
    "payment.failed",
    "payment.refunded",
    "customer.created",
    "subscription.created",
    "subscription.updated",
    "subscription.deleted",
    "subscription.trial_will_end",
    "invoice.paid",
    "invoice.payment_failed",
    "dispute.created",
    "payout.paid",
}

# Far below the provider's limit of 30 s, and longer than a booking usually takes.
PATIENCE_SECS = 1
# Nobody waits for a booking that long; a lease outlasts it, so that no event is booked twice at a time.
BOOKING_TIMEOUT_SECS = 40
LEASE_SECS = 60
OWED_EVERY_SECS = 0.5
# A request that has not come whole by then is answered 408; the others never wait for it.
READING_TIMEOUT_SECS = 30
LARGEST_BODY = 1 << 20
LONGEST_ID = 255

logger = logging.getLogger("merchant")
# A commit to a file takes less than a millisecond, for which the loop may wait. One over a network may not.
store = Store(os.environ.get("DATABASE", "events.db"), LEASE_SECS)
# A booking has one time limit as a whole, and a slow one must not keep others from a connection.
ledger = httpx.AsyncClient(timeout=None, limits=httpx.Limits(max_connections=None))
# The loop itself holds tasks by weak references only.
bookings: set[asyncio.Task[bool]] = set()


@asynccontextmanager
async def lifespan(_: FastAPI):
    sweeper = asyncio.create_task(sweep())
    print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}/webhooks/turratech", flush=True)
    yield
    sweeper.cancel()


app = FastAPI(lifespan=lifespan, openapi_url=None, redirect_slashes=False)


@app.post("/webhooks/turratech")
async def receive(request: Request):
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPException(415, "compressed bodies are not taken")
    body = await read(request)
    if not is_signed(body, request.headers.get("turratech-signature", ""), SECRET, time.time()):
        raise HTTPException(401, "the signature does not hold")
    event = event_in(body)
    if event is None:
        raise HTTPException(400, "the body is no event")
    if event.type not in BOOKED:
        logger.warning("not booked: %r", event.type)
        return {"received": True}
    return await take(event)


async def read(request: Request) -> bytes:
    """The raw bytes: they are what is signed."""
    body = bytearray()
    try:
        async with asyncio.timeout(READING_TIMEOUT_SECS):
            async for piece in request.stream():
                body += piece
                if len(body) > LARGEST_BODY:
                    raise HTTPException(413, "the body is too large", {"connection": "close"})
    except ClientDisconnect:
        raise HTTPException(400, "the body did not come whole") from None
    except TimeoutError:
        raise HTTPException(408, "the body did not come", {"connection": "close"}) from None
    return bytes(body)


async def take(event: Event) -> JSONResponse:
    """From a verified event to its answer."""
    match store.claim(event, time.time()):
        case "settled":
            return JSONResponse({"received": True})
        case "busy":
            # A success would lose the event if the one who works on it failed.
            return JSONResponse({"received": False}, 409, {"retry-after": "1"})
    booking = begin(event)
    await asyncio.wait([booking], timeout=PATIENCE_SECS)
    if booking.done():
        return JSONResponse({"received": booking.result()}, 200 if booking.result() else 500)
    store.owe(event)
    return JSONResponse({"received": True}, 202)


def begin(event: Event) -> "asyncio.Task[bool]":
    """Books a claimed event, whether or not anybody waits for it."""
    booking = asyncio.create_task(booked(event))
    bookings.add(booking)
    booking.add_done_callback(bookings.discard)
    return booking


async def booked(event: Event) -> bool:
    try:
        await book(event)
        store.finish(event)
        return True
    except Exception as error:
        logger.error("booking %r failed: %r", event.id, error)
        store.release(event, time.time())
        return False


async def book(event: Event):
    if DOWNSTREAM_URL is None:
        return
    async with asyncio.timeout(BOOKING_TIMEOUT_SECS):
        answer = await ledger.post(
            f"{DOWNSTREAM_URL}/ledger",
            json={"event": event.id, "type": event.type, "object": event.object},
            # Where an answer was lost, the booking may exist: the key lets the ledger know it again.
            headers={"idempotency-key": quote(event.id, safe="")},
        )
    answer.raise_for_status()


async def sweep():
    """Works on what is owed, when its time has come."""
    while True:
        try:
            for event in store.take_owed(time.time()):
                begin(event)
        except Exception:
            # The disk may be full: what is owed stays owed.
            logger.exception("what is owed was not looked at")
        await asyncio.sleep(OWED_EVERY_SECS)


def event_in(body: bytes) -> Event | None:
    """What we need of an event, or nothing where the bytes are none."""
    try:
        event = json.loads(body.decode(), parse_constant=refuse)
        identity, kind, thing = event["id"], event["type"], event["data"]["object"]
    # A body nested too deeply, or one whose shape is another: neither is an event.
    except (ValueError, RecursionError, KeyError, TypeError, IndexError):
        return None
    if not is_text(identity) or not is_text(kind) or not isinstance(thing, dict):
        return None
    return Event(identity, kind, thing.get("id") if is_text(thing.get("id")) else None)


def refuse(constant: str):
    raise ValueError(f"{constant} is no JSON")


def is_text(value: object) -> bool:
    """A text that can be stored and sent: half of a surrogate pair, which JSON can spell, cannot."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


if not SECRET.strip():
    raise SystemExit("WEBHOOK_SECRET is not set")
listener = socket.create_server(("127.0.0.1", int(os.environ.get("PORT", "0"))), backlog=1024)
# Whoever still sends when we are asked to stop is not waited for.
config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
uvicorn.Server(config).run(sockets=[listener])
