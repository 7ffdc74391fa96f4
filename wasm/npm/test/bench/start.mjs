// What a program waits for at its start: import and first verification, each time in a process of its own.

import { execFileSync } from 'node:child_process'

import { Webhook } from '../../dist/esm/index.js'
import { SECRET, bodyOf } from './body.mjs'
import { entryOf } from './bundle.mjs'
import { tell, turned } from './rounds.mjs'

const text = bodyOf(300)
const header = new Webhook({ secret: SECRET }).generateTestHeader({ body: text })
const call = `constructEvent(${JSON.stringify(text)}, ${JSON.stringify(header)}, ${JSON.stringify(SECRET)})`

/** Odd, so that the median is a process that ran. */
const PROCESSES = 41

const programs = {
  hookproof: `(await import(${JSON.stringify(entryOf('default'))})).${call}`,
  stripe: `new (await import('stripe')).default('no-api-call-is-made').webhooks.${call}`,
}

const rounds = { hookproof: [], stripe: [] }
for (let round = 0; round < PROCESSES; round++) {
  for (const name of turned(Object.keys(programs), round)) rounds[name].push(nanosIn(programs[name]))
}
tell('start', text.length, rounds, 'hookproof', 'stripe', { ours: 10e6 })

function nanosIn(expression) {
  const program = `const start = process.hrtime.bigint(); ${expression}; console.log(Number(process.hrtime.bigint() - start))`
  const words = ['--input-type=module', '--eval', program]
  return Number(execFileSync(process.execPath, words, { cwd: import.meta.dirname, encoding: 'utf8' }))
}
