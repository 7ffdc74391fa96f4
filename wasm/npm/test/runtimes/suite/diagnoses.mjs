import { bytesOf } from './bytes.mjs'
import { same } from './expect.mjs'
import { SECRETS, providerOf } from './provider.mjs'

/** Mistakes that people make, each found by its name; and every vector with one secret, found sound only where it is. */
export function diagnoses({ signatures }) {
  const mistakes = Object.entries(MISTAKES).map(([id, cause]) => ({
    id,
    check({ diagnose: { diagnose }, hookproof: { Webhook } }) {
      const request = { secret: SECRET, body: BODY, headers: new Webhook({ secret: SECRET }).sign(BODY, { now: NOW }), now: NOW }
      const { verdict, causes } = diagnose({ ...request, ...cause(request, Webhook) })
      same([verdict, causes?.map(({ code }) => code)], id === 'none' ? ['sound', undefined] : ['caused', [id]], 'diagnosis')
      if (causes?.[0].message.includes(SECRET)) throw new Error('the message shows the secret')
    },
  }))
  const vectors = signatures.flatMap(({ file, schemes, cases }) =>
    cases.filter(isPlain).map((vector) => ({
      id: `${file}/${vector.id}`,
      check: ({ diagnose }) => judge(diagnose, vector, schemes[vector.scheme]),
    })),
  )
  return [...mistakes, ...vectors]
}

/** What is changed in a sound request: the mistake is undone by its cause, and by no other. */
const MISTAKES = {
  none: () => ({}),
  secret_whitespace: () => ({ secret: `${SECRET}\n` }),
  other_secret: () => ({ secret: 'whsec_b3RoZXI', otherSecrets: [SECRET] }),
  newline_lost: (_, Webhook) => ({ headers: new Webhook({ secret: SECRET }).sign(`${BODY}\n`, { now: NOW }) }),
  newline_gained: () => ({ body: `${BODY}\n` }),
  bom_gained: () => ({ body: `\ufeff${BODY}` }),
  newlines_changed: (_, Webhook) => ({
    headers: new Webhook({ secret: SECRET }).sign('{"a":1,\r\n"b":2}', { now: NOW }),
    body: '{"a":1,\n"b":2}',
  }),
  reprinted: () => ({ body: JSON.stringify(JSON.parse(BODY), null, 2) }),
  upper_case_digits: ({ headers }) => ({
    headers: { 'turratech-signature': headers['turratech-signature'].replace(/(?<=v1=).*/, (mac) => mac.toUpperCase()) },
  }),
}

/** Of those the question is asked that a verifier with one secret and the usual tolerance is asked. */
const isPlain = ({ secrets, tolerance_secs, flags }) =>
  secrets.length === 1 && tolerance_secs === undefined && !flags.includes('caller')

function judge({ diagnose }, { scheme: name, secrets: [secret], headers, body_base64, now_secs: now, result }, scheme) {
  const { verdict } = diagnose({ provider: providerOf(name, scheme), secret, headers, body: bytesOf(body_base64), now })
  same(verdict === 'sound' ? 'ok' : 'refused', result === 'ok' ? 'ok' : 'refused', 'diagnosis')
}

const SECRET = SECRETS.turratech
const NOW = 1704067200
const BODY = '{"id":"evt_1","type":"payment.succeeded","created":1704067200,"data":{"object":{"id":"pay_1"}}}'
