// What a program waits for at its start: import and first verification, each time in a process of its own.

import { execFileSync } from 'node:child_process'

import { Webhook } from '../../dist/esm/index.js'
import { SECRET, bodyOf } from './body.mjs'
import { tell, turned } from './rounds.mjs'

const text = bodyOf(300)
const header = new Webhook({ secret: SECRET }).generateTestHeader({ body: text })

/** Odd, so that the median is a process that ran. */
const PROCESSES = 41

const rounds = { hookproof: [], stripe: [] }
for (let round = 0; round < PROCESSES; round++) {
  for (const name of turned(Object.keys(rounds), round)) rounds[name].push(nanosOf(name))
}
tell('start', text.length, rounds, 'hookproof', 'stripe', { ours: 10e6 })

function nanosOf(name) {
  const words = ['starting.mjs', name, text, header, SECRET]
  return Number(execFileSync(process.execPath, words, { cwd: import.meta.dirname, encoding: 'utf8' }))
}
