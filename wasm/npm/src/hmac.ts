/** HMAC-SHA-256 (RFC 2104) by one key, out of the host's hash, which uses the processor's instructions: WebAssembly cannot. */
export class HostHmac {
  readonly #inner = new Uint8Array(BLOCK)
  readonly #outer = new Uint8Array(BLOCK + MAC)

  constructor(key: Uint8Array) {
    if (key.length > BLOCK) write(this.#inner, 0, hash!('sha256', key, 'latin1'))
    else this.#inner.set(key)
    this.#inner.forEach((byte, i) => {
      this.#inner[i] = byte ^ 0x36
      this.#outer[i] = byte ^ 0x5c
    })
  }

  /** The MAC of what stands behind a block's room in `bytes`; the room is overwritten. A unit of the text is a byte. */
  of(bytes: Uint8Array): string {
    bytes.set(this.#inner)
    write(this.#outer, BLOCK, hash!('sha256', bytes, 'latin1'))
    bytes.fill(0, 0, BLOCK)
    return hash!('sha256', this.#outer, 'latin1')
  }
}

/**
 * Whether the host has a hash that can be had without waiting. Never an import, which bundlers for other runtimes would
 * refuse.
 */
export function hasHostHash(): boolean {
  hash ??= (globalThis as Host).process?.getBuiltinModule?.('node:crypto')?.hash ?? null
  return hash !== null
}

/** In bytes: what SHA-256 takes in at a time. */
export const BLOCK = 64

/** In bytes. */
export const MAC = 32

function write(bytes: Uint8Array, at: number, units: string): void {
  for (let i = 0; i < MAC; i++) bytes[at + i] = units.charCodeAt(i)
}

let hash: Hash | null | undefined

type Hash = (algorithm: string, bytes: Uint8Array, encoding: string) => string
interface Host {
  process?: { getBuiltinModule?(name: string): { hash?: Hash } | undefined }
}
