// The program in the README prints what stands behind it.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'

test('the program in the README prints what the README says', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [, program, output] = readme.match(/```js\n([^]*?)```\n\n```text\n([^]*?)```/)
  const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
  const printed = execFileSync(process.execPath, ['--input-type=module', '-'], { cwd: dist, input: program, encoding: 'utf8' })
  assert.equal(printed, output)
})
