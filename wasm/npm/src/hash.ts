/** Hashes bytes; a unit of the text is a byte of the hash. */
export type Hash = (algorithm: 'sha256', bytes: Uint8Array, encoding: 'latin1') => string

/**
 * The host's own hash, where it can be had without waiting: it uses the processor's instructions, which WebAssembly does
 * not have. Never an import, which bundlers for other runtimes would refuse.
 */
export function hostHash(): Hash | null {
  return (hash ??= (globalThis as Host).process?.getBuiltinModule?.('node:crypto')?.hash ?? null)
}

let hash: Hash | null | undefined

interface Host {
  process?: { getBuiltinModule?(name: string): { hash?: Hash } | undefined }
}
