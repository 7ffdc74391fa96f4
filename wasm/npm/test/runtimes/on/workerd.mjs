// workerd, which runs Cloudflare's Workers: bundles by esbuild and by wrangler, started by miniflare. Bytes may not be
// compiled there, so the module is imported.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { Miniflare } from 'miniflare'

import { bundle, loadedBy } from '../bundle.mjs'
import { output } from '../program.mjs'
import { HERE, pinned } from '../project.mjs'

export default [
  {
    name: 'workerd',
    title: 'workerd',
    version: pinned('workerd'),
    condition: 'workerd',
    hasHostMacs: false,
    run: (project) => bundledByEsbuild(project, []),
  },
  {
    name: 'workerd-nodejs-compat',
    title: 'workerd with nodejs_compat',
    version: pinned('workerd'),
    condition: 'workerd',
    hasHostMacs: true,
    run: (project) => bundledByEsbuild(project, ['nodejs_compat']),
  },
  {
    name: 'wrangler',
    title: 'workerd, bundled by wrangler',
    version: `${pinned('workerd')}, wrangler ${pinned('wrangler')}`,
    condition: 'workerd',
    hasHostMacs: true,
    run: bundledByWrangler,
  },
]

async function bundledByEsbuild(project, flags) {
  writeFileSync(join(project, 'main.mjs'), WORKER)
  const loaded = await bundle(project, 'main.mjs', {
    format: 'esm',
    conditions: ['workerd', 'worker'],
    loader: { '.wasm': 'copy' },
  })
  return { loaded, ...(await fetched(project, flags)) }
}

async function bundledByWrangler(project) {
  writeFileSync(join(project, 'main.mjs'), WORKER)
  const flags = ['nodejs_compat']
  const configuration = { name: 'empty', main: 'main.mjs', compatibility_date: DATE, compatibility_flags: flags }
  writeFileSync(join(project, 'wrangler.json'), JSON.stringify(configuration))
  const wrangler = join(HERE, 'node_modules/wrangler/bin/wrangler.js')
  await output(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', 'out', '--metafile', 'bundle.json'], {
    cwd: project,
    env: {
      CI: 'true',
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_LOG_PATH: join(project, 'logs'),
      XDG_CONFIG_HOME: project,
    },
  })
  const metafile = JSON.parse(readFileSync(join(project, 'bundle.json'), 'utf8'))
  return { loaded: loadedBy(metafile), ...(await fetched(project, flags)) }
}

/** What the worker in the folder `out` answers. */
async function fetched(project, compatibilityFlags) {
  const modulesRoot = join(project, 'out')
  const files = readdirSync(modulesRoot).filter((name) => /\.(js|wasm)$/.test(name))
  // The first one is the worker.
  files.sort((a, b) => b.endsWith('.js') - a.endsWith('.js'))
  const miniflare = new Miniflare({
    modulesRoot,
    modules: files.map((name) => ({
      type: name.endsWith('.js') ? 'ESModule' : 'CompiledWasm',
      path: join(modulesRoot, name),
    })),
    compatibilityDate: DATE,
    compatibilityFlags,
    // Otherwise it is fetched from the network.
    cf: false,
  })
  try {
    const response = await miniflare.dispatchFetch('http://localhost/')
    const text = await response.text()
    if (response.status !== 200) throw new Error(`the worker answered ${response.status}: ${text}`)
    return JSON.parse(text)
  } finally {
    await miniflare.dispose()
  }
}

const WORKER = `import { report } from './report.mjs'
export default { fetch: async () => Response.json(await report()) }
`

const DATE = '2026-04-01'
