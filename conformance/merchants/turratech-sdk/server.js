// TurraTech's second webhook sample, on Express: it verifies before it acts, and keeps no event ids. The two lines
// with `constructEvent` are the document's. Added to make it run and to give it something to do: the raw body, the
// answer to what is refused, the call of `fulfil`, and a port.

import express from 'express';
import { turratech, WebhookVerificationError } from 'hookproof';

const { DOWNSTREAM_URL, PORT = '0', WEBHOOK_SECRET: endpointSecret } = process.env;
const app = express();

app.post('/webhooks/turratech', express.raw({ type: 'application/json' }), async (req, res) => {
  const sig = req.headers['turratech-signature'];
  let event;
  try {
    event = turratech.webhooks.constructEvent(req.body, sig, endpointSecret);
  } catch (error) {
    console.error(error.message);
    res.status(error instanceof WebhookVerificationError ? 400 : 500).end();
    return;
  }
  await fulfil(event);
  res.status(200).json({ received: true });
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
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhooks/turratech`);
});
