// A shop on Express and the official `stripe` SDK, written as the SDK's documentation tells:
// `express.raw` on the route, `constructEvent` on the bytes, one `switch` over the event type.
//
// There is no deduplication here on purpose. The SDK offers none, and what this merchant is for
// is to show what a shop gets from the SDK alone.

import express from 'express';
import Stripe from 'stripe';

const { DOWNSTREAM_URL, PORT = '0', WEBHOOK_SECRET } = process.env;
const stripe = new Stripe('no-api-call-is-made');
const app = express();

app.post('/webhooks/stripe', express.raw({ type: 'application/json' }), async (req, res) => {
  let event;
  try {
    event = stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], WEBHOOK_SECRET);
  } catch (error) {
    res.status(400).send(`Webhook Error: ${error.message}`);
    return;
  }
  switch (event.type) {
    case 'payment_intent.succeeded':
      await fulfil(event);
      break;
    default:
      console.error(`unhandled event type ${event.type}`);
  }
  res.json({ received: true });
});

async function fulfil(event) {
  if (!DOWNSTREAM_URL) return;
  const answer = await fetch(`${DOWNSTREAM_URL}/fulfil`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event: event.id }),
  });
  if (!answer.ok) throw new Error(`fulfilment answered ${answer.status}`);
}

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhooks/stripe`);
});
