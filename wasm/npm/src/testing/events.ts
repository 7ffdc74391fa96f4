import turnstaySamples from 'samples:turnstay'
import turratechSamples from 'samples:turratech'

import type { TurnStayEnvelope, TurnStayObjects, TurraTechEnvelope, TurraTechObject, TurraTechObjects } from '../event.js'

/** Any of a value's fields, at any depth. Lists are replaced, not merged. */
export type Overrides<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Field in keyof Value]?: Overrides<Value[Field]> }
    : Value

/**
 * An event of TurraTech's of this type. Each call makes another event, and another object unless its id is given.
 *
 * @example
 * turratechEvent('payment.succeeded', { data: { object: { amount: 4_950, currency: 'eur' } } })
 */
export function turratechEvent<Type extends keyof TurraTechObjects>(
  type: Type,
  overrides: Overrides<TurraTechEnvelope<Type, TurraTechObjects[Type]>> = {},
): TurraTechEnvelope<Type, TurraTechObjects[Type]> {
  const sample = sampleOf(turratechSamples, type) as TurraTechEnvelope<Type, TurraTechObject>
  const n = ++made
  const [kind] = sample.data.object.id.split('_')
  const fresh = { id: `evt_Test${n}`, created: Math.floor(Date.now() / 1000), data: { object: { id: `${kind}_Test${n}` } } }
  return merged(merged(sample, fresh), overrides) as TurraTechEnvelope<Type, TurraTechObjects[Type]>
}

/** An event of TurnStay's of this type. Each call makes another event unless the object's id is given. */
export function turnstayEvent<Type extends keyof TurnStayObjects>(
  type: Type,
  overrides: Overrides<TurnStayEnvelope<Type, TurnStayObjects[Type]>> = {},
): TurnStayEnvelope<Type, TurnStayObjects[Type]> {
  const fresh = { data: { object: { id: String(900_000 + ++made) } } }
  return merged(merged(sampleOf(turnstaySamples, type), fresh), overrides) as TurnStayEnvelope<Type, TurnStayObjects[Type]>
}

let made = 0

function sampleOf(samples: Readonly<Record<string, object>>, type: string): object {
  const sample = Object.hasOwn(samples, type) && samples[type]
  if (sample) return sample
  throw new TypeError(`there is no sample of ${type}; there is one of ${Object.keys(samples).join(', ')}`)
}

/** A new value with the fields of both: where both have one, the second's, merged where both are objects. */
function merged(base: unknown, overrides: unknown): unknown {
  if (!isRecord(base) || !isRecord(overrides)) return overrides
  const names = new Set([...Object.keys(base), ...Object.keys(overrides)])
  const field = (name: string) => {
    if (!Object.hasOwn(overrides, name)) return structuredClone(base[name])
    return Object.hasOwn(base, name) ? merged(base[name], overrides[name]) : overrides[name]
  }
  return Object.fromEntries([...names].map((name) => [name, field(name)]))
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
