import { same } from './expect.mjs'

/** The life of one idempotency key, as every trace says: its state kept as a value, and as text between the steps. */
export function claims({ claims }) {
  return claims.map(({ id, steps }) => ({
    id,
    check({ claim }) {
      replay(claim, steps, (state) => state)
      replay(claim, steps, (state) => state && JSON.parse(JSON.stringify(state)))
    },
  }))
}

function replay({ LeaseLost, claim, commit, release }, steps, kept) {
  const tokens = new Map()
  let state
  steps.forEach((step, i) => {
    const place = `step ${i + 1}`
    const { owner, token, at_millis: nowMillis, lease_millis: leaseMillis, keep_millis: keepMillis, max, gives } = step
    if (step.do === 'claim') {
      const told = claim(kept(state), { owner, nowMillis, leaseMillis, max })
      state = told.state
      if (gives.acquired) name(tokens, gives.acquired, told.token, place)
      same(given(told, tokens), gives, place)
    } else {
      const end = { token: tokens.get(token), nowMillis, keepMillis }
      try {
        state = (step.do === 'commit' ? commit : release)(kept(state), end)
        same('ok', gives, place)
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error
        same(error.code, gives, place)
      }
    }
  })
}

/** What a trace calls an answer. */
function given({ answer, token, attempt, retryAfterMillis }, tokens) {
  if (answer === 'busy') return { busy_millis: retryAfterMillis }
  if (answer !== 'acquired') return answer
  const [name] = [...tokens].find(([, known]) => known === token) ?? ['another token']
  return { acquired: name, attempt }
}

/** A token is named when it is first given, and greater than all before it. */
function name(tokens, name, token, place) {
  if (tokens.has(name)) return
  if (![...tokens.values()].every((known) => known < token)) throw new Error(`${place}: the token ${token} is not new`)
  tokens.set(name, token)
}
