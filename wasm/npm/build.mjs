// Builds `dist/` from `src/` and the modules in `core/`: one folder for each way in which runtimes load WebAssembly.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

import { inlined } from './build/inlined.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Each is a file of its own, which the others load: a class exists once, and nobody loads what is not asked for. */
const FILES = ['index', 'errors', 'testing', 'desk', 'diagnose', 'sender', 'claim'].filter((name) => existsSync(here(`src/${name}.ts`)))

/** How a module of the core is written into a file, for each folder of `dist/`. */
const FOLDERS = {
  esm: { format: 'esm', module: inlined },
  cjs: { format: 'cjs', module: inlined },
  // Where bytes may not be compiled, the runtime compiles the file that is imported.
  workerd: { format: 'esm', module: (name) => imported(`./${name}.wasm`) },
  edge: { format: 'esm', module: (name) => imported(`./${name}.wasm?module`) },
}

const imported = (file) => `import module from '${file}'\nexport default () => module`

/** Resolves `samples:turratech` and `samples:turnstay` to the sample events of the fixtures. */
const samples = {
  name: 'sample events',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^samples:/ }, ({ path }) => ({ path: path.slice('samples:'.length), namespace: 'samples' }))
    onLoad({ filter: /.*/, namespace: 'samples' }, ({ path: provider }) => {
      const folder = here(`../../fixtures/events/${provider}/`)
      const events = readdirSync(folder).map((file) => JSON.parse(readFileSync(folder + file, 'utf8')))
      return { contents: JSON.stringify(Object.fromEntries(events.map((event) => [event.type, event]))), loader: 'json' }
    })
  },
}

/** Leaves the imports of one file by another as they are. */
const eachFileOnce = {
  name: 'each file once',
  setup({ onResolve }) {
    const filter = new RegExp(`^\\.\\.?/(${FILES.join('|')})\\.js$`)
    onResolve({ filter }, ({ path }) => ({ path: path.replace(/^\.+/, '.'), external: true }))
  },
}

rmSync(here('core/types'), { recursive: true, force: true })
execFileSync(here('node_modules/.bin/tsc'), ['-p', here('.')], { stdio: 'inherit' })
rmSync(here('dist'), { recursive: true, force: true })
for (const [folder, { format, module }] of Object.entries(FOLDERS)) {
  await build({
    entryPoints: FILES.map((name) => here(`src/${name}.ts`)),
    outdir: here(`dist/${folder}`),
    bundle: true,
    format,
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [modules(module), samples, eachFileOnce],
  })
  cpSync(here('core/types'), here(`dist/${folder}`), { recursive: true })
}
writeFileSync(here('dist/cjs/package.json'), '{ "type": "commonjs" }\n')
for (const license of ['LICENSE-APACHE', 'LICENSE-MIT']) cpSync(here(`../../${license}`), here(`dist/${license}`))
for (const folder of ['workerd', 'edge']) {
  for (const name of ['receive', 'desk'].filter((name) => existsSync(here(`core/${name}.wasm`)))) {
    cpSync(here(`core/${name}.wasm`), here(`dist/${folder}/${name}.wasm`))
  }
}

/** Resolves `wasm:receive` and `wasm:desk`. */
function modules(module) {
  return {
    name: 'modules of the core',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^wasm:/ }, ({ path }) => ({ path: path.slice('wasm:'.length), namespace: 'wasm' }))
      onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path }) => ({ path, external: true }))
      onLoad({ filter: /.*/, namespace: 'wasm' }, ({ path }) => ({ contents: module(path) }))
    },
  }
}
