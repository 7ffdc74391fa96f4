// The signature alone, beside Node's HMAC over the same bytes: the least that any verification in JavaScript does.

import { createHmac } from 'node:crypto'

import { Webhook } from '../../dist/esm/index.js'
import { SECRET, SIZES, bodyOf } from './body.mjs'
import { roundsOf, row } from './rounds.mjs'

const webhook = new Webhook({ secret: SECRET })
const own = new Webhook({ secret: SECRET, nativeFrom: Infinity })
const native = new Webhook({ secret: SECRET, nativeFrom: 0 })

for (const size of SIZES) {
  const text = bodyOf(size)
  const bytes = Buffer.from(text)
  const header = webhook.generateTestHeader({ body: text })
  const before = header.slice('t='.length, header.indexOf(',')) + '.'
  const rounds = roundsOf({
    'verifySignature, string': () => webhook.verifySignature(text, header),
    'createHmac, string': () => createHmac('sha256', SECRET).update(before).update(text).digest(),
    'verifySignature, Buffer': () => webhook.verifySignature(bytes, header),
    'createHmac, Buffer': () => createHmac('sha256', SECRET).update(before).update(bytes).digest(),
  })
  const goal = size < 1_024 ? 0.7 : size >= 2_048 ? 1.1 : undefined
  for (const body of ['string', 'Buffer']) {
    console.log(JSON.stringify(row('verifying', size, rounds, [`verifySignature, ${body}`, `createHmac, ${body}`], { goal })))
  }
}

// Where the host's HMAC begins to win: the package asks it from 2,048 bytes on.
for (const size of [512, 1_024, 1_536, 2_048, 3_072, 4_096]) {
  const text = bodyOf(size)
  const bytes = Buffer.from(text)
  const header = webhook.generateTestHeader({ body: text })
  const rounds = roundsOf({
    'the core, string': () => own.verifySignature(text, header),
    'the host, string': () => native.verifySignature(text, header),
    'the core, Buffer': () => own.verifySignature(bytes, header),
    'the host, Buffer': () => native.verifySignature(bytes, header),
  })
  for (const body of ['string', 'Buffer']) {
    console.log(JSON.stringify(row('threshold', size, rounds, [`the core, ${body}`, `the host, ${body}`])))
  }
}
