import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { runInNewContext } from 'node:vm'

import { PACKAGES } from './fixtures.mjs'

const { Webhook, WebhookConfigError } = PACKAGES.ESM

const TEXT = '{"id":"evt_1","type":"payment.succeeded","note":"Zoë 𝄞 \u2028","data":{"object":{}}}'
const BYTES = new TextEncoder().encode(TEXT)
const webhook = new Webhook({ secret: 'whsec_1' })
const headers = webhook.sign(TEXT)

const shared = new Uint8Array(new SharedArrayBuffer(BYTES.length))
shared.set(BYTES)
const inside = new Uint8Array(BYTES.length + 10)
inside.set(BYTES, 7)

describe('a raw body', () => {
  const bodies = {
    'a text': TEXT,
    'a text of two halves': TEXT.slice(0, 40) + TEXT.slice(40),
    'a Uint8Array': BYTES,
    'a Buffer of a pool': Buffer.from(TEXT),
    'a part of a larger array': inside.subarray(7, 7 + BYTES.length),
    'an ArrayBuffer': BYTES.buffer,
    'a DataView': new DataView(inside.buffer, 7, BYTES.length),
    'a SharedArrayBuffer': shared.buffer,
    'a view of shared memory': shared,
    'an ArrayBuffer of another realm': runInNewContext('Uint8Array.from(bytes).buffer', { bytes: [...BYTES] }),
  }
  for (const [name, body] of Object.entries(bodies)) {
    test(`may be ${name}`, () => {
      for (const nativeFrom of [0, Infinity]) {
        const webhook = new Webhook({ secret: 'whsec_1', nativeFrom })
        assert.deepEqual(webhook.verify(body, headers), JSON.parse(TEXT))
        webhook.verifySignature(body, headers)
      }
    })
  }

  test('may have any length: it is neither cut nor mixed with the one before it', () => {
    for (const length of [0, 1, 127, 128, 129, 2047, 2048, 2049, 70_000, 10, 300_000, 3]) {
      for (const letter of ['a', 'é', '€', '𝄞']) {
        const body = JSON.stringify({ id: 'evt_1', type: 'x', text: letter.repeat(length), data: { object: {} } })
        const headers = webhook.sign(Buffer.from(body))
        assert.equal(webhook.verify(body, headers).text, letter.repeat(length))
        assert.equal(webhook.verify(Buffer.from(body), headers).text, letter.repeat(length))
      }
    }
  })

  test('is signed as its bytes are, whatever its letters are and those of the text before it', () => {
    const words = ['plain', 'text', ' ', '\u0000', '\u007f', '\u0080', 'é', 'ÿ', 'ж', '€', '漢', '\uffff', '𝄞']
    // The numbers of a small generator: the same texts in every run.
    let state = 1
    const below = (end) => (state = (state * 48_271) % 0x7fff_ffff) % end
    for (let round = 0; round < 3_000; round++) {
      const letters = below(30)
      const [length, known] = [below(120), 3 + below(words.length - 2)]
      const text = Array.from({ length }, () => words[below(letters) ? below(3) : below(known)]).join('')
      assert.deepEqual(webhook.sign(text, { now: 1 }), webhook.sign(Buffer.from(text), { now: 1 }), JSON.stringify(text))
    }
  })
})

describe('what is no raw body', () => {
  const others = {
    'a parsed object': JSON.parse(TEXT),
    'a parsed list': [1, 2],
    'a stream': Readable.from([TEXT]),
    'a web stream': new Blob([TEXT]).stream(),
    'a request': new Request('http://shop.example', { method: 'POST', body: TEXT }),
    'a promise': Promise.resolve(TEXT),
    'a number': 5,
    'a String object': new String(TEXT),
    nothing: undefined,
    null: null,
    'an object that says it is bytes': { byteLength: 3, length: 3, buffer: new ArrayBuffer(3) },
  }
  for (const [name, body] of Object.entries(others)) {
    test(`${name} is refused with the cure`, () => {
      for (const call of [webhook.verify, webhook.verifySignature, webhook.sign]) {
        assert.throws(() => call.call(webhook, body, headers), (error) => {
          assert.ok(error instanceof WebhookConfigError)
          assert.equal(error.code, 'body_not_raw')
          for (const cure of ['express.raw', 'request.text()', 'bodyParser: false', 'parseAs']) assert.ok(error.message.includes(cure))
          return true
        })
      }
    })
  }

  test('half a character is refused, because no bytes are its text', () => {
    for (const text of ['\ud800', 'a\udc00', '\udc00\ud800', TEXT + '\ud834']) {
      assert.throws(() => webhook.verify(text, headers), { name: 'WebhookConfigError', code: 'lone_surrogate' })
    }
  })

  test('half a character is found without isWellFormed too', () => {
    const { isWellFormed } = String.prototype
    delete String.prototype.isWellFormed
    try {
      assert.throws(() => webhook.verify('a\ud800', headers), { code: 'lone_surrogate' })
      assert.equal(webhook.verify(TEXT, headers).id, 'evt_1')
    } finally {
      Object.defineProperty(String.prototype, 'isWellFormed', { value: isWellFormed, writable: true, configurable: true })
    }
  })
})
