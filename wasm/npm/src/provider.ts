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

/** A provider as the core takes it: its name, or its fields in a fixed order, those that it lacks empty. */
export function textsOf(provider: ProviderName | Profile): string[] {
  if (typeof provider === 'string') return [provider]
  const { event, key } = provider
  const signature = provider.signature as { readonly [field: string]: string } | undefined
  const at = (place?: Place) => (typeof place === 'object' ? place.header : place)
  const signed = ['construction', 'header', 'idHeader', 'timestampHeader', 'prefix', 'encoding'].map((name) => signature?.[name])
  const told = [at(event?.id), at(event?.type), event?.created, event?.createdFormat, event?.object, event?.objectId]
  return [provider.name, ...signed, ...told, ...(Array.isArray(key) ? key : [])].map(textOf)
}

/** A text, empty where the caller gave none. */
export const textOf = (text: unknown) => (typeof text === 'string' ? text : '')
