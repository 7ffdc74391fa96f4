/**
 * The sample events of the repository's fixtures, by their types; `build.mjs` puts them in. Declared without their types,
 * which cannot be named here.
 */
declare module 'samples:turratech' {
  const samples: Readonly<Record<string, object>>
  export default samples
}

declare module 'samples:turnstay' {
  const samples: Readonly<Record<string, object>>
  export default samples
}
