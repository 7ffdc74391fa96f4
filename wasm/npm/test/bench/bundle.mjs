// The package as a bundler takes it in, for what is measured of the bundle.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))

/** The file that an import of the package is under a condition. */
export function entryOf(condition) {
  const { exports } = JSON.parse(readFileSync(`${PACKAGE}package.json`, 'utf8'))
  const chosen = exports['.'][condition]
  return PACKAGE + (chosen.default ?? chosen)
}

/** A program bundled into files, the script first: `{ path, contents }` each. */
export async function bundled(program, condition, options = {}) {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: PACKAGE },
    alias: { hookproof: entryOf(condition) },
    bundle: true,
    format: 'esm',
    outdir: 'out',
    loader: { '.wasm': 'copy' },
    write: false,
    ...options,
  })
  return outputFiles.sort((a, b) => b.path.endsWith('.js') - a.path.endsWith('.js'))
}
