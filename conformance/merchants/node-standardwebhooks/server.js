// A bare Node server and the `standardwebhooks` library. The library verifies and parses; reading
// the body and answering are the merchant's own, and so would be deduplication, which is left out
// because the library offers none.

import { createServer } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const { DOWNSTREAM_URL, PORT = '0', WEBHOOK_SECRET } = process.env;
const webhook = new Webhook(WEBHOOK_SECRET);

const server = createServer(async (req, res) => {
  if (req.method !== 'POST' || req.url !== '/webhooks') {
    res.writeHead(404).end();
    return;
  }
  try {
    const event = webhook.verify(await read(req), req.headers);
    if (event.type === 'contact.created') await welcome(req.headers['webhook-id']);
    res.writeHead(204).end();
  } catch (error) {
    console.error(error.message);
    res.writeHead(error instanceof WebhookVerificationError ? 400 : 500).end();
  }
});

async function read(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function welcome(event) {
  if (!DOWNSTREAM_URL) return;
  const answer = await fetch(`${DOWNSTREAM_URL}/welcome`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event }),
  });
  if (!answer.ok) throw new Error(`welcome answered ${answer.status}`);
}

server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhooks`);
});
