// Measures contenders beside one another.
//
// A machine that others share is slower in one minute than in the next, so no figure stands alone: in each round every
// contender runs once, in an order that turns from round to round, and what is told is the median of the rounds' ratios.

/** The nanoseconds of one call, for each contender, in each round. A contender is a function that is called often. */
export function roundsOf(contenders) {
  const all = Object.entries(contenders).map(([name, call]) => ({ name, call, calls: callsIn(call), nanos: [] }))
  for (let round = 0; round < ROUNDS; round++) {
    for (const { call, calls, nanos } of turned(all, round)) nanos.push(timed(call, calls) / calls)
  }
  return Object.fromEntries(all.map(({ name, nanos }) => [name, nanos]))
}

/** A list that begins at another of its members in each round. */
export function turned(list, round) {
  const first = round % list.length
  return [...list.slice(first), ...list.slice(0, first)]
}

/**
 * Tells a row of the table: the median ratio of ours to theirs, below 1 where ours is faster, with the middle half of the
 * rounds, and by how many nanoseconds ours is slower.
 *
 * @param goal What is good enough: a `ratio`, how many nanoseconds `more` than theirs, or of `ours` alone.
 */
export function tell(section, size, rounds, ours, theirs, goal = {}) {
  const each = (of) => rounds[ours].map((nanos, round) => of(nanos, rounds[theirs][round]))
  const ratios = each((mine, other) => mine / other)
  const row = {
    ...{ section, size, ours, theirs },
    ours_nanos: quantile(rounds[ours], 0.5),
    theirs_nanos: quantile(rounds[theirs], 0.5),
    ratio: quantile(ratios, 0.5),
    low: quantile(ratios, 0.25),
    high: quantile(ratios, 0.75),
    more_nanos: quantile(each((mine, other) => mine - other), 0.5),
    goal,
  }
  console.log(JSON.stringify(row))
}

export function quantile(figures, part) {
  const sorted = [...figures].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * part)]
}

/** How many calls last as long as a contender's turn, once the compiler has seen them. */
function callsIn(call) {
  const end = performance.now() + WARM_UP_MILLIS
  for (let calls = 1; ; ) {
    const millis = timed(call, calls) / 1e6
    if (performance.now() >= end) return Math.max(1, Math.round((calls * TURN_MILLIS) / millis))
    if (millis < TURN_MILLIS) calls *= 2
  }
}

function timed(call, calls) {
  const start = process.hrtime.bigint()
  for (let i = 0; i < calls; i++) call()
  return Number(process.hrtime.bigint() - start)
}

/** Odd, so that the median is a round that happened. */
export const ROUNDS = 61

/** Shorter than the time for which a busy system lets a process run, so that most turns are not interrupted. */
const TURN_MILLIS = 2

/** Enough for the optimising compiler. */
const WARM_UP_MILLIS = 150
