/**
 * Why a request is refused: its sender's fault, so answer 400.
 *
 * | code | cause |
 * | --- | --- |
 * | `missing_header`, `malformed_header`, `header_too_large`, `too_many_candidates` | the headers |
 * | `no_match` | no signature is one of these bytes by any of the secrets |
 * | `too_old`, `too_new` | the signature is right and its time is too far from now |
 */
export type VerificationCode =
  | 'missing_header'
  | 'malformed_header'
  | 'header_too_large'
  | 'too_many_candidates'
  | 'no_match'
  | 'too_old'
  | 'too_new'

/** Why a call is wrong: the receiver's own fault, so answer 500 and mend the program. */
export type ConfigCode =
  | 'no_secret'
  | 'blank_secret'
  | 'secret_whitespace'
  | 'secret_not_base64'
  | 'secret_empty_key'
  | 'tolerance_zero'
  | 'bad_tolerance'
  | 'unsignable_id'
  | 'bad_profile'
  | 'unsigned_provider'
  | 'signed_provider'
  | 'body_not_raw'
  | 'lone_surrogate'
  | 'bad_headers'
  | 'bad_now'
  | 'bad_argument'
  | 'bad_state'
  | 'no_schedule'
  | 'no_time_limit'
  | 'internal'

/** Why a rightly signed body is no event. */
export type EventCode =
  | 'not_json'
  | 'not_an_object'
  | 'missing_field'
  | 'wrong_type'
  | 'too_long'
  | 'repeated_key'
  | 'unsafe_integer'

class CodedError<Code extends string> extends Error {
  constructor(
    /** What happened, by a name that does not change. */
    readonly code: Code,
    message: string,
    options?: { cause: unknown },
  ) {
    super(message, options)
  }
}

/** A request that is not the provider's, or not of now. Neither a secret nor the right signature is in it. */
export class WebhookVerificationError extends CodedError<VerificationCode> {
  override get name() {
    return 'WebhookVerificationError'
  }
}

/** A call that cannot be carried out, whatever the request is. */
export class WebhookConfigError extends CodedError<ConfigCode> {
  override get name() {
    return 'WebhookConfigError'
  }
}

/** A rightly signed body that is no event of the provider's; the message says where. */
export class EventFormatError extends CodedError<EventCode> {
  override get name() {
    return 'EventFormatError'
  }
}
