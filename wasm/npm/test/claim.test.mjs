import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'

import { fixture, resultOf } from './fixtures.mjs'

const PACKAGES = { ESM: await import('hookproof/claim'), CommonJS: createRequire(import.meta.url)('hookproof/claim') }
const { cases } = fixture('idempotency/claims.json')
const { LeaseLost, claim, commit, release } = PACKAGES.ESM

for (const [kind, hookproof] of Object.entries(PACKAGES)) {
  test(`a key goes as every trace says, kept as JSON after every step (${kind})`, () => {
    assert.ok(cases.length >= 20, `only ${cases.length} traces`)
    for (const { id, steps } of cases) {
      let state
      const tokens = new Map()
      for (const [number, step] of steps.entries()) {
        state = play(hookproof, state, step, tokens, `${id}, step ${number + 1}`)
        state = JSON.parse(JSON.stringify(state))
      }
    }
  })
}

test('a lost lease is an error that says so', () => {
  const first = claim(null, { owner: 'a', nowMillis: 0, leaseMillis: 10, max: 8 })
  const second = claim(first.state, { owner: 'b', nowMillis: 10, leaseMillis: 10, max: 8 })
  assert.equal(second.token > first.token, true)
  for (const late of [() => commit(second.state, { token: first.token, nowMillis: 11 }), () => release(second.state, { token: first.token })]) {
    assert.throws(late, (error) => error instanceof LeaseLost && error.code === 'lease_lost' && error.name === 'LeaseLost')
  }
  const done = commit(second.state, { token: second.token, nowMillis: 11 })
  assert.deepEqual(done, { schema: 1, issued: 2, attempts: 2, state: 'done', until_millis: 11 + 7 * 86_400_000 })
})

test('a state is not changed, so that what was not written back did not happen', () => {
  const { state } = claim(undefined, { owner: 'a', nowMillis: 0, leaseMillis: 10, max: 8 })
  const before = JSON.stringify(state)
  commit(Object.freeze(state), { token: 1, nowMillis: 1 })
  assert.equal(JSON.stringify(state), before)
})

describe('what cannot be right is refused', () => {
  const asked = { owner: 'a', nowMillis: 0, leaseMillis: 10, max: 8 }
  const { state } = claim(null, asked)
  for (const [name, call, code] of [
    ['no owner', () => claim(null, { ...asked, owner: undefined }), 'bad_argument'],
    ['half a character', () => claim(null, { ...asked, owner: '\ud800' }), 'bad_argument'],
    ['an endless lease', () => claim(null, { ...asked, leaseMillis: Infinity }), 'bad_argument'],
    ['more attempts than are counted', () => claim(null, { ...asked, max: 2 ** 32 }), 'bad_argument'],
    ['a token that is none', () => commit(state, { token: '1', nowMillis: 0 }), 'bad_argument'],
    // F34: what a newer version kept is no key that nobody claimed.
    ["a newer version's state", () => claim({ ...state, schema: 2 }, asked), 'bad_state'],
    ['an empty object', () => claim({}, asked), 'bad_state'],
    ['a state without its owner', () => claim({ ...state, owner: undefined }, asked), 'bad_state'],
    ['more attempts than tokens', () => claim({ ...state, attempts: 2 }, asked), 'bad_state'],
    ['a text', () => claim(JSON.stringify(state), asked), 'bad_state'],
    ['a circle', () => claim(circular(), asked), 'bad_state'],
  ]) {
    test(name, () => assert.equal(resultOf(call), code))
  }
})

/** Plays a step; the state after it. */
function play({ claim, commit, release }, state, step, tokens, place) {
  const { do: what, owner, token, at_millis: nowMillis, lease_millis: leaseMillis, keep_millis: keepMillis, max, gives } = step
  if (what === 'claim') {
    const { state: after, ...answer } = claim(state, { owner, nowMillis, leaseMillis, max })
    if (gives.acquired === undefined) {
      assert.deepEqual(answer, gives.busy_millis ? { answer: 'busy', retryAfterMillis: gives.busy_millis } : { answer: gives }, place)
      return after
    }
    // A token is named when it is first given; the same name later is the same token.
    if (!tokens.has(gives.acquired)) {
      assert.ok([...tokens.values()].every((known) => known < answer.token), `${place}: later tokens are greater`)
      tokens.set(gives.acquired, answer.token)
    }
    assert.deepEqual(answer, { answer: 'acquired', token: tokens.get(gives.acquired), attempt: gives.attempt }, place)
    return after
  }
  const held = { token: tokens.get(token), nowMillis, ...(keepMillis !== undefined && { keepMillis }) }
  let after = state
  const result = resultOf(() => (after = what === 'release' ? release(state, held) : commit(state, held)))
  assert.equal(result, gives, place)
  return after
}

function circular() {
  const circle = {}
  circle.circle = circle
  return circle
}
