// The claim traces, replayed by the component.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { claims } from '../../dist/js/hookproof.js'
import { outcomeOf, readExactly } from './fixtures.mjs'

const { Claim } = claims
const { cases } = readExactly('idempotency/claims.json')

for (const [name, restored] of [
  ['a claim goes as every trace says', (claim) => claim],
  ['a claim that is saved and loaded after every step goes as every trace says', (claim) => Claim.load(claim.save())],
]) {
  test(name, () => {
    for (const { id, steps } of cases) {
      let claim = new Claim()
      const tokens = new Map()
      for (const [number, step] of steps.entries()) {
        claim = restored(claim)
        play(claim, step, tokens, `${id}, step ${number + 1}`)
      }
    }
    assert.ok(cases.length >= 20, `only ${cases.length} traces`)
  })
}

test('what no claim can be is not loaded', () => {
  const saved = new Claim().save()
  for (const text of ['', '{}', saved.replace('"schema":1', '"schema":2'), saved.replace('absent', 'done')]) {
    assert.equal(outcomeOf(() => Claim.load(text)).failed?.code, 'bad_state', text)
  }
})

function play(claim, { do: what, owner, token, at_millis, lease_millis, keep_millis, max, gives }, tokens, place) {
  if (what === 'claim') {
    const answer = claim.acquire(owner, BigInt(at_millis), BigInt(lease_millis), max)
    if (gives.acquired === undefined) {
      const expected = gives.busy_millis ? { tag: 'busy', val: BigInt(gives.busy_millis) } : { tag: gives }
      return assert.deepEqual(answer, expected, place)
    }
    assert.deepEqual([answer.tag, answer.val.attempt], ['acquired', gives.attempt], place)
    // A token is named when it is first given; the same name later is the same token.
    if (!tokens.has(gives.acquired)) {
      assert.ok([...tokens.values()].every((known) => known < answer.val.token), `${place}: later tokens are greater`)
      tokens.set(gives.acquired, answer.val.token)
    }
    return assert.equal(answer.val.token, tokens.get(gives.acquired), place)
  }
  assert.ok(['commit', 'release'].includes(what), place)
  const known = tokens.get(token)
  const { failed } = outcomeOf(() => {
    if (what === 'release') claim.release(known)
    else claim.commit(known, BigInt(at_millis), keep_millis === undefined ? undefined : BigInt(keep_millis))
  })
  assert.equal(failed?.code ?? 'ok', gives, place)
}
