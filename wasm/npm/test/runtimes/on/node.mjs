// Node.js, Bun and Deno, which run a file: as an ES module, and as a CommonJS one that requires the package.

import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { output } from '../program.mjs'
import { ENTRIES, HERE, pinned } from '../project.mjs'

export default [
  ...bothWays({ name: 'node', title: 'Node.js', program: process.execPath, words: [], version: process.versions.node }),
  ...bothWays({
    name: 'bun',
    title: 'Bun',
    program: binary('@oven', 'bin/bun'),
    words: ['run', '--no-install'],
    version: pinned('bun'),
  }),
  ...bothWays({
    name: 'deno',
    title: 'Deno',
    program: binary('@deno', 'deno'),
    words: ['run', '--no-remote', '--no-prompt', '--allow-read'],
    version: pinned('deno'),
    env: (project) => ({ DENO_DIR: join(project, '.deno'), DENO_NO_UPDATE_CHECK: '1' }),
  }),
]

function bothWays({ name, title, program, words, version, env = () => ({}) }) {
  const way = (suffix, kind, condition, file, source) => ({
    name: `${name}-${suffix}`,
    title: `${title}, ${kind}`,
    version,
    condition,
    hasHostMacs: true,
    async run(project) {
      writeFileSync(join(project, file), source())
      return JSON.parse(await output(program, [...words, file], { cwd: project, env: env(project) }))
    },
  })
  return [
    way('esm', 'ES module', 'default', 'main.mjs', esModule),
    way('cjs', 'CommonJS', 'require', 'main.cjs', commonJs),
  ]
}

/** The program inside the package of npm for this platform: installation scripts, which link it, are not run. */
function binary(scope, path) {
  const folder = join(HERE, 'node_modules', scope)
  const [platform, ...more] = readdirSync(folder)
  if (!platform || more.length) throw new Error(`one package was expected in ${folder}`)
  return join(folder, platform, path)
}

function esModule() {
  return `import { report } from './report.mjs'
console.log(JSON.stringify({ loaded: import.meta.resolve('hookproof'), ...await report() }))
`
}

function commonJs() {
  const entries = Object.entries(ENTRIES).map(([name, entry]) => `${name}: require('${entry}')`)
  return `const hookproof = { ${entries.join(', ')} }
Promise.all([import('./suite.mjs'), import('./fixtures.mjs')]).then(async ([{ run }, fixtures]) => {
  console.log(JSON.stringify({ loaded: require.resolve('hookproof'), ...await run(hookproof, fixtures.default) }))
})
`
}
