// Vercel's edge runtime, as Next.js starts it: the bundle is a script in a realm of its own, and a module that it imports
// with `?module` was compiled outside of that realm.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { EdgeRuntime } from 'edge-runtime'

import { bundle } from '../bundle.mjs'
import { pinned } from '../project.mjs'

export default [
  {
    name: 'edge-runtime',
    title: 'edge-runtime',
    version: pinned('edge-runtime'),
    condition: 'edge-light',
    hasHostMacs: false,
    async run(project) {
      writeFileSync(join(project, 'main.mjs'), MAIN)
      const modules = {}
      const loaded = await bundle(project, 'main.mjs', {
        format: 'iife',
        conditions: ['edge-light', 'worker'],
        plugins: [compiledOutside(modules)],
      })
      const runtime = new EdgeRuntime({
        codeGeneration: { strings: false, wasm: false },
        extend: (realm) => Object.assign(realm, { compiledOutside: modules }),
      })
      runtime.evaluate(readFileSync(join(project, 'out/main.js'), 'utf8'))
      return { loaded, ...JSON.parse(await runtime.context.answer) }
    },
  },
]

/** Gives each `.wasm?module` of a bundle to its runtime as a module that is compiled already. */
function compiledOutside(modules) {
  return {
    name: 'compiled outside',
    setup(build) {
      build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.replace('?module', '')),
        namespace: 'compiled',
      }))
      build.onLoad({ filter: /.*/, namespace: 'compiled' }, ({ path }) => {
        modules[path] = new WebAssembly.Module(readFileSync(path))
        return { contents: `export default compiledOutside[${JSON.stringify(path)}]` }
      })
    },
  }
}

const MAIN = `import { report } from './report.mjs'
globalThis.answer = report().then((report) => JSON.stringify(report))
`
