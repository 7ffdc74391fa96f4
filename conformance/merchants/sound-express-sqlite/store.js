// What became of each event, in SQLite: the unique index over `id` lets one delivery claim an event, and no other.

// Has the interface of `node:sqlite`, which newer versions of Node bring themselves.
import { DatabaseSync } from '@photostructure/sqlite';

// Times are in milliseconds. Rows stay: a manual resend may come after any time.
const SCHEMA = `
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
    due INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS owed_events ON events (due) WHERE owed AND NOT done;
`;

// One step, so that of many copies at once a single one gets a row back.
const CLAIM = `
  INSERT INTO events (id, type, object, due) VALUES (:id, :type, :object, :lease)
  ON CONFLICT (id) DO UPDATE SET due = :lease, attempts = attempts + 1 WHERE NOT done AND NOT owed AND due <= :now
  RETURNING id`;

// Not all at once, after an hour in which the downstream was away.
const TAKE_OWED = `
  UPDATE events SET due = :lease, attempts = attempts + 1
  WHERE id IN (SELECT id FROM events WHERE owed AND NOT done AND due <= :now ORDER BY due LIMIT 50)
  RETURNING id, type, object`;

// Not owed: the next delivery may try at once. Owed: we try again after 1 s, 2 s, 4 s, and so on to 64 s.
const RELEASE = `
  UPDATE events SET due = CASE WHEN owed THEN :now + 1000 * (1 << min(attempts - 1, 6)) ELSE :now END
  WHERE id = :id AND NOT done`;

export class Store {
  // Statements do not keep their database alive, so this does.
  #db;
  #lease;
  #claim;
  #state;
  #owe;
  #takeOwed;
  #finish;
  #release;

  /** Opens the file. `lease` is how long one attempt at an event may take at most. */
  constructor(path, lease) {
    const db = new DatabaseSync(path);
    this.#db = db;
    db.exec(SCHEMA);
    // This process alone works on the file, so whoever worked on these has died.
    db.exec('UPDATE events SET owed = 1, due = 0 WHERE NOT done');
    this.#lease = lease;
    this.#claim = db.prepare(CLAIM);
    this.#state = db.prepare('SELECT done, owed FROM events WHERE id = :id');
    this.#owe = db.prepare('UPDATE events SET owed = 1 WHERE id = :id');
    this.#takeOwed = db.prepare(TAKE_OWED);
    this.#finish = db.prepare('UPDATE events SET done = 1, due = 0 WHERE id = :id');
    this.#release = db.prepare(RELEASE);
  }

  /** `claimed`: work on it, and release or finish it. `busy`: somebody does. `settled`: it is done, or owed. */
  claim({ id, type, object }, now) {
    if (this.#claim.get({ id, type, object, now, lease: now + this.#lease })) return 'claimed';
    const { done, owed } = this.#state.get({ id });
    return done || owed ? 'settled' : 'busy';
  }

  /** From now on the event may be acknowledged, whatever becomes of this attempt or this process. */
  owe(id) {
    this.#owe.run({ id });
  }

  /** Claims the owed events whose time has come. */
  takeOwed(now) {
    return this.#takeOwed.all({ now, lease: now + this.#lease });
  }

  finish(id) {
    this.#finish.run({ id });
  }

  release(id, now) {
    this.#release.run({ id, now });
  }
}
