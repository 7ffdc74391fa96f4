// node run.mjs [--update] [--tarball FILE] [NAME...]: the packed package, in an empty project for each runtime, run there
// on every case. Without a tarball, what was built is packed.
//
// A runtime that is missing, says nothing or runs fewer cases than the others has failed: there is no skipping.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { asModule, readFixtures } from './fixtures.mjs'
import { faultsOf } from './judge.mjs'
import { isCurrent, write } from './page.mjs'
import { makeProject, pack } from './project.mjs'
import { plan } from './suite.mjs'

const RUNTIMES = (
  await Promise.all(['node', 'workerd', 'edge-runtime', 'chromium'].map((file) => import(`./on/${file}.mjs`)))
).flatMap((module) => module.default)

const AT_ONCE = 2
const MOST_SHOWN = 10
const LIMIT_SECS = 120

const { update, given, runtimes } = asked()
const scratch = mkdtempSync(join(tmpdir(), 'hookproof-runtimes-'))
let hasPassed = false
try {
  hasPassed = await prove()
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
}
// A runtime that gave no result in time may still be at it.
process.exit(hasPassed ? 0 : 1)

async function prove() {
  const tarball = given ? resolve(given) : pack(scratch)
  const fixtures = readFixtures()
  const planned = plan(fixtures)
  const results = await eachOf(runtimes, AT_ONCE, (runtime) => tried(runtime, tarball, asModule(fixtures), planned))
  if (results.some(({ faults }) => faults.length)) return false
  if (runtimes.length < RUNTIMES.length) return true
  if (update) write(results, planned)
  else if (!isCurrent(results, planned)) {
    console.error('docs/runtimes.md is not current: run `cargo xtask runtimes --update`')
    return false
  }
  return true
}

/** Runs one runtime and tells how it went. */
async function tried(runtime, tarball, fixtures, planned) {
  const started = performance.now()
  const result = { ...runtime, ...(await ran(runtime, tarball, fixtures, planned)) }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const outcome = result.faults.length ? 'FAILED' : `${result.cases} cases passed`
  console.log(`${runtime.title.padEnd(30)} ${runtime.version.padEnd(36)} ${outcome}, ${result.file ?? 'nothing loaded'} (${seconds} s)`)
  for (const fault of result.faults.slice(0, MOST_SHOWN)) console.error(`  ${fault}`)
  if (result.faults.length > MOST_SHOWN) console.error(`  and ${result.faults.length - MOST_SHOWN} more`)
  return result
}

async function ran(runtime, tarball, fixtures, planned) {
  try {
    const project = makeProject(join(scratch, runtime.name), tarball, fixtures)
    const report = await Promise.race([runtime.run(project), expiry()])
    return faultsOf(report, runtime, project, planned)
  } catch (error) {
    return { faults: [`no result: ${error.message ?? error}`] }
  }
}

/** Fails when a runtime has had all its time; does not keep the program waiting. */
function expiry() {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`nothing within ${LIMIT_SECS} s`)), LIMIT_SECS * 1000).unref()
  })
}

/** Does the work for each item, so many at once; the results in the items' order. */
async function eachOf(items, atOnce, work) {
  const results = []
  const queue = items.entries()
  const worker = async () => {
    for (const [i, item] of queue) results[i] = await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

function asked() {
  const options = { update: { type: 'boolean' }, tarball: { type: 'string' } }
  const { values, positionals: names } = parsed({ options, allowPositionals: true })
  const unknown = names.find((name) => !RUNTIMES.some((runtime) => runtime.name === name))
  if (unknown) leave(`no runtime is called \`${unknown}\`; there are ${RUNTIMES.map(({ name }) => name).join(', ')}`)
  if (values.update && names.length) leave('--update writes the page of all runtimes: name none')
  const runtimes = names.length ? RUNTIMES.filter(({ name }) => names.includes(name)) : RUNTIMES
  return { update: values.update, given: values.tarball, runtimes }
}

function parsed(configuration) {
  try {
    return parseArgs(configuration)
  } catch (error) {
    return leave(error.message)
  }
}

function leave(message) {
  console.error(message)
  process.exit(2)
}
