/** Hashes bytes; a unit of the text is a byte of the hash. */
export type Hash = (algorithm: 'sha256', bytes: Uint8Array, encoding: 'latin1') => string

/**
 * The host's own hash, where it can be had without waiting: it uses the processor's instructions, which WebAssembly does
 * not have.
 */
export function hostHash(): Hash | null {
  return (hash ??= hostModule('node:crypto')?.hash ?? null)
}

let hash: Hash | null | undefined

/** Bytes into which a host writes texts. */
export interface HostBytes {
  /** Writes a text in UTF-8 into so many bytes from `start` on; how many it wrote. What `Buffer.write` calls. */
  utf8Write(text: string, start: number, length: number): number
}

/**
 * A memory as a `Buffer`, where the host has them: for letters beyond ASCII it takes a tenth of a `TextEncoder`'s time in
 * Node 22 and 24, and for short texts half of it on every host.
 */
export function hostBytes(memory: ArrayBuffer): HostBytes | null {
  const bytes = hostModule('node:buffer')?.Buffer?.from(memory)
  return bytes && 'utf8Write' in bytes ? bytes : null
}

/** Never an import, which bundlers for other runtimes would refuse. */
const hostModule = (name: string): HostModule | undefined => (globalThis as Host).process?.getBuiltinModule?.(name)

interface HostModule {
  readonly hash?: Hash
  readonly Buffer?: { from(memory: ArrayBuffer): HostBytes }
}

interface Host {
  process?: { getBuiltinModule?(name: string): HostModule | undefined }
}
