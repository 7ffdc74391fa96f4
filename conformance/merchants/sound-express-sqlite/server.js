// A receiver of TurraTech's webhooks that keeps every promise, on Express and SQLite.
//
// An event is claimed, booked downstream and acknowledged. Where the downstream takes its time, the event is noted as
// owed and acknowledged at once; the booking goes on, and is tried again until it succeeds. Where the downstream fails
// before we have acknowledged, the provider hears of it and sends the event again. A crash loses nothing: what is owed
// is on disk before the answer leaves, and a booking that may have been made is repeated with the same key.

import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { isSigned } from './signature.js';
import { Store } from './store.js';

const { DATABASE = 'events.db', DOWNSTREAM_URL, PORT = '0', WEBHOOK_SECRET } = process.env;
if (!WEBHOOK_SECRET?.trim()) throw new Error('WEBHOOK_SECRET is not set');

// The types that we book. Any other is acknowledged and logged.
const BOOKED = new Set([
  'payment.succeeded',
  'payment.failed',
  'payment.refunded',
  'customer.created',
  'subscription.created',
  'subscription.updated',
  'subscription.deleted',
  'subscription.trial_will_end',
  'invoice.paid',
  'invoice.payment_failed',
  'dispute.created',
  'payout.paid',
]);

// Far below the provider's limit of 30 s, and longer than a booking usually takes.
const PATIENCE_MS = 1000;
// Nobody waits for a booking that long; a lease outlasts it, so that no event is booked twice at a time.
const BOOKING_TIMEOUT_MS = 40_000;
const LEASE_MS = 60_000;
const OWED_EVERY_MS = 500;
const LONGEST_ID = 255;

const store = new Store(DATABASE, LEASE_MS);
const app = express();
app.disable('x-powered-by');

// The raw bytes, whatever the content type says of them: they are what is signed. Compressed ones are answered 415,
// more than the limit 413.
const raw = express.raw({ type: () => true, limit: '1mb', inflate: false });

app
  .route('/webhooks/turratech')
  .post(raw, async (req, res) => {
    const body = req.body ?? Buffer.alloc(0);
    if (!isSigned(body, req.get('turratech-signature'), WEBHOOK_SECRET, Date.now())) {
      res.status(401).json({ error: 'the signature does not hold' });
      return;
    }
    const event = eventIn(body);
    if (!event) {
      res.status(400).json({ error: 'the body is no event' });
      return;
    }
    if (!BOOKED.has(event.type)) {
      console.error('not booked:', JSON.stringify(event.type));
      res.json({ received: true });
      return;
    }
    const { status, ...headers } = await take(event);
    res.status(status).set(headers).json({ received: status < 300 });
  })
  .all((_, res) => res.status(405).set('allow', 'POST').end());

app.use((error, _req, res, _next) => {
  // The status is body-parser's for a request that it refuses. Anything else is our own trouble: nothing is acknowledged.
  const status = error.status ?? 500;
  if (status >= 500) console.error(error);
  res.status(status).json({ error: status < 500 ? error.message : 'not processed; send it again' });
});

/** From a verified event to its answer. */
async function take(event) {
  const claim = store.claim(event, Date.now());
  if (claim === 'settled') return { status: 200 };
  // A success would lose the event if the one who works on it failed.
  if (claim === 'busy') return { status: 409, 'retry-after': '1' };
  const booking = booked(event);
  const soon = await Promise.race([booking, sleep(PATIENCE_MS, 'later')]);
  if (soon !== 'later') return { status: soon ? 200 : 500 };
  store.owe(event.id);
  return { status: 202 };
}

/** Books a claimed event and says whether that succeeded. */
async function booked(event) {
  try {
    await book(event);
    store.finish(event.id);
    return true;
  } catch (error) {
    console.error('booking', JSON.stringify(event.id), 'failed:', error.message);
    store.release(event.id, Date.now());
    return false;
  }
}

async function book({ id, type, object }) {
  if (!DOWNSTREAM_URL) return;
  const answer = await fetch(`${DOWNSTREAM_URL}/ledger`, {
    method: 'POST',
    // Where an answer was lost, the booking may exist: the key lets the ledger know it again.
    headers: { 'content-type': 'application/json', 'idempotency-key': encodeURIComponent(id) },
    body: JSON.stringify({ event: id, type, object }),
    signal: AbortSignal.timeout(BOOKING_TIMEOUT_MS),
  });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`the ledger answered ${answer.status}`);
}

/** What we need of an event, or nothing where the bytes are none. */
function eventIn(body) {
  let event;
  try {
    event = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return undefined;
  }
  const object = event?.data?.object;
  if (!isText(event?.id) || !isText(event.type) || typeof object !== 'object' || object === null) return undefined;
  return { id: event.id, type: event.type, object: isText(object.id) ? object.id : null };
}

/** A text that can be stored and sent whole: half of a surrogate pair cannot, and the database ends a text at a NUL. */
function isText(value) {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_ID) return false;
  return value.isWellFormed() && !value.includes('\0');
}

setInterval(() => {
  try {
    for (const event of store.takeOwed(Date.now())) booked(event).catch(console.error);
  } catch (error) {
    // The disk may be full: what is owed stays owed.
    console.error(error);
  }
}, OWED_EVERY_MS);

// A request that has not come whole by then is answered 408; the others never wait for it.
const server = createServer({ requestTimeout: 30_000, connectionsCheckingInterval: 5000 }, app);
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhooks/turratech`);
});
