// Measures contenders beside one another.
//
// A machine that others share is slower in one minute than in the next, so no figure stands alone: in each round every
// contender runs once, in an order that turns from round to round, and what is told is the median of the rounds' ratios.

/** The nanoseconds of one call, for each contender, in each round. A contender is a function that is called often. */
export function roundsOf(contenders, { count = 41, millis = 4 } = {}) {
  const all = Object.entries(contenders).map(([name, call]) => ({ name, call, calls: callsIn(call, millis), nanos: [] }))
  for (let round = 0; round < count; round++) {
    for (let i = 0; i < all.length; i++) {
      const { call, calls, nanos } = all[(i + round) % all.length]
      nanos.push(timed(call, calls) / calls)
    }
  }
  return Object.fromEntries(all.map(({ name, nanos }) => [name, nanos]))
}

/** A row of the table: the median ratio of ours to theirs, below 1 where ours is faster, with the middle half of the rounds. */
export function row(section, size, rounds, [ours, theirs], { name = ours, peer = theirs, goal } = {}) {
  const ratios = rounds[ours].map((nanos, round) => nanos / rounds[theirs][round])
  return {
    section,
    size,
    ours: name,
    theirs: peer,
    ours_nanos: quantile(rounds[ours], 0.5),
    theirs_nanos: quantile(rounds[theirs], 0.5),
    ratio: quantile(ratios, 0.5),
    low: quantile(ratios, 0.25),
    high: quantile(ratios, 0.75),
    goal,
  }
}

export function quantile(figures, part) {
  const sorted = [...figures].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
}

/** How many calls last so long, once the compiler has seen them. */
function callsIn(call, millis) {
  let calls = 1
  const end = performance.now() + WARM_UP
  for (;;) {
    const took = timed(call, calls) / 1e6
    if (performance.now() >= end) return Math.max(1, Math.round((calls * millis) / took))
    if (took < millis) calls *= 2
  }
}

function timed(call, calls) {
  const start = process.hrtime.bigint()
  for (let i = 0; i < calls; i++) call()
  return Number(process.hrtime.bigint() - start)
}

/** In milliseconds: enough for the optimising compiler. */
const WARM_UP = 150
