import { bytesOf, textOf } from './bytes.mjs'
import { same, verdict } from './expect.mjs'
import { providerOf } from './provider.mjs'

/**
 * Every vector: the request judged in each form that its headers and its body can have, by the core's MACs and by the
 * runtime's.
 */
export function signatures({ signatures }) {
  return signatures.flatMap(({ file, schemes, cases }) =>
    cases.map((vector) => ({
      id: `${file}/${vector.id}`,
      check({ hookproof }) {
        for (const nativeFrom of [0, Infinity]) judge(hookproof, vector, schemes[vector.scheme], nativeFrom)
      },
    })),
  )
}

function judge({ Webhook, WebhookConfigError, WebhookVerificationError }, vector, scheme, nativeFrom) {
  const { secrets, tolerance_secs, now_secs: now } = vector
  const tolerance = tolerance_secs === null ? 'unlimited' : tolerance_secs
  const options = { provider: providerOf(vector.scheme, scheme), secrets, tolerance, nativeFrom }
  let webhook
  const made = verdict(() => (webhook = new Webhook(options)), WebhookConfigError)
  if (made !== 'ok') return same(made, vector.result, 'making the verifier')
  const body = bytesOf(vector.body_base64)
  for (const [form, headers] of Object.entries(formsOf(vector, scheme))) {
    for (const raw of [body, body.buffer, textOf(body)]) {
      if (raw === undefined) continue
      const judged = verdict(() => webhook.verifySignature(raw, headers, { now }), WebhookVerificationError)
      const how = `${form}, ${typeof raw}, ${nativeFrom ? "the core's MAC" : "the runtime's MAC"}`
      same(judged, vector.result, how)
    }
  }
}

/** The forms that these headers can have. */
function formsOf({ headers, flags }, { kind, header }) {
  const node = {}
  for (const [name, value] of headers) (node[name.toLowerCase()] ??= []).push(value)
  const forms = { pairs: headers, "Node's object": node }
  // What the class trims or refuses never comes out of it either, and two lines do as one with a space in it.
  const isPlain = Object.values(node).every((lines) => lines.length === 1)
  if (isPlain && !flags.includes('direct-call')) forms.Headers = new Headers(headers)
  const values = node[header] ?? []
  if (kind !== 'standard' && values.length === 1) forms.value = values[0]
  return forms
}
