import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'

import { Webhook } from 'hookproof'

import { resultOf } from './fixtures.mjs'

const PACKAGES = { ESM: await import('hookproof/diagnose'), CommonJS: createRequire(import.meta.url)('hookproof/diagnose') }
const { diagnose } = PACKAGES.ESM

const NOW = 1_704_067_200
const SECRET = 'whsec_c2hvcC1leGFtcGxlLXNlY3JldC0x'
const BODY = '{"id":"evt_1","type":"payment.succeeded","data":{"object":{"note":"thé"}}}'

const sent = (body = BODY, { provider = 'turratech', secret = SECRET, now = NOW } = {}) =>
  new Webhook({ provider, secret }).sign(body, { now, id: 'msg_1' })

/** A right request, with one thing that is not; what is found. */
const CAUSES = {
  secret_whitespace: () => ({ secret: `${SECRET}\n` }),
  secret_decoded: () => ({ headers: sent(BODY, { provider: timestamped, secret: 'shop-example-secret-1' }) }),
  other_secret: () => ({ secret: 'whsec_new', otherSecrets: ['whsec_other', SECRET] }),
  bom_lost: () => ({ headers: sent(`\ufeff${BODY}`) }),
  bom_gained: () => ({ body: `\ufeff${BODY}` }),
  newline_lost: () => ({ headers: sent(`${BODY}\n`) }),
  newline_gained: () => ({ body: new TextEncoder().encode(`${BODY}\n`) }),
  reprinted: () => ({ body: JSON.stringify(JSON.parse(BODY), null, 2) }),
  milliseconds: () => ({ headers: signedBy(SECRET, `${NOW}000`) }),
  upper_case_digits: () => ({ headers: upper(sent()) }),
  other_provider: () => ({ headers: sent(BODY, { provider: 'stripe' }) }),
  body_alone: () => ({ headers: sent(BODY, { provider: bodyAlone }) }),
}

/** A header that our own signer would not make. */
const signedBy = (secret, time) => `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${BODY}`).digest('hex')}`

const timestamped = { name: 'shop', signature: { construction: 'timestamped', header: 'turratech-signature' } }
const bodyAlone = { name: 'shop', signature: { construction: 'body', header: 'turratech-signature', encoding: 'hex' } }
const upper = ({ 'turratech-signature': header }) => header.replace(/(?<=v1=).*/, (mac) => mac.toUpperCase())

describe('a mistake is named', () => {
  for (const [code, mistake] of Object.entries(CAUSES)) {
    test(code, () => {
      for (const { diagnose } of Object.values(PACKAGES)) {
        const found = diagnose({ secret: SECRET, headers: sent(), body: BODY, now: NOW, ...mistake() })
        assert.equal(found.verdict, 'caused', JSON.stringify(found))
        assert.deepEqual(found.causes.map(({ code }) => code), [code])
        assert.ok(found.causes[0].message.length > 20)
        assert.equal(found.causes[0].place, code === 'other_secret' ? 1 : undefined)
      }
    })
  }
})

test('the codes are the ones of the core', () => {
  const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8')
  const codes = (text, pattern) => [...text.matchAll(pattern)].map(([, code]) => code)
  const inCore = codes(read('../../../core/src/signature/diagnose/cause.rs'), /=> "(\w+)",$/gm)
  const type = read('../src/diagnose.ts').split('export type CauseCode =')[1].split('\n\n')[0]
  assert.deepEqual(codes(type, /'(\w+)'/g), inCore)
})

describe('a request', () => {
  const request = { secret: SECRET, headers: sent(), body: BODY, now: NOW }

  test('that is right is sound, whatever form its headers have', () => {
    const header = sent()['turratech-signature']
    for (const headers of [header, [header], sent(), { 'Turratech-Signature': header }, new Headers(sent()), Object.entries(sent())]) {
      assert.deepEqual(diagnose({ ...request, headers }), { verdict: 'sound' })
    }
  })

  test('is judged in whole seconds, as an endpoint judges it', () => {
    assert.equal(diagnose({ ...request, now: NOW + 300.9 }).verdict, 'sound')
    assert.equal(diagnose({ ...request, now: NOW + 301 }).verdict, 'unexplained')
  })

  test('that nothing known explains is refused as it would be', () => {
    for (const [mistake, code] of [
      [{ headers: {} }, 'missing_header'],
      [{ headers: 'nonsense' }, 'malformed_header'],
      [{ body: '{}' }, 'no_match'],
      [{ now: NOW + 301 }, 'too_old'],
    ]) {
      const { verdict, refusal } = diagnose({ ...request, ...mistake })
      assert.deepEqual([verdict, refusal.code], ['unexplained', code])
      assert.ok(refusal.message)
    }
  })

  test('shows neither its secrets nor the right signature in what is found', () => {
    const mac = /[0-9a-f]{64}/.exec(sent()['turratech-signature'])[0]
    for (const mistake of [{}, { secret: ` ${SECRET}` }, { secret: 'whsec_new', otherSecrets: [SECRET] }, { body: '{}' }]) {
      const found = JSON.stringify(diagnose({ ...request, ...mistake, headers: upper(sent()) }))
      for (const hidden of [SECRET, mac, 'whsec_new']) assert.ok(!found.includes(hidden), found)
    }
  })

  test('of three headers is found by their names', () => {
    const provider = 'standard-webhooks'
    const found = diagnose({ ...request, provider, headers: new Headers(sent(BODY, { provider })) })
    assert.deepEqual(found, { verdict: 'sound' })
    const { causes } = diagnose({ ...request, headers: sent(BODY, { provider }) })
    assert.match(causes[0].message, /Standard Webhooks/)
  })

  test('that cannot be diagnosed is refused', () => {
    for (const [mistake, code] of [
      [{ provider: 'turnstay' }, 'unsigned_provider'],
      [{ provider: 'nobody' }, 'bad_profile'],
      [{ body: JSON.parse(BODY) }, 'body_not_raw'],
      [{ now: NOW * 1000 }, 'bad_now'],
      [{ secret: undefined }, 'bad_argument'],
      [{ otherSecrets: SECRET }, 'bad_argument'],
    ]) {
      assert.equal(resultOf(() => diagnose({ ...request, ...mistake })), code)
    }
  })
})
