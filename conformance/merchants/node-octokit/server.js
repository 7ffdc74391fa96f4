// A Node server whose only route is the middleware of `@octokit/webhooks`. The library verifies,
// parses, calls the function registered for the event and answers; it does not deduplicate, so
// neither does this merchant.

import { createServer } from 'node:http';
import { createNodeMiddleware, Webhooks } from '@octokit/webhooks';

const { DOWNSTREAM_URL, PORT = '0', WEBHOOK_SECRET } = process.env;
const webhooks = new Webhooks({ secret: WEBHOOK_SECRET });

webhooks.on('issues', async ({ id }) => {
  if (!DOWNSTREAM_URL) return;
  const answer = await fetch(`${DOWNSTREAM_URL}/triage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event: id }),
  });
  if (!answer.ok) throw new Error(`triage answered ${answer.status}`);
});

const server = createServer(createNodeMiddleware(webhooks, { path: '/webhooks/github' }));
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/webhooks/github`);
});
