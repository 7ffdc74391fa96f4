// TurraTech's first webhook sample, on Express. The handler is the document's: it trusts the parsed
// body, verifies no signature and keeps no event ids. Added to make it run and to give it something
// to do: `express.json()`, without which `req.body` is undefined, the call of `fulfil`, and a port.

import express from 'express';

const { DOWNSTREAM_URL, PORT = '0' } = process.env;
const app = express();
app.use(express.json());

app.post('/webhooks/turratech', async (req, res) => {
  const event = req.body;
  console.error(`Received: ${event.type}`);
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
