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

/** Bytes into which a host copies a text as it keeps it: both units of a pair, the lower byte of each first. */
export interface Units {
  ucs2Write(text: string, start: number): void
}

/**
 * The bytes of a memory as ones that Node copies texts into, ten times faster than it encodes those that are not ASCII. Bun
 * encodes as fast, and elsewhere the copy is a loop of JavaScript.
 */
export function unitsOf(memory: ArrayBuffer): Units | null {
  const { Buffer } = hostModule('node:buffer') ?? {}
  return 'Bun' in globalThis || !/native code/.test(`${Buffer?.prototype.ucs2Write}`) ? null : Buffer!.from(memory)
}

/** Never an import, which bundlers for other runtimes would refuse. */
const hostModule = (name: string): HostModule | undefined => (globalThis as Host).process?.getBuiltinModule?.(name)

interface HostModule {
  readonly hash?: Hash
  readonly Buffer?: { readonly prototype: Partial<Units>; from(memory: ArrayBuffer): Units }
}

interface Host {
  process?: { getBuiltinModule?(name: string): HostModule | undefined }
}
