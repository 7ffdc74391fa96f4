import { bytesOf, textOf } from './bytes.mjs'
import { same, verdict } from './expect.mjs'
import { SECRETS } from './provider.mjs'

/** Every body of the fixtures, rightly signed: the event that it is, or why it is none; and each provider's events. */
export function events({ bodies, events }) {
  return [
    ...bodies.map((request) => ({ id: request.id, check: ({ hookproof }) => read(hookproof, request) })),
    ...events.map(({ id, provider, body_base64 }) => ({
      id,
      check: ({ hookproof }) => read(hookproof, { provider, headers: HEADERS, body_base64, result: 'ok' }),
    })),
  ]
}

function read({ EventFormatError, Webhook, parseEvent }, { id, provider, headers, body_base64, result, event }) {
  const body = bytesOf(body_base64)
  const text = textOf(body)
  const secret = SECRETS[provider]
  for (const raw of [body, text]) {
    if (raw === undefined) continue
    for (const nativeFrom of [0, Infinity]) {
      let given
      const judged = verdict(() => {
        if (!secret) return (given = parseEvent(raw, headers, { provider }))
        const webhook = new Webhook({ provider, secret, nativeFrom })
        const signed = webhook.sign(body, { now: NOW, id: 'msg_1' })
        given = webhook.verify(raw, [...headers.filter(([name]) => !(name in signed)), ...Object.entries(signed)], { now: NOW })
      }, EventFormatError)
      same(judged, id === WIDE ? 'unsafe_integer' : result, typeof raw)
      if (judged !== 'ok') continue
      same(given, JSON.parse(text), 'event')
      if (event && provider === 'turratech') same([given.id, given.type], [event.id, event.type], 'id and type')
    }
  }
}

/** What some of GitHub's event stands in: the others' is all in the body. */
const HEADERS = [
  ['x-github-delivery', '72d3162e-cc78-11e3-81ab-4c9367dc0958'],
  ['x-github-event', 'issues'],
]
const NOW = 1704067200

/** A body that is an event, with a number in it that is none of JavaScript's. */
const WIDE = 'integer-beyond-doubles'
