import assert from 'node:assert/strict'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { faultsOf } from './judge.mjs'

const project = mkdtempSync(join(tmpdir(), 'hookproof-judge-'))
after(() => rmSync(project, { recursive: true }))
mkdirSync(join(project, 'node_modules/hookproof'), { recursive: true })
writeFileSync(
  join(project, 'node_modules/hookproof/package.json'),
  JSON.stringify({ exports: { '.': { require: { types: './a.d.ts', default: './a.cjs' }, default: './a.js' } } }),
)

const planned = { signatures: 3, calls: 2 }
const runtime = { condition: 'default', hasHostMacs: true }
const sound = {
  loaded: `file://${project}/node_modules/hookproof/a.js`,
  parts: planned,
  failed: [],
  host: true,
  hostMacs: 3,
}
const faults = (report, of = runtime) => faultsOf({ ...sound, ...report }, of, project, planned).faults

test('a sound report has no faults, the sum of its cases and the file that was loaded', () => {
  assert.deepEqual(faultsOf(sound, runtime, project, planned), { faults: [], file: 'a.js', cases: 5 })
})

test('a case that failed is a fault', () => {
  assert.deepEqual(faults({ failed: ['calls/x: why'] }), ['calls/x: why'])
})

test('fewer cases than there are, or more, or none of a part, are a fault', () => {
  assert.deepEqual(faults({ parts: { signatures: 2, calls: 3 } }), [
    'signatures: 2 cases were run, not 3',
    'calls: 3 cases were run, not 2',
  ])
  assert.deepEqual(faults({ parts: { signatures: 3 } }), ['calls: undefined cases were run, not 2'])
})

test('a part without cases is a fault, though it was run', () => {
  const report = { ...sound, parts: { signatures: 0 } }
  assert.deepEqual(faultsOf(report, runtime, project, { signatures: 0 }).faults, ['signatures: there are no cases'])
})

test('another file than the condition names is a fault', () => {
  assert.deepEqual(faults({}, { ...runtime, condition: 'require' }), [
    'a.js was loaded, and a.cjs is for the condition require',
  ])
})

test('a file that is not in the installed package is refused', () => {
  assert.throws(() => faults({ loaded: '/elsewhere/a.js' }), /is not in the installed package/)
})

test("the runtime's own MACs must have been made where it has them, and nowhere else", () => {
  assert.deepEqual(faults({ hostMacs: 0 }), ['the runtime made 0 MACs'])
  assert.deepEqual(faults({ host: false, hostMacs: 0 }), ['the runtime lacks node:crypto'])
  assert.deepEqual(faults({}, { ...runtime, hasHostMacs: false }), ['the runtime has node:crypto'])
})

test('what broke before the cases were run is told', () => {
  assert.deepEqual(faults({ broken: 'no such file' }), ['it broke: no such file'])
})
