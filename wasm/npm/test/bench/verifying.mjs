// The signature alone, beside Node's HMAC over the same bytes: the least that verification by Node's own means does.

import { createHmac } from 'node:crypto'

import { Webhook } from '../../dist/esm/index.js'
import { SECRET, SIZES, bodyOf } from './body.mjs'
import { roundsOf, tell } from './rounds.mjs'

const webhook = new Webhook({ secret: SECRET })
const core = new Webhook({ secret: SECRET, nativeFrom: Infinity })
const host = new Webhook({ secret: SECRET, nativeFrom: 0 })

for (const size of SIZES) {
  const { text, bytes, header } = signed(size)
  const before = header.slice('t='.length, header.indexOf(',')) + '.'
  const hmacOf = (body) => createHmac('sha256', SECRET).update(before).update(body).digest()
  if (!header.endsWith(hmacOf(bytes).toString('hex'))) throw new Error('createHmac makes another MAC')
  const rounds = roundsOf({
    'verifySignature, string': () => webhook.verifySignature(text, header),
    'createHmac, string': () => hmacOf(text),
    'verifySignature, Buffer': () => webhook.verifySignature(bytes, header),
    'createHmac, Buffer': () => hmacOf(bytes),
  })
  const goal = size < 1_024 ? { ratio: 0.7 } : size < 2_048 ? {} : { ratio: 1.1 }
  for (const body of ['string', 'Buffer']) {
    tell('verifying', size, rounds, `verifySignature, ${body}`, `createHmac, ${body}`, goal)
  }
}

// From which size on the package should ask the host for its hash.
for (const size of [300, 512, 1_024, 1_536, 2_048, 4_096]) {
  const { text, bytes, header } = signed(size)
  const rounds = roundsOf({
    'host, string': () => host.verifySignature(text, header),
    'core, string': () => core.verifySignature(text, header),
    'host, Buffer': () => host.verifySignature(bytes, header),
    'core, Buffer': () => core.verifySignature(bytes, header),
  })
  for (const body of ['string', 'Buffer']) tell('threshold', size, rounds, `host, ${body}`, `core, ${body}`)
}

function signed(size) {
  const text = bodyOf(size)
  return { text, bytes: Buffer.from(text), header: webhook.generateTestHeader({ body: text }) }
}
