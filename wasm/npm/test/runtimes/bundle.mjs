// Bundles by esbuild: for the runtimes that load nothing but bundles, and for a browser.

import { build } from 'esbuild'

/** Bundles `entry` of the project into its folder `out`; gives what `import 'hookproof'` resolved to. */
export async function bundle(project, entry, options) {
  const { metafile } = await build({
    absWorkingDir: project,
    entryPoints: [entry],
    outdir: 'out',
    bundle: true,
    metafile: true,
    logLevel: 'warning',
    ...options,
  })
  return loadedBy(metafile)
}

/** What `import 'hookproof'` resolved to, by esbuild's account of a bundle. */
export function loadedBy({ inputs }) {
  const found = Object.values(inputs).flatMap(({ imports }) => imports.filter(({ original }) => original === 'hookproof'))
  if (!found.length) throw new Error('the bundle does not import the package')
  return found[0].path
}
