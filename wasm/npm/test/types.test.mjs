import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** What the compiler says of a project. */
function compiled(folder) {
  try {
    return execFileSync(here('../node_modules/.bin/tsc'), ['-p', here(folder)], { encoding: 'utf8' })
  } catch ({ stdout }) {
    return stdout
  }
}

test('the types take what is right and refuse what is wrong', () => {
  assert.equal(compiled('types'), '')
})

test("every example of the README compiles against the package's types", () => {
  const folder = here('../core/examples/')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const examples = [...readFileSync(here('../README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code)
  assert.equal(examples.length, 8)
  examples.forEach((code, i) => writeFileSync(`${folder}${i}.ts`, code))
  writeFileSync(`${folder}around.d.ts`, AROUND)
  writeFileSync(`${folder}frameworks.d.ts`, FRAMEWORKS)
  const options = { target: 'es2022', module: 'nodenext', strict: true, noEmit: true, types: ['node'] }
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify({ compilerOptions: { ...options, lib: ['es2022', 'dom'], moduleDetection: 'force' } }))
  assert.equal(compiled('../core/examples'), '')
})

/** What an example is written into. */
const AROUND = `
declare global {
  const rawBody: string
  const signature: string
  const secret: string
  const newSecret: string
  const oldSecret: string
  const request: Request
}
export {}
`

/** As much of the frameworks as the examples use. */
const FRAMEWORKS = `
declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  type Handler = (req: IncomingMessage & { body: Buffer }, res: ServerResponse & { sendStatus(status: number): void }) => void
  const express: { (): { post(path: string, ...handlers: Handler[]): void }; raw(options: { type: string }): Handler }
  export default express
}
declare module 'hono' {
  interface Context {
    req: { text(): Promise<string>; raw: Request }
    json(value: object): Response
    body(value: null, status: number): Response
  }
  export class Hono { post(path: string, handler: (c: Context) => Promise<Response>): void }
}
`
