/**
 * Counts the hashes that the runtime makes for the package: the path over its `node:crypto` is only proven where that
 * count is not 0. Must be called before the package asks for it.
 */
export function watchHost() {
  let made = 0
  const { process } = globalThis
  const crypto = process?.getBuiltinModule?.('node:crypto')
  const offered = typeof crypto?.hash === 'function'
  if (offered) {
    const original = process.getBuiltinModule
    const hash = (...call) => {
      made += 1
      return crypto.hash(...call)
    }
    process.getBuiltinModule = (name) => (name === 'node:crypto' ? { hash } : original.call(process, name))
  }
  return { offered, made: () => made }
}
