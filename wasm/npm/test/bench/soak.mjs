// Ten million verifications in one process: neither the heap nor the module's memory may grow.
//
//     node --expose-gc soak.mjs [VERIFICATIONS]

import { argv, memoryUsage } from 'node:process'

import { SECRET, bodyOf } from './body.mjs'

/** The module's memories; the package keeps them to itself. */
const memories = []
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...given) {
    super(...given)
    memories.push(this.exports.memory)
  }
}
const { Webhook, constructEvent } = await import('../../dist/esm/index.js')

const VERIFICATIONS = Number(argv[2] ?? 10_000_000)
const SAMPLES = 20

const webhook = new Webhook({ secret: SECRET })
// Above and below the size from which on the host's hash is asked.
const requests = [300, 300, 1_024, 300, 4_096].map((size) => {
  const body = bodyOf(size)
  return { body, header: webhook.generateTestHeader({ body }) }
})
const now = Date.now() / 1000

const samples = []
for (let done = 0; done < VERIFICATIONS; ) {
  for (const end = done + VERIFICATIONS / SAMPLES; done < end; done++) verifyOne(done)
  samples.push(sample(done))
  console.log(JSON.stringify({ section: 'soak', ...samples.at(-1) }))
}
console.log(JSON.stringify({ section: 'soak-slope', heap: slope('heap'), memory: slope('memory') }))

/** Mostly rightly signed; every tenth is refused, and every hundredth has a receiver of its own. */
function verifyOne(i) {
  const { body, header } = requests[i % requests.length]
  if (i % 100 === 7) new Webhook({ secret: `secret ${i}` }).sign(body, { now })
  if (i % 10 === 3) return refused(body + ' ', header)
  constructEvent(body, header, SECRET, undefined, { now })
}

function refused(body, header) {
  try {
    constructEvent(body, header, SECRET, undefined, { now })
  } catch (error) {
    if (error.code === 'no_match') return
    throw error
  }
  throw new Error('a changed body was accepted')
}

function sample(done) {
  gc()
  return { done, heap: memoryUsage().heapUsed, memory: memories.reduce((bytes, { buffer }) => bytes + buffer.byteLength, 0) }
}

/** By how many bytes a verification adds to the figure: the line of least squares, without the first tenth of the samples. */
function slope(name) {
  const settled = samples.slice(SAMPLES / 10)
  const mean = (of) => settled.reduce((sum, sample) => sum + of(sample), 0) / settled.length
  const [x, y] = [mean(({ done }) => done), mean((sample) => sample[name])]
  return mean((sample) => (sample.done - x) * (sample[name] - y)) / mean(({ done }) => (done - x) ** 2)
}
