import { bytesOf } from './bytes.mjs'
import { same } from './expect.mjs'
import { providerOf } from './provider.mjs'

/** Every vector that is as its provider signs: the same headers come out of `sign`. */
export function signing({ signatures }) {
  return signatures.flatMap(({ file, schemes, cases }) =>
    cases
      .filter(({ flags }) => flags.includes('as-signed'))
      .map((vector) => ({
        id: `${file}/${vector.id}`,
        check: ({ hookproof }) => sign(hookproof, vector, schemes[vector.scheme]),
      })),
  )
}

function sign({ Webhook }, vector, scheme) {
  const { secrets, scheme: name, headers, signed_at_secs: now = vector.now_secs } = vector
  const webhook = new Webhook({ provider: providerOf(name, scheme), secrets })
  const expected = Object.fromEntries(headers)
  const body = bytesOf(vector.body_base64)
  const id = expected[scheme.id]
  same(sorted(webhook.sign(body, { now, id })), sorted(expected), 'headers')
  same(webhook.generateTestHeader({ body, now, id }), expected[scheme.signature ?? scheme.header], 'header')
  webhook.verifySignature(body, webhook.sign(body, { now, id }), { now })
}

const sorted = (record) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
