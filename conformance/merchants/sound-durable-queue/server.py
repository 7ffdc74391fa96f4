"""A receiver of TurraTech's webhooks that acknowledges first and works later, on Flask and a queue in SQLite.

A verified event is written to the queue, which keeps each id once, and acknowledged; no answer waits for the work.
Workers take events from the queue and book them downstream. What fails is tried again, later and later, for as long as
it takes. After a crash the queue goes on where it was: a booking that may have been made is repeated with the same key.
"""

import json
import logging
import os
import threading
import time
import urllib.request
from http.client import HTTPException
from urllib.parse import quote

from flask import Flask, request
from outbox import Booking, Outbox
from signature import Refused, verify
from waitress import create_server

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

# So many slow bookings keep nobody waiting.
WORKERS = 16
# A lease outlasts a call, so that no event is booked twice at a time.
BOOKING_TIMEOUT_SECS = 40
LEASE_SECS = 60
LONGEST_DELAY_SECS = 64
LARGEST_BODY = 1 << 20
LONGEST_ID = 255

outbox = Outbox(os.environ.get("DATABASE", "events.db"), LEASE_SECS)
app = Flask(__name__, static_folder=None)


@app.post("/webhooks/turratech", provide_automatic_options=False)
def receive():
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        return {"error": "compressed bodies are not taken"}, 415
    # The raw bytes: they are what is signed.
    body = request.get_data()
    try:
        verify(body, request.headers.get("turratech-signature", ""), SECRET, time.time())
    except Refused as refused:
        return {"error": str(refused)}, 401
    booking = booking_for(body)
    if booking is None:
        return {"error": "the body is no event"}, 400
    if booking.type not in BOOKED:
        app.logger.warning("not booked: %r", booking.type)
        return {"received": True}
    # On the disk before the answer leaves. Where that fails, so does the answer, and the event comes again.
    outbox.put(booking, time.time())
    return {"received": True}, 202


def booking_for(body: bytes) -> Booking | None:
    """What an event asks us to book, or nothing where the bytes are no event."""
    try:
        event = json.loads(body.decode(), parse_constant=refuse)
    # A body nested deeper than the parser follows is no event of this provider's.
    except (ValueError, RecursionError):
        return None
    match event:
        case {"id": str(identity), "type": str(kind), "data": {"object": dict(thing)}}:
            if is_name(identity) and is_name(kind):
                return Booking(identity, kind, thing["id"] if is_name(thing.get("id")) else None)
    return None


def refuse(constant: str):
    raise ValueError(f"{constant} is no JSON")


def is_name(value: object) -> bool:
    """A text that can be stored and sent: half of a surrogate pair, which JSON can spell, cannot."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def work():
    while True:
        try:
            booking = outbox.take(time.time())
            if booking is None:
                outbox.wait(1)
            else:
                attempt(booking)
        except Exception:
            # The disk may be full. What was leased is due again when its lease ends.
            app.logger.exception("the queue failed")
            time.sleep(1)


def attempt(booking: Booking):
    try:
        book(booking)
    except (OSError, HTTPException) as error:
        # After 1 s, 2 s, 4 s, and so on.
        delay = min(2 ** (booking.attempts - 1), LONGEST_DELAY_SECS)
        app.logger.error("booking %r failed, next attempt in %s s: %s", booking.event, delay, error)
        outbox.postpone(booking, time.time() + delay)
    else:
        outbox.finish(booking)


def book(booking: Booking):
    if DOWNSTREAM_URL is None:
        return
    call = urllib.request.Request(
        f"{DOWNSTREAM_URL}/ledger",
        data=json.dumps({"event": booking.event, "type": booking.type, "object": booking.object}).encode(),
        # Where an answer was lost, the booking may exist: the key lets the ledger know it again.
        headers={"content-type": "application/json", "idempotency-key": quote(booking.event, safe="")},
    )
    urllib.request.urlopen(call, timeout=BOOKING_TIMEOUT_SECS).close()


def main():
    if not SECRET.strip():
        raise SystemExit("WEBHOOK_SECRET is not set")
    logging.basicConfig(level=logging.WARNING)
    # A burst is no cause for a line a request.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    for _ in range(WORKERS):
        threading.Thread(target=work, daemon=True).start()
    server = create_server(
        app,
        host="127.0.0.1",
        port=int(os.environ.get("PORT", "0")),
        max_request_body_size=LARGEST_BODY + 1,
        # waitress hands over a request when it is whole: one that is sent slowly holds a connection, but no thread.
        connection_limit=1000,
        channel_timeout=30,
        cleanup_interval=5,
        asyncore_use_poll=True,
    )
    print(f"listening on http://127.0.0.1:{server.effective_port}/webhooks/turratech", flush=True)
    server.run()


if __name__ == "__main__":
    main()
