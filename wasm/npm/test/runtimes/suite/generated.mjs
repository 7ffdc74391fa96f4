import { same } from './expect.mjs'
import { SECRETS } from './provider.mjs'

/** Every event that `hookproof/testing` makes, in a request of its making, arrives as it was made. */
export function generated({ events }) {
  return events
    .map(({ id }) => id.split('/'))
    .filter(([provider]) => provider in RECEIVED)
    .map(([provider, type]) => ({ id: type, check: (hookproof) => RECEIVED[provider](hookproof, type) }))
}

const RECEIVED = {
  async turratech({ hookproof: { constructEvent }, testing: { signedRequest, turratechEvent } }, type) {
    const event = turratechEvent(type, { livemode: true })
    same([event.type, event.livemode], [type, true], 'type and override')
    const { request, headers, body } = signedRequest({ event, secret: SECRETS.turratech, now: NOW })
    same(constructEvent(body, headers, SECRETS.turratech, 300, { now: NOW }), event, "by Node's parts")
    same(constructEvent(await request.text(), request.headers, SECRETS.turratech, 300, { now: NOW }), event, 'by a Request')
  },

  async turnstay({ hookproof: { parseEvent }, testing: { signedRequest, turnstayEvent } }, type) {
    const event = turnstayEvent(type)
    const { request } = signedRequest({ event, provider: 'turnstay' })
    same(parseEvent(await request.arrayBuffer(), request.headers), event, 'event')
  },
}

const NOW = 1704067200
