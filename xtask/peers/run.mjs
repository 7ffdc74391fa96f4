// Judges every signature vector by the SDKs for Node, each called as its documentation says.
//
//     node run.mjs FOLDER-OF-VECTORS
//
// One line of JSON for each vector and SDK of its construction: `verdict` is `accepted`, `refused` or
// `not_applicable`; `error` is the class of what was thrown, `why` is for a person.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { verify as octokit } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';

const stripe = new Stripe('no-api-call-is-made');

/** The SDKs of each construction. A call returns when it accepts and throws when it refuses. */
const PEERS = {
  timestamped: {
    'stripe-node': ({ body, headers, scheme, secret, tolerance }) => {
      stripe.webhooks.constructEvent(body, headers[scheme.header], secret, tolerance);
    },
  },
  standard: {
    'standardwebhooks-node': ({ body, headers, secret }) => new StandardWebhook(secret).verify(body, headers),
    'svix-node': ({ body, headers, secret }) => new SvixWebhook(secret).verify(body, headers),
  },
  body: {
    'octokit-node': async ({ body, headers, scheme, secret }) => {
      // It takes text. Of Node's ways to decode, this one keeps a byte order mark.
      if (!(await octokit(secret, body.toString(), headers[scheme.header]))) throw new NoMatch();
    },
  },
};

class NoMatch extends Error {
  name = 'false';
  message = 'returned false';
}

async function judge(file, peer, scheme, vector) {
  if (scheme.encoding === 'base64') return notApplicable('it knows GitHub\'s spelling only');
  if (vector.secrets.length === 0) return notApplicable('it is called with one secret at a time, and there is none');
  const tolerance = vector.tolerance_secs === undefined ? undefined : (vector.tolerance_secs ?? 0);
  const request = { body: Buffer.from(vector.body_base64, 'base64'), headers: asNodeHasThem(vector.headers), scheme, tolerance };
  Date.now = () => vector.now_secs * 1000;
  let refusal;
  for (const secret of vector.secrets) {
    try {
      await PEERS[file][peer]({ ...request, secret });
      return { verdict: 'accepted' };
    } catch (error) {
      // Only the JSON parser throws this, and it is reached behind the signature.
      if (error instanceof SyntaxError) return { verdict: 'accepted', why: 'and then the body is no JSON' };
      refusal ??= { verdict: 'refused', error: nameOf(error), why: error.message.split('\n')[0] };
    }
  }
  return refusal;
}

/** As `node:http` gives them: names in lower case, values of one name joined. */
function asNodeHasThem(lines) {
  const headers = {};
  for (const [name, value] of lines) {
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  return headers;
}

/** `standardwebhooks` gives its errors a name, `stripe` a class. */
function nameOf(error) {
  return error.constructor.name === 'Error' || error instanceof NoMatch ? error.name : error.constructor.name;
}

function notApplicable(why) {
  return { verdict: 'not_applicable', why };
}

for (const file of Object.keys(PEERS)) {
  const { schemes, cases } = JSON.parse(readFileSync(join(argv[2], `${file}.json`), 'utf8'));
  for (const vector of cases) {
    for (const peer of Object.keys(PEERS[file])) {
      const judged = await judge(file, peer, schemes[vector.scheme], vector);
      stdout.write(`${JSON.stringify({ file, case: vector.id, peer, ...judged })}\n`);
    }
  }
}
