/** The provider of a scheme of the vectors: built in, or described. */
export function providerOf(name, { kind, header, prefix, encoding }) {
  if (name === 'turratech' || name === 'stripe' || name === 'standard-webhooks' || name === 'github') return name
  if (kind !== 'body') throw new Error(`the scheme ${name} is not built in, and there is no profile for its kind here`)
  return { name, signature: { construction: 'body', header, prefix, encoding } }
}

/** Every built-in provider that signs, with a secret of its kind. */
export const SECRETS = {
  turratech: 'whsec_c2hvcC1leGFtcGxlLXNlY3JldC0x',
  stripe: 'whsec_c2hvcC1leGFtcGxlLXNlY3JldC0x',
  'standard-webhooks': 'whsec_c2hvcC1leGFtcGxlLXNlY3JldC0x',
  github: 'shop-example-secret-1',
}
