/** Makes the HMAC-SHA-256 of what lies before the body, and the body behind it. */
export type Hmac = (key: Uint8Array, before: Uint8Array, body: string | Uint8Array) => Uint8Array

/**
 * The host's own HMAC, where it can be had without waiting: it uses the processor's instructions, which WebAssembly does
 * not have. Never an import, which bundlers for other runtimes would refuse.
 */
export function hostHmac(): Hmac | undefined {
  create ??= (globalThis as Host).process?.getBuiltinModule?.('node:crypto')?.createHmac ?? null
  return create ? hmac : undefined
}

const hmac: Hmac = (key, before, body) => create!('sha256', key).update(before).update(body).digest()

let create: CreateHmac | null | undefined

interface Host {
  process?: { getBuiltinModule?(name: string): { createHmac?: CreateHmac } | undefined }
}
type CreateHmac = (algorithm: string, key: Uint8Array) => Hash
interface Hash {
  update(data: string | Uint8Array): Hash
  digest(): Uint8Array
}
