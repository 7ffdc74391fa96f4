// What an import of the package adds to a program: minified and compressed, as it is served.

import { gzipSync } from 'node:zlib'

import { bundled } from './bundle.mjs'

const WHOLE = "export * from 'hookproof'"
const ONE_CALL = "export { constructEvent } from 'hookproof'"

for (const [name, program, condition] of [
  ['the module and all that it exports', WHOLE, 'default'],
  ['the module and `constructEvent`', ONE_CALL, 'default'],
  ['for Workers: script and module', WHOLE, 'workerd'],
]) {
  const files = await bundled(program, condition, { minify: true })
  const sum = (of) => files.reduce((bytes, { contents }) => bytes + of(contents).length, 0)
  const gzip = sum((contents) => gzipSync(contents, { level: 9 }))
  console.log(JSON.stringify({ section: 'size', name, bytes: sum((contents) => contents), gzip, goal: { gzip: 14 * 1024 } }))
}
