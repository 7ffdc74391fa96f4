// A browser: the package's files as they are, and bundles by esbuild, Vite and webpack, each minified.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { build } from 'vite'
import webpack from 'webpack'

import { bundle } from '../bundle.mjs'
import { PAGE, chromiumVersion, said } from '../chromium.mjs'
import { ENTRIES, exported, pinned } from '../project.mjs'

const version = await chromiumVersion()
const chromium = { condition: 'default', hasHostMacs: false }

export default [
  { ...chromium, name: 'chromium', title: 'Chromium, ES modules', version, run: asModules },
  {
    ...chromium,
    name: 'chromium-esbuild',
    title: 'Chromium, bundled by esbuild',
    version: `${version}, esbuild ${pinned('esbuild')}`,
    run: bundledByEsbuild,
  },
  {
    ...chromium,
    name: 'chromium-vite',
    title: 'Chromium, bundled by Vite',
    version: `${version}, vite ${pinned('vite')}`,
    run: bundledByVite,
  },
  {
    ...chromium,
    name: 'chromium-webpack',
    title: 'Chromium, bundled by webpack',
    version: `${version}, webpack ${pinned('webpack')}`,
    run: bundledByWebpack,
  },
]

/** Under the strictest policy that lets WebAssembly be compiled. */
async function asModules(project) {
  const entries = Object.values(ENTRIES).map((entry) => [entry, exported(project, entry, 'default')])
  const imports = Object.fromEntries(entries.map(([entry, file]) => [entry, `/node_modules/hookproof/${file}`]))
  const map = `<script type="importmap" nonce="page">${JSON.stringify({ imports })}</script>`
  const main = `<script type="module" nonce="page">${MAIN}</script>`
  writeFileSync(join(project, 'index.html'), `<!doctype html>${PAGE}${map}${main}`)
  return { loaded: imports.hookproof, ...(await said(project, POLICY)) }
}

/** A classic script, on a page. */
async function bundledByEsbuild(project) {
  writeFileSync(join(project, 'main.mjs'), MAIN)
  const loaded = await bundle(project, 'main.mjs', { format: 'iife', minify: true })
  return { loaded, ...(await saidWith(project, 'main.js')) }
}

async function bundledByVite(project) {
  writeFileSync(join(project, 'main.mjs'), MAIN)
  writeFileSync(join(project, 'index.html'), `<!doctype html>${PAGE}<script type="module" src="/main.mjs"></script>`)
  let loaded
  const seeing = {
    name: 'seeing what is loaded',
    async generateBundle() {
      loaded = (await this.resolve('hookproof', join(project, 'package.mjs'))).id
    },
  }
  await build({
    root: project,
    configFile: false,
    logLevel: 'warn',
    plugins: [seeing],
    build: { outDir: 'out', chunkSizeWarningLimit: Infinity },
  })
  return { loaded, ...(await said(join(project, 'out'))) }
}

async function bundledByWebpack(project) {
  writeFileSync(join(project, 'main.mjs'), MAIN)
  let loaded
  const seeing = ({ hooks }) =>
    hooks.normalModuleFactory.tap('seeing what is loaded', (factory) => {
      factory.hooks.afterResolve.tap('seeing what is loaded', ({ request, createData }) => {
        if (request === 'hookproof') loaded = createData.resource
      })
    })
  const options = {
    mode: 'production',
    context: project,
    entry: './main.mjs',
    output: { path: join(project, 'out'), filename: 'main.js' },
    performance: false,
    plugins: [{ apply: seeing }],
  }
  const stats = await promisify(webpack)(options)
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }))
  return { loaded, ...(await saidWith(project, 'main.js')) }
}

/** The bundle in the folder `out`, as a classic script. */
function saidWith(project, file) {
  writeFileSync(join(project, 'out/index.html'), `<!doctype html>${PAGE}<script src="/${file}"></script>`)
  return said(join(project, 'out'))
}

const MAIN = `import { report } from './report.mjs'
report().then(say)
`

const POLICY = "default-src 'self'; script-src 'self' 'nonce-page' 'wasm-unsafe-eval'"
