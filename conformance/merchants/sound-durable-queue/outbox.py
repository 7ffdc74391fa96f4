"""The queue of bookings, in SQLite: an event enters once, by the unique index over its id, and stays for ever."""

import sqlite3
import threading
from dataclasses import dataclass

# Times are in Unix seconds.
SCHEMA = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS outbox (
        event TEXT NOT NULL UNIQUE,
        type TEXT NOT NULL,
        object TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        -- The next attempt; nothing when it is booked.
        due REAL
    );
    CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due) WHERE due IS NOT NULL;
"""

PUT = "INSERT INTO outbox (event, type, object, due) VALUES (?, ?, ?, ?) ON CONFLICT (event) DO NOTHING"

# The lease moves the time of the next attempt ahead, so that no two workers take one event.
TAKE = """
    UPDATE outbox SET due = :now + :lease, attempts = attempts + 1
    WHERE rowid = (SELECT rowid FROM outbox WHERE due <= :now ORDER BY due LIMIT 1)
    RETURNING event, type, object, attempts
"""


@dataclass(frozen=True)
class Booking:
    event: str
    type: str
    object: str | None
    attempts: int = 0


class Outbox:
    """Safe for threads. What a method has returned from is on the disk."""

    def __init__(self, path: str, lease: float):
        """Opens the file. `lease` is how many seconds one attempt may take at most."""
        self._lease = lease
        self._lock = threading.Lock()
        self._filled = threading.Condition()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript(SCHEMA)
        # This process alone works on the file: what was under way when it died is due.
        self._execute("UPDATE outbox SET due = 0 WHERE due IS NOT NULL")

    def put(self, booking: Booking, now: float):
        """Enters a booking, unless its event is known."""
        self._execute(PUT, (booking.event, booking.type, booking.object, now))
        with self._filled:
            self._filled.notify()

    def take(self, now: float) -> Booking | None:
        """Leases the booking that is due longest."""
        rows = self._execute(TAKE, {"now": now, "lease": self._lease})
        return Booking(*rows[0]) if rows else None

    def wait(self, limit: float):
        """Returns when something was put, and after `limit` seconds at the latest."""
        with self._filled:
            self._filled.wait(limit)

    def finish(self, booking: Booking):
        self._execute("UPDATE outbox SET due = NULL WHERE event = ?", (booking.event,))

    def postpone(self, booking: Booking, until: float):
        self._execute("UPDATE outbox SET due = ? WHERE event = ? AND due IS NOT NULL", (until, booking.event))

    def _execute(self, statement: str, values=()) -> list:
        with self._lock:
            return self._db.execute(statement, values).fetchall()
