"""What became of each event, in SQLite: the unique index over `id` lets one delivery claim an event, and no other."""

import sqlite3
from typing import Literal, NamedTuple

# Times are in Unix seconds. Rows stay: a manual resend may come after any time.
SCHEMA = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA busy_timeout = 5000;
    CREATE TABLE IF NOT EXISTS events (
        id TEXT NOT NULL PRIMARY KEY,
        type TEXT NOT NULL,
        object TEXT,
        done INTEGER NOT NULL DEFAULT 0,
        -- Acknowledged before it was done: the provider will not send it again, so it is ours to finish.
        owed INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 1,
        -- Until then somebody works on it, or it rests.
        due REAL NOT NULL
    );
    CREATE INDEX IF NOT EXISTS owed_events ON events (due) WHERE owed AND NOT done;
"""

# One step, so that of many copies at once a single one gets a row back.
CLAIM = """
    INSERT INTO events (id, type, object, due) VALUES (:id, :type, :object, :lease)
    ON CONFLICT (id) DO UPDATE SET due = :lease, attempts = attempts + 1 WHERE NOT done AND NOT owed AND due <= :now
    RETURNING id
"""

# Not all at once, after an hour in which the downstream was away.
TAKE_OWED = """
    UPDATE events SET due = :lease, attempts = attempts + 1
    WHERE id IN (SELECT id FROM events WHERE owed AND NOT done AND due <= :now ORDER BY due LIMIT 50)
    RETURNING id, type, object
"""

# Not owed: the next delivery may try at once. Owed: we try again after 1 s, 2 s, 4 s, and so on to 64 s.
RELEASE = """
    UPDATE events SET due = CASE WHEN owed THEN :now + (1 << min(attempts - 1, 6)) ELSE :now END
    WHERE id = :id AND NOT done
"""


class Event(NamedTuple):
    """What we need of an event."""

    id: str
    type: str
    object: str | None


class Store:
    def __init__(self, path: str, lease: float):
        """Opens the file. `lease` is how many seconds one attempt at an event may take at most."""
        self._lease = lease
        # In autocommit: each statement is on the disk when it returns.
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(SCHEMA)
        # This process alone works on the file, so whoever worked on these has died.
        self._db.execute("UPDATE events SET owed = 1, due = 0 WHERE NOT done")

    def claim(self, event: Event, now: float) -> Literal["claimed", "busy", "settled"]:
        """`claimed`: work on it, and release or finish it. `busy`: somebody does. `settled`: it is done, or owed."""
        values = event._asdict() | {"now": now, "lease": now + self._lease}
        if self._db.execute(CLAIM, values).fetchall():
            return "claimed"
        done, owed = self._db.execute("SELECT done, owed FROM events WHERE id = ?", (event.id,)).fetchone()
        return "settled" if done or owed else "busy"

    def owe(self, event: Event):
        """From now on the event may be acknowledged, whatever becomes of this attempt or this process."""
        self._db.execute("UPDATE events SET owed = 1 WHERE id = ?", (event.id,))

    def take_owed(self, now: float) -> list[Event]:
        """Claims the owed events whose time has come."""
        return [Event(*row) for row in self._db.execute(TAKE_OWED, {"now": now, "lease": now + self._lease}).fetchall()]

    def finish(self, event: Event):
        self._db.execute("UPDATE events SET done = 1, due = 0 WHERE id = ?", (event.id,))

    def release(self, event: Event, now: float):
        self._db.execute(RELEASE, {"id": event.id, "now": now})
