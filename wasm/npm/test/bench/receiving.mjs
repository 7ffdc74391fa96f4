// `constructEvent` and `Webhook.verify` beside the calls that they replace. Everyone verifies and gives the parsed event.

import { Webhook as StandardWebhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { Webhook as SvixWebhook } from 'svix'

import { Webhook, constructEvent } from '../../dist/esm/index.js'
import { SECRET, SIZES, bodyOf } from './body.mjs'
import { roundsOf, row } from './rounds.mjs'

const stripe = new Stripe('no-api-call-is-made')
const timestamped = new Webhook({ secret: SECRET })
const standard = new Webhook({ provider: 'standard-webhooks', secret: SECRET })
const standardwebhooks = new StandardWebhook(SECRET)
const svix = new SvixWebhook(SECRET)

for (const size of SIZES) {
  const text = bodyOf(size)
  const bytes = Buffer.from(text)
  const header = timestamped.generateTestHeader({ body: text })
  const headers = standard.sign(text, { id: 'msg_1' })
  const contenders = {
    'constructEvent, string': () => constructEvent(text, header, SECRET),
    'stripe, string': () => stripe.webhooks.constructEvent(text, header, SECRET),
    'constructEvent, Buffer': () => constructEvent(bytes, header, SECRET),
    'stripe, Buffer': () => stripe.webhooks.constructEvent(bytes, header, SECRET),
    'Webhook.verify, Standard Webhooks': () => standard.verify(text, headers),
    standardwebhooks: () => standardwebhooks.verify(text, headers),
    // It gives nothing: whoever calls it parses.
    svix: () => (svix.verify(text, headers), JSON.parse(text)),
  }
  demandTheSameEvent(contenders, text)
  const rounds = roundsOf(contenders)
  // Where hashing and parsing are nearly all there is to do, the scan that they leave out costs a tenth.
  const goal = size <= 8_192 ? 1 : 1 / 0.9
  for (const body of ['string', 'Buffer']) tell(size, rounds, `constructEvent, ${body}`, `stripe, ${body}`, goal)
  for (const peer of ['standardwebhooks', 'svix']) {
    tell(size, rounds, 'Webhook.verify, Standard Webhooks', peer, size <= 8_192 ? 1 : undefined)
  }
}

function tell(size, rounds, ours, theirs, goal) {
  console.log(JSON.stringify(row('receiving', size, rounds, [ours, theirs], { goal })))
}

/** A contender that gives up early would look fast. */
function demandTheSameEvent(contenders, text) {
  for (const [name, call] of Object.entries(contenders)) {
    if (JSON.stringify(call()) !== text) throw new Error(`${name} gives another event`)
  }
}
