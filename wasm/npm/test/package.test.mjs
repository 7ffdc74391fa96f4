import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

import { written } from '../build/inlined.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const read = (path) => readFileSync(here(path), 'utf8')
const manifest = JSON.parse(read('../package.json'))

describe('the tarball', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hookproof-npm-'))
  after(() => rmSync(folder, { recursive: true }))
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { cwd: here('..'), encoding: 'utf8' }),
  )
  const tarball = join(folder, packed.filename)

  test('satisfies publint', async () => {
    const { buffer, byteOffset, byteLength } = readFileSync(tarball)
    const pack = { tarball: buffer.slice(byteOffset, byteOffset + byteLength) }
    const { messages, pkg } = await publint({ pack, strict: true })
    assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), [])
  })

  test('has types that are right for every way of resolving them that Node 20 has', () => {
    const ignored = ['--profile', 'node16', '--exclude-entrypoints', 'package.json']
    execFileSync(here('../node_modules/.bin/attw'), [tarball, '--no-emoji', ...ignored], { stdio: 'pipe' })
  })

  test('holds what is published and nothing else', () => {
    for (const { path } of packed.files) assert.match(path, /^(dist\/|README\.md$|package\.json$|LICENSE)/)
    const exported = Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? entry : Object.values(entry)))
    const files = packed.files.map(({ path }) => `./${path}`)
    for (const path of exported) assert.ok(files.includes(path), path)
  })
})

test('the package depends on nothing and runs nothing when it is installed', () => {
  assert.equal(manifest.dependencies, undefined)
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) assert.equal(manifest.scripts[script], undefined)
  assert.equal(manifest.sideEffects, false)
  for (const version of Object.values(manifest.devDependencies)) assert.match(version, /^\d+\.\d+\.\d+$/)
})

test('the entry does not load what a receiver does not need', () => {
  for (const folder of ['esm', 'workerd', 'edge']) {
    const imports = new Set([...read(`../dist/${folder}/index.js`).matchAll(/ from ["'](\.\/.*?)["'];$/gm)].map(([, path]) => path))
    const module = { esm: [], workerd: ['./receive.wasm'], edge: ['./receive.wasm?module'] }[folder]
    assert.deepEqual(imports, new Set(['./errors.js', ...module]))
  }
})

describe('a module inside a file', () => {
  test('is printable ASCII, whichever its bytes are, and each byte comes back', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    const text = written(bytes)
    assert.match(text, /^[ -~]*$/)
    assert.equal(new Set([...bytes].map((byte) => written([byte]))).size, 256)
  })

  test('is the module that was built', async () => {
    const { inlined } = await import('../build/inlined.mjs')
    const { default: module } = await import(`data:text/javascript,${encodeURIComponent(inlined('receive'))}`)
    const names = (module) => WebAssembly.Module.exports(module).map(({ name }) => name)
    assert.deepEqual(names(module()), names(new WebAssembly.Module(readFileSync(here('../core/receive.wasm')))))
    assert.deepEqual(WebAssembly.Module.imports(module()), [])
  })
})

test('the README, the types and the core name the same codes', () => {
  const between = (text, start, end) => text.slice(text.indexOf(start), text.indexOf(end, text.indexOf(start)))
  const codes = (text, pattern) => [...text.matchAll(pattern)].map(([, code]) => code).sort()
  const readme = read('../README.md')
  const types = read('../src/errors.ts')
  const kinds = [
    ['WebhookVerificationError', 'VerificationCode', ['../../../core/src/signature/error.rs', 'impl VerifyError', 'impl fmt']],
    ['EventFormatError', 'EventCode', ['../../../core/src/event/error.rs', 'impl EventError', 'impl fmt']],
    ['WebhookConfigError', 'ConfigCode', ['../../../core/src/signature/error.rs', 'impl ConfigError', 'impl fmt']],
  ]
  /** What the bindings and the package say beside the core. */
  const sources = ['failure', 'profile', 'receiver', 'desk', 'desk/delivery'].map((file) => read(`../../src/${file}.rs`))
  sources.push(...readdirSync(here('../src')).filter((file) => file.endsWith('.ts')).map((file) => read(`../src/${file}`)))
  for (const [error, type, [file, start, end]] of kinds) {
    const documented = codes(between(readme, `**\`${error}\`**`, '\n**`').split('\n## ')[0], /^\| `(\w+)` \|/gm)
    assert.deepEqual(documented, codes(between(types, `export type ${type} =`, '\n\n'), /'(\w+)'/g), error)
    const inCore = codes(between(read(file), start, end), /=> "(\w+)"/g)
    for (const code of inCore) assert.ok(documented.includes(code), `${code} is not documented`)
    for (const code of documented) {
      assert.ok(inCore.includes(code) || sources.some((text) => new RegExp(`(call|Given|Error)\\(\\s*["']${code}["']`).test(text)), `${code} is nobody's`)
    }
  }
})
