import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { PACKAGES, bodyOf, fixture, resultOf } from './fixtures.mjs'

/** Providers of the vectors that are not built in. */
const PROFILES = {
  'in-base64': { name: 'in-base64', signature: { construction: 'body', header: 'x-hmac-sha256', encoding: 'base64' } },
}

/** Where the MAC is made. */
const HOSTS = { core: Infinity, 'node:crypto': 0 }

const options = ({ scheme, secrets, tolerance_secs }) => ({
  provider: PROFILES[scheme] ?? scheme,
  secrets,
  tolerance: tolerance_secs === null ? 'unlimited' : tolerance_secs,
})

for (const file of ['timestamped', 'standard', 'body']) {
  const { cases } = fixture(`signatures/${file}.json`)
  for (const [kind, { Webhook }] of Object.entries(PACKAGES)) {
    for (const [host, nativeFrom] of Object.entries(HOSTS)) {
      describe(`${file}, ${kind}, MACs by ${host}`, () => {
        for (const vector of cases) {
          const { id, comment, flags, now_secs: now, headers, result } = vector
          const body = bodyOf(vector)
          const webhook = () => new Webhook({ ...options(vector), nativeFrom })

          test(`${id}: ${comment}`, () => {
            assert.equal(resultOf(() => webhook().verifySignature(body, headers, { now })), result)
          })
          if (result === 'ok' && body.length > 0) {
            test(`${id}: the same bytes with one bit changed are refused`, () => {
              const changed = Buffer.from(body)
              changed[changed.length >> 1] ^= 1
              assert.equal(resultOf(() => webhook().verifySignature(changed, headers, { now })), 'no_match')
            })
          }
          if (flags.includes('as-signed')) {
            test(`${id}: is what we sign`, () => {
              const message = Object.fromEntries(headers)['webhook-id']
              assert.deepEqual(Object.entries(webhook().sign(body, { now, id: message })), headers)
            })
          }
        }
      })
    }
  }
}

test('the same vectors give the same verdicts with their event read', () => {
  const { Webhook } = PACKAGES.ESM
  for (const vector of fixture('signatures/timestamped.json').cases) {
    const { now_secs: now, headers, result } = vector
    for (const nativeFrom of Object.values(HOSTS)) {
      const verdict = resultOf(() => new Webhook({ ...options(vector), nativeFrom }).verify(bodyOf(vector), headers, { now }))
      // Once a signature holds, the body may still be no event.
      if (result !== 'ok') assert.equal(verdict, result, vector.id)
    }
  }
})
