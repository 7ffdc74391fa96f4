import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runInNewContext } from 'node:vm'

import { PACKAGES, resultOf } from './fixtures.mjs'

const { Webhook, constructEvent } = PACKAGES.ESM

const BODY = '{"id":"evt_1","type":"payment.succeeded","data":{"object":{}}}'
const SECRET = 'aG9va3Byb29mLXRlc3RzLTAxMjM0NTY3ODk='
const turratech = new Webhook({ secret: SECRET })
const standard = new Webhook({ provider: 'standard-webhooks', secret: SECRET })
const VALUE = turratech.generateTestHeader({ body: BODY })
const THREE = standard.sign(BODY, { id: 'msg_1' })

const capitals = (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]))

describe('headers', () => {
  const shapes = {
    'a Headers': (headers) => new Headers(headers),
    "Node's headers": (headers) => ({ host: 'shop.example', 'set-cookie': ['a', 'b'], ...headers }),
    'names in capitals': capitals,
    'values in lists': (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    pairs: (headers) => [['Host', 'shop.example'], ...Object.entries(capitals(headers))],
    'an object without a prototype': (headers) => Object.assign(Object.create(null), headers),
    "another realm's object": (headers) => runInNewContext('JSON.parse(text)', { text: JSON.stringify(headers) }),
    "a framework's, with get alone": (headers) => ({ get: (name) => headers[name] }),
  }
  for (const [name, shape] of Object.entries(shapes)) {
    test(`may be ${name}`, () => {
      for (const nativeFrom of [0, Infinity]) {
        new Webhook({ secret: SECRET, nativeFrom }).verify(BODY, shape({ 'turratech-signature': VALUE }))
        new Webhook({ provider: 'standard-webhooks', secret: SECRET, nativeFrom }).verifySignature(BODY, shape(THREE))
      }
    })
  }

  test("may be the signature header's value alone, where it is alone", () => {
    assert.equal(turratech.verify(BODY, VALUE).id, 'evt_1')
    assert.equal(turratech.verify(BODY, [VALUE]).id, 'evt_1')
    assert.throws(() => standard.verify(BODY, THREE['webhook-signature']), {
      name: 'WebhookConfigError',
      code: 'bad_headers',
      message: /three headers/,
    })
    const ofOnesOwn = { construction: 'standard', header: 's', idHeader: 'i', timestampHeader: 't' }
    const profile = new Webhook({ provider: { name: 'shop', signature: ofOnesOwn }, secret: SECRET })
    assert.equal(resultOf(() => profile.verify(BODY, 'v1,x')), 'bad_headers')
  })

  test('that the sender left out are the sender\'s fault', () => {
    for (const none of [undefined, null, {}, [], new Headers(), { 'turratech-signature': undefined }]) {
      assert.throws(() => turratech.verify(BODY, none), { name: 'WebhookVerificationError', code: 'missing_header' })
    }
    assert.equal(resultOf(() => constructEvent(BODY, undefined, SECRET)), 'missing_header')
  })

  test('that are no headers are the caller\'s fault', () => {
    for (const wrong of [5, true, () => VALUE, Symbol('x'), 5n]) {
      assert.throws(() => turratech.verify(BODY, wrong), { name: 'WebhookConfigError', code: 'bad_headers' })
    }
  })

  test('that stand twice are one value, so that none of them is believed alone', () => {
    for (const twice of [{ 'turratech-signature': [VALUE, VALUE] }, { 'turratech-signature': VALUE, 'Turratech-Signature': VALUE }, [VALUE, VALUE]]) {
      assert.equal(resultOf(() => turratech.verify(BODY, twice)), 'malformed_header')
    }
  })

  test('may have values beyond ASCII and of any length', () => {
    assert.equal(resultOf(() => turratech.verify(BODY, `${VALUE},x=é€𝄞\ud800`)), 'ok')
    assert.equal(resultOf(() => turratech.verify(BODY, VALUE + 'x'.repeat(8_192))), 'header_too_large')
    assert.equal(resultOf(() => turratech.verify(BODY, VALUE + 'x'.repeat(1_000_000))), 'header_too_large')
  })

  test('of another name do not count, whatever they are', () => {
    const odd = { 'turratech-signature': VALUE, 'x-n': 5, 'x-o': { a: 1 }, get: 'a header of that name', '': '' }
    assert.equal(turratech.verify(BODY, odd).id, 'evt_1')
  })

  test("of GitHub's tell its events", () => {
    const github = new Webhook({ provider: 'github', secret: 'it is a secret' })
    const signed = github.sign('{"action":"opened"}')
    const headers = new Headers({ ...signed, 'X-GitHub-Event': 'issues', 'X-GitHub-Delivery': 'd-1' })
    assert.deepEqual(github.verify('{"action":"opened"}', headers), { action: 'opened' })
    assert.equal(github.idempotencyKey('{"action":"opened"}', headers, 'shop'), 'github:shop:d-1')
    assert.equal(resultOf(() => github.verify('{"action":"opened"}', signed)), 'missing_field')
  })
})
