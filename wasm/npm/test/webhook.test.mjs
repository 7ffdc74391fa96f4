import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'

import { PACKAGES, resultOf } from './fixtures.mjs'

const { EventFormatError, Webhook, WebhookConfigError, WebhookVerificationError, constructEvent, turratech } = PACKAGES.ESM

const BODY = '{"id":"evt_1","type":"payment.succeeded","data":{"object":{}}}'
const SECRET = 'whsec_c2hvcC1leGFtcGxlLXNlY3JldC0x'
const OTHER = 'whsec_b3RoZXI='
const now = 1_704_067_200
const signedAt = (seconds, secret = SECRET) => new Webhook({ secret }).generateTestHeader({ body: BODY, now: seconds })

describe('constructEvent', () => {
  test("is the call that TurraTech's page prints", () => {
    const event = turratech.webhooks.constructEvent(Buffer.from(BODY), signedAt(Date.now() / 1000), SECRET)
    assert.deepEqual(event, JSON.parse(BODY))
  })

  test('takes several secrets, a tolerance and a moment', () => {
    assert.equal(constructEvent(BODY, signedAt(now, OTHER), [SECRET, OTHER], 10, { now: now + 10 }).id, 'evt_1')
    assert.equal(resultOf(() => constructEvent(BODY, signedAt(now), SECRET, 10, { now: now + 11 })), 'too_old')
    assert.equal(constructEvent(BODY, signedAt(now), SECRET, 'unlimited').id, 'evt_1')
  })

  test('never takes one set of secrets for another, however they are written', () => {
    const header = signedAt(now)
    const others = [OTHER, [OTHER], [`${SECRET},${OTHER}`], JSON.stringify([SECRET]), `300 ${SECRET}`, `${SECRET}x`]
    for (let round = 0; round < 2; round++) {
      assert.equal(constructEvent(BODY, header, SECRET, 300, { now }).id, 'evt_1')
      assert.equal(constructEvent(BODY, header, [SECRET], 300, { now }).id, 'evt_1')
      for (const secret of others) {
        assert.equal(resultOf(() => constructEvent(BODY, header, secret, 300, { now })), 'no_match', inspect(secret))
      }
      assert.equal(resultOf(() => constructEvent(BODY, header, SECRET, 300, { now: now + 301 })), 'too_old')
      assert.equal(resultOf(() => constructEvent(BODY, header, SECRET, 400, { now: now + 301 })), 'ok')
    }
  })

  test('never takes one tolerance for another either', () => {
    const header = signedAt(now)
    for (const secret of [SECRET, [SECRET]]) {
      for (const tolerance of [undefined, 300]) {
        assert.equal(constructEvent(BODY, header, secret, tolerance, { now }).id, 'evt_1')
        assert.equal(resultOf(() => constructEvent(BODY, header, secret, tolerance, { now: now + 301 })), 'too_old')
      }
      assert.equal(constructEvent(BODY, header, secret, 'unlimited').id, 'evt_1')
      for (const tolerance of [NaN, Infinity, '300', 'undefined', null]) {
        assert.equal(resultOf(() => constructEvent(BODY, header, secret, tolerance, { now })), 'bad_tolerance', inspect(tolerance))
      }
    }
  })
})

describe('the moment', () => {
  test('is Unix seconds: five minutes either way hold, and not a second more', () => {
    for (const [off, result] of [[300, 'ok'], [301, 'too_old'], [-300, 'ok'], [-301, 'too_new'], [300.999, 'ok']]) {
      assert.equal(resultOf(() => new Webhook({ secret: SECRET }).verify(BODY, signedAt(now), { now: now + off })), result)
    }
  })

  test("is the clock's without one", (t) => {
    t.mock.method(Date, 'now', () => now * 1000)
    assert.equal(new Webhook({ secret: SECRET }).verify(BODY, signedAt(now)).id, 'evt_1')
    assert.equal(signedAt(), signedAt(now))
    Date.now.mock.mockImplementation(() => now * 1000 + 301_000)
    assert.equal(resultOf(() => new Webhook({ secret: SECRET }).verify(BODY, signedAt(now))), 'too_old')
  })

  test('in milliseconds is told', () => {
    const webhook = new Webhook({ secret: SECRET })
    for (const call of [(at) => webhook.verify(BODY, '', at), (at) => webhook.verifySignature(BODY, '', at), (at) => webhook.sign(BODY, at)]) {
      assert.throws(() => call({ now: now * 1000 }), { name: 'WebhookConfigError', code: 'bad_now', message: /milliseconds were given/ })
      assert.throws(() => call({ now: new Date(now * 1000) }), { code: 'bad_now' })
      for (const wrong of [NaN, -1, Infinity, '5', null, 5n]) assert.throws(() => call({ now: wrong }), { code: 'bad_now' })
    }
  })
})

describe('a webhook that cannot be right is not made', () => {
  const cases = [
    [{}, 'no_secret'],
    [{ secret: undefined }, 'no_secret'],
    [{ secrets: [] }, 'no_secret'],
    [{ secret: '' }, 'blank_secret'],
    [{ secret: ' \n' }, 'blank_secret'],
    [{ secret: Buffer.from(SECRET) }, 'blank_secret'],
    [{ secrets: [SECRET, undefined] }, 'blank_secret'],
    [{ secret: `${SECRET}\n` }, 'secret_whitespace'],
    [{ provider: 'standard-webhooks', secret: 'no base64' }, 'secret_not_base64'],
    [{ provider: 'standard-webhooks', secret: 'whsec_' }, 'secret_empty_key'],
    [{ secret: SECRET, tolerance: 0 }, 'tolerance_zero'],
    ...[-1, 1.5, NaN, Infinity, '300', null].map((tolerance) => [{ secret: SECRET, tolerance }, 'bad_tolerance']),
    [{ provider: 'paypal', secret: SECRET }, 'bad_profile'],
    [{ provider: { name: 'shop', signature: { construction: 'timestamped' } }, secret: SECRET }, 'bad_profile'],
    [{ provider: { name: 'shop', signature: { construction: 'rsa', header: 'x' } }, secret: SECRET }, 'bad_profile'],
    [{ provider: { name: 'shop', signature: { construction: 'body', header: 'x' } }, secret: SECRET }, 'bad_profile'],
    [{ provider: { name: 'shop', event: { createdFormat: 'iso' } } }, 'bad_profile'],
  ]
  for (const [options, code] of cases) {
    test(`${inspect(options, { breakLength: Infinity })}: ${code}`, () => {
      assert.throws(() => new Webhook(options), { name: 'WebhookConfigError', code })
    })
  }

  test('what is wrong with a secret is said of the secret', () => {
    assert.throws(() => new Webhook({ secret: ' ' }), { message: /^the secret is blank; give/ })
    assert.throws(() => new Webhook({ secret: 'a ' }), { message: /^the secret has white space around it/ })
  })
})

test('a profile is a provider of one\'s own', () => {
  const provider = {
    name: 'shop',
    event: { id: { header: 'X-Shop-Delivery' }, type: '/kind', created: '/at', createdFormat: 'rfc3339', object: '/order', objectId: '/order/no' },
    signature: { construction: 'body', header: 'X-Shop-Signature', prefix: 'hmac ', encoding: 'base64' },
    key: ['/order/no', '/order/state'],
  }
  const shop = new Webhook({ provider, secret: SECRET })
  const body = '{"kind":"paid","at":"2024-01-01T00:00:00Z","order":{"no":7,"state":"done"}}'
  const headers = { ...shop.sign(body), 'x-shop-delivery': 'd-1' }
  assert.match(headers['X-Shop-Signature'], /^hmac [A-Za-z0-9+/]{43}=$/)
  assert.deepEqual(shop.verify(body, headers), JSON.parse(body))
  assert.equal(shop.idempotencyKey(body, headers, 'here'), 'shop:here:paid:7:=done')
  assert.equal(PACKAGES.ESM.idempotencyKey(body, headers, 'here', { provider }), 'shop:here:paid:7:=done')
  assert.equal(resultOf(() => shop.verify(body.replace('2024-01-01T', '2024-01-01 at '), shop.sign(body))), 'no_match')
})

test('Standard Webhooks signs an id, and needs one', () => {
  const standard = new Webhook({ provider: 'standard-webhooks', secret: SECRET })
  assert.equal(resultOf(() => standard.sign(BODY)), 'unsignable_id')
  assert.equal(resultOf(() => standard.sign(BODY, { id: 'a.b' })), 'unsignable_id')
  assert.deepEqual(Object.keys(standard.sign(BODY, { id: 'msg_1', now })), ['webhook-id', 'webhook-timestamp', 'webhook-signature'])
  assert.match(standard.generateTestHeader({ body: BODY, id: 'msg_1', now }), /^v1,/)
})

describe('errors', () => {
  const failures = {
    WebhookVerificationError: [WebhookVerificationError, () => constructEvent(BODY, signedAt(now, OTHER), SECRET, 300, { now })],
    WebhookConfigError: [WebhookConfigError, () => constructEvent(JSON.parse(BODY), signedAt(now), SECRET)],
    EventFormatError: [EventFormatError, () => constructEvent('{}', new Webhook({ secret: SECRET }).sign('{}'), SECRET)],
  }
  for (const [name, [Class, fail]] of Object.entries(failures)) {
    test(`${name} is an Error with a code and a name, and shows no secret and no MAC`, () => {
      assert.throws(fail, (error) => {
        assert.ok(error instanceof Class && error instanceof Error)
        assert.equal(error.name, name)
        assert.match(error.stack, new RegExp(`^${name}: `))
        const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)
        assert.ok(!shown.includes(SECRET) && !shown.includes(/v1=(\w+)/.exec(signedAt(now))[1]), shown)
        return true
      })
    })
  }

  test('a webhook shows nothing of its secrets', () => {
    const shown = inspect(new Webhook({ secret: SECRET }), { depth: 9, showHidden: true })
    assert.ok(!shown.includes('whsec'), shown)
    assert.equal(JSON.stringify(new Webhook({ secret: SECRET })), '{}')
  })
})
