import builtIn from './built-in.json' with { type: 'json' }
import { WebhookConfigError } from './errors.js'

/** A provider that is built in. */
export type ProviderName = 'turratech' | 'turnstay' | 'standard-webhooks' | 'stripe' | 'github'

/** Where a field stands: a JSON pointer (RFC 6901) into the body, or a header. */
export type Place = `/${string}` | { readonly header: string }

/** A provider of one's own: the fields of a TOML profile, in camel case. */
export interface Profile {
  /** The name in idempotency keys: lower-case letters, digits and hyphens. */
  readonly name: string
  /** Where an event's fields stand. Left out where the provider does not send it. */
  readonly event?: {
    readonly id?: Place
    readonly type?: Place
    readonly created?: `/${string}`
    /** @default 'unix-seconds' */
    readonly createdFormat?: 'unix-seconds' | 'rfc3339'
    /** The object that the event is about. @default the whole body */
    readonly object?: `/${string}`
    readonly objectId?: `/${string}`
  }
  /** How deliveries are signed, with HMAC-SHA-256. Left out where they are not. */
  readonly signature?: Signature
  /**
   * What makes two deliveries the same event: its id, or, for events without one, the pointers of the values that tell
   * two events of a type apart. @default 'event-id'
   */
  readonly key?: 'event-id' | readonly `/${string}`[]
}

/** A construction and its headers. */
export type Signature =
  /** `t=<unix seconds>,v1=<hex>` over `<t>.<body>`. */
  | { readonly construction: 'timestamped'; readonly header: string }
  /** Standard Webhooks. */
  | {
      readonly construction: 'standard'
      readonly header: string
      readonly idHeader: string
      readonly timestampHeader: string
    }
  /** A MAC over the body alone. */
  | {
      readonly construction: 'body'
      readonly header: string
      /** What stands before the MAC. @default nothing */
      readonly prefix?: string
      readonly encoding: 'hex' | 'base64'
    }

/**
 * A provider as the core takes it: its texts in the order of `wasm/src/profile.rs`, those that it lacks empty.
 *
 * @throws {WebhookConfigError} `bad_profile` for what names no provider or describes none.
 */
export function textsOf(provider: ProviderName | Profile): readonly string[] {
  if (typeof provider === 'string') {
    if (Object.hasOwn(builtIn, provider)) return builtIn[provider]
    throw refused('there is no built-in provider of this name; give its profile instead, as an object')
  }
  const { event, key } = provider
  const signature = provider.signature as { readonly [field: string]: string } | undefined
  const { construction, encoding } = signature ?? {}
  const known = KINDS.get(construction || undefined)
  if (!known) throw refused('signature.construction is not "timestamped", "standard" or "body"')
  const [names, kind] = known
  const isHex = kind === 4 && encoding === 'hex'
  if (kind === 4 && !isHex && encoding !== 'base64') throw refused('signature.encoding is not "hex" or "base64"')
  if (!names.every((name) => signature?.[name])) throw refused('the signature lacks a header of its construction')
  const format = event?.createdFormat || UNIX
  if (format !== UNIX && format !== 'rfc3339') throw refused('createdFormat is not "unix-seconds" or "rfc3339"')
  const kinds = kind - +isHex + 8 * +(format !== UNIX)
  const at = (place?: Place) => (typeof place === 'object' ? place.header : place)
  const signed = names.map((name) => signature?.[name])
  const told = [at(event?.id), at(event?.type), event?.created, event?.object, event?.objectId]
  return [String.fromCharCode(48 + kinds) + textOf(signature?.prefix), provider.name, ...signed, ...told, ...(Array.isArray(key) ? key : [])].map(textOf)
}

/** Whether a provider signs by Standard Webhooks, which has three headers. */
export const isStandard = ([kinds]: readonly string[]) => (kinds!.charCodeAt(0) & 7) === 2

/** The headers that a receiver reads, in lower case, the signature's first. */
export function headersOf(texts: readonly string[]): string[] {
  const names = texts.slice(2).filter((text) => text && text[0] !== '/')
  return [...new Set(names.map((name) => name.toLowerCase()))]
}

const refused = (message: string) => new WebhookConfigError('bad_profile', message)

const UNIX = 'unix-seconds'

/** The fields that each construction needs, and its number; of `body` in base64, whose number in hexadecimal is one less. */
const KINDS = new Map<string | undefined, [fields: string[], kind: number]>([
  [undefined, [[], 0]],
  ['timestamped', [['header'], 1]],
  ['standard', [['header', 'idHeader', 'timestampHeader'], 2]],
  ['body', [['header'], 4]],
])

/** An absent text is an empty one, and so is what is none. */
export const textOf = (text: unknown) => (typeof text === 'string' ? text : '')
