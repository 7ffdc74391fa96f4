// An empty project with the packed package installed, as a user has it.

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where this file is: the runtimes and bundlers are installed here. */
export const HERE = fileURLToPath(new URL('.', import.meta.url))

/** Packs the package that was built into `folder`; gives the tarball. */
export function pack(folder) {
  npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], join(HERE, '../..'))
  const [tarball, ...more] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  if (!tarball || more.length) throw new Error(`npm pack left ${more.length + (tarball ? 1 : 0)} tarballs in ${folder}`)
  return join(folder, tarball)
}

/**
 * Makes the folder a project whose only dependency is the tarball, beside it the suite, its fixtures (the module's text)
 * and `package.mjs`, which imports every entry of the package.
 */
export function makeProject(folder, tarball, fixtures) {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }\n')
  npm(['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--silent', tarball], folder)
  demandFiles(join(folder, PACKAGE_FOLDER))
  writeFileSync(join(folder, 'fixtures.mjs'), fixtures)
  writeFileSync(join(folder, 'package.mjs'), PACKAGE)
  writeFileSync(join(folder, 'report.mjs'), REPORT)
  for (const name of ['suite.mjs', 'suite']) cpSync(join(HERE, name), join(folder, name), { recursive: true })
  return folder
}

/** The package's entries, by the names that the suite calls them. */
export const ENTRIES = {
  hookproof: 'hookproof',
  sender: 'hookproof/sender',
  claim: 'hookproof/claim',
  diagnose: 'hookproof/diagnose',
  testing: 'hookproof/testing',
}

const PACKAGE = Object.entries(ENTRIES)
  .map(([name, entry]) => `export * as ${name} from '${entry}'\n`)
  .join('')

const REPORT = `import * as hookproof from './package.mjs'
import fixtures from './fixtures.mjs'
import { run } from './suite.mjs'

export const report = () => run(hookproof, fixtures)
`

/** The file that an export of the installed package is under a condition, as `dist/index.js`. */
export function exported(project, entry, condition) {
  const { exports } = JSON.parse(readFileSync(join(project, PACKAGE_FOLDER, 'package.json'), 'utf8'))
  const chosen = exports[entry.replace('hookproof', '.')][condition]
  return (chosen.default ?? chosen).replace(/^\.\//, '')
}

/** Which file of the package a path or a URL is, as `dist/index.js`. */
export function fileOf(path) {
  const [, file] = path.split(`${PACKAGE_FOLDER}/`)
  if (!file) throw new Error(`${path} is not in the installed package`)
  return file
}

const PACKAGE_FOLDER = 'node_modules/hookproof'

/** Throws unless every file that the package exports was packed. */
function demandFiles(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = targetsOf(exports)
  const missing = files.filter((file) => !existsSync(join(folder, file)))
  if (missing.length) throw new Error(`the package lacks ${missing.join(', ')}: run \`cargo xtask build\` first`)
}

const targetsOf = (exports) => (typeof exports === 'string' ? [exports] : Object.values(exports).flatMap(targetsOf))

/** The version that the lock file pins. */
export function pinned(name) {
  const lock = JSON.parse(readFileSync(join(HERE, 'package-lock.json'), 'utf8'))
  return lock.packages[`node_modules/${name}`].version
}

function npm(words, cwd) {
  const { status, stderr, error } = spawnSync('npm', words, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ${words.join(' ')} failed: ${error ?? stderr}`)
}
