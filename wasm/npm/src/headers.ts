import { WebhookConfigError } from './errors.js'

/** The values of one header: a line, several lines, or none. */
export type HeaderValue = string | readonly string[] | null | undefined

/**
 * The headers of a request: a `Headers`; Node's `request.headers`, names in any case; or pairs of name and value. The
 * value of the signature header alone will do where the construction needs no other.
 */
export type RequestHeaders =
  | HeaderValue
  | { get(name: string): string | null }
  | { readonly [name: string]: HeaderValue }
  | readonly (readonly [name: string, value: string])[]

/**
 * The lines of these headers, a name before each value, and no others. `names` are in lower case, the signature's first.
 *
 * @throws {WebhookConfigError} `bad_headers` for what are no headers. A value that is not there is none of the
 * caller's faults: whoever sent the request left it out.
 */
export function linesOf(headers: RequestHeaders, names: readonly string[]): string[] {
  const lines: string[] = []
  const add = (name: string, value: unknown) => {
    for (const line of Array.isArray(value) ? value : [value]) if (typeof line === 'string') lines.push(name, line)
  }
  const isObject = typeof headers === 'object' && headers !== null
  if (isObject && 'get' in headers && typeof headers.get === 'function') {
    for (const name of names) add(name, headers.get(name))
  } else if (isObject && !(Array.isArray(headers) && typeof headers[0] === 'string')) {
    for (const [name, value] of Array.isArray(headers) ? headers : Object.entries(headers)) {
      const lower = name.toLowerCase()
      if (names.includes(lower)) add(lower, value)
    }
  } else if (isObject || headers == null || typeof headers === 'string') {
    add(names[0]!, headers)
  } else {
    throw new WebhookConfigError('bad_headers', "give the request's headers, or its signature header's value")
  }
  return lines
}
