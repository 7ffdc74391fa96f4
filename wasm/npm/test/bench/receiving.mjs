// `constructEvent` and `Webhook.verify` beside the calls that they replace. Everyone verifies and gives the parsed event.

import { Webhook as StandardWebhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { Webhook as SvixWebhook } from 'svix'

import { Webhook, constructEvent } from '../../dist/esm/index.js'
import { SECRET, SIZES, bodyOf } from './body.mjs'
import { roundsOf, tell } from './rounds.mjs'

const stripe = new Stripe('no-api-call-is-made')
const timestamped = new Webhook({ secret: SECRET })
const standard = new Webhook({ provider: 'standard-webhooks', secret: SECRET })
const standardwebhooks = new StandardWebhook(SECRET)
const svix = new SvixWebhook(SECRET)

for (const size of SIZES) {
  const text = bodyOf(size)
  const ascii = text.replaceAll(/[^\0-\x7f]/g, 'e')
  const bytes = Buffer.from(text)
  const headerOf = (body) => timestamped.generateTestHeader({ body })
  const header = headerOf(text)
  const asciiHeader = headerOf(ascii)
  const headers = standard.sign(text, { id: 'msg_1' })
  const contenders = {
    'constructEvent, string': () => constructEvent(text, header, SECRET),
    'stripe, string': () => stripe.webhooks.constructEvent(text, header, SECRET),
    'constructEvent, ASCII': () => constructEvent(ascii, asciiHeader, SECRET),
    'stripe, ASCII': () => stripe.webhooks.constructEvent(ascii, asciiHeader, SECRET),
    'constructEvent, Buffer': () => constructEvent(bytes, header, SECRET),
    'stripe, Buffer': () => stripe.webhooks.constructEvent(bytes, header, SECRET),
    'Webhook.verify, string': () => standard.verify(text, headers),
    'standardwebhooks, string': () => standardwebhooks.verify(text, headers),
    // It gives nothing: whoever calls it parses.
    'svix, string': () => (svix.verify(text, headers), JSON.parse(text)),
  }
  demandTheSameEvent(contenders, { text, ascii })
  const rounds = roundsOf(contenders)
  const isLarge = size > 8_192
  for (const body of ['string', 'ASCII', 'Buffer']) {
    // Behind so many bytes there is little but hashing and parsing, and the scan, which they leave out, costs a tenth.
    tell('receiving', size, rounds, `constructEvent, ${body}`, `stripe, ${body}`, { ratio: isLarge ? 1 / 0.9 : 1 })
  }
  for (const peer of ['standardwebhooks', 'svix']) {
    tell('receiving', size, rounds, 'Webhook.verify, string', `${peer}, string`, isLarge ? {} : { ratio: 1 })
  }
}

/** A contender that gives up early would look fast. */
function demandTheSameEvent(contenders, { text, ascii }) {
  for (const [name, call] of Object.entries(contenders)) {
    const right = name.endsWith('ASCII') ? ascii : text
    if (JSON.stringify(call()) !== right) throw new Error(`${name} gives another event`)
  }
}
