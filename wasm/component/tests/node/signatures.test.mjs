// The signature vectors, judged and signed by the component.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { events, signatures } from '../../dist/js/hookproof.js'
import { builtIn, bytes, outcomeOf, read, signedBy } from './fixtures.mjs'

const vectors = ['timestamped', 'standard', 'body'].flatMap((construction) => {
  const { schemes, cases } = read(`signatures/${construction}.json`)
  return cases.map((vector) => ({ ...vector, provider: signedBy(schemes[vector.scheme]) }))
})

const opened = ({ provider, secrets, tolerance_secs: tolerance = 300 }) =>
  signatures.Verifier.open({ provider, secrets, tolerance: tolerance === null ? undefined : BigInt(tolerance) })

test('every request is judged as its vector says', () => {
  for (const vector of vectors) {
    const body = bytes(vector.body_base64)
    const verify = (verifier) => verifier.verify(vector.headers, body, BigInt(vector.now_secs))
    const { ok, failed } = outcomeOf(() => using(opened(vector), verify))
    // A verifier that cannot be made fails by itself; a request is refused by whose fault it is.
    const code = failed === undefined ? 'ok' : (failed.code ?? (failed.tag === 'verification' ? failed.val.code : failed.tag))
    assert.equal(code, vector.result, vector.id)
    if (code === 'ok') assert.equal(ok?.toString(), vector.signed_at_secs?.toString(), vector.id)
  }
  assert.ok(vectors.length >= 300, `only ${vectors.length} vectors`)
})

test('a canonical request is what the component signs', () => {
  const canonical = vectors.filter(({ flags }) => flags.includes('as-signed'))
  for (const vector of canonical) {
    const id = vector.headers.find(([name]) => name === 'webhook-id')?.[1] ?? ''
    const at = BigInt(vector.signed_at_secs ?? vector.now_secs)
    const signed = using(opened(vector), (verifier) => verifier.sign(id, bytes(vector.body_base64), at))
    assert.deepEqual(signed, vector.headers, vector.id)
  }
  assert.ok(canonical.length >= 30, `only ${canonical.length} canonical vectors`)
})

test('a request is verified and read in one call, or refused by whose fault it is', () => {
  const provider = builtIn('turratech')
  const verifier = signatures.Verifier.open({ provider, secrets: ['whsec_shop'], tolerance: 300n })
  const signed = (text) => {
    const body = new TextEncoder().encode(text)
    return [verifier.sign('', body, 1_704_067_200n), body]
  }
  const [headers, body] = signed('{"id":"evt_1","type":"payment.succeeded","created":1704067200,"data":{"object":{}}}')
  assert.deepEqual(verifier.receive(headers, body, 1_704_067_200n), events.parse(provider, headers, body))
  assert.deepEqual(outcomeOf(() => verifier.receive(headers, body, 1_704_067_501n)).failed, {
    tag: 'verification',
    val: { code: 'too_old', message: 'timestamp is 301s old, more than the 300s allowed' },
  })
  const { failed } = outcomeOf(() => verifier.receive(...signed('{}'), 1_704_067_200n))
  assert.deepEqual([failed.tag, failed.val.code], ['event', 'missing_field'])
})

test('a refused request is diagnosed', () => {
  const body = new TextEncoder().encode('{"id":"evt_1"}')
  const provider = builtIn('turratech')
  const terms = { provider, secrets: ['whsec_old'], tolerance: 300n }
  const headers = using(signatures.Verifier.open(terms), (verifier) => verifier.sign('', body, 1_704_067_200n))
  const suspect = { provider, secret: 'whsec_new', otherSecrets: ['whsec_other', 'whsec_old'], headers, body, now: 1_704_067_200n }
  const diagnosis = signatures.diagnose(suspect)
  assert.equal(diagnosis.tag, 'caused')
  assert.deepEqual(diagnosis.val.map(({ code, place }) => [code, place]), [['other_secret', 1]])

  assert.equal(signatures.diagnose({ ...suspect, secret: 'whsec_old' }).tag, 'sound')
  const unexplained = signatures.diagnose({ ...suspect, otherSecrets: [] })
  assert.deepEqual([unexplained.tag, unexplained.val.code], ['unexplained', 'no_match'])
  const unsigned = outcomeOf(() => signatures.diagnose({ ...suspect, provider: builtIn('turnstay') }))
  assert.equal(unsigned.failed.code, 'unsigned_provider')
})

function using(resource, work) {
  try {
    return work(resource)
  } finally {
    resource[Symbol.dispose]()
  }
}
