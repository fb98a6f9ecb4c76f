export type FaultCode =
  | 'auth'
  | 'forbidden'
  | 'invalid'
  | 'too-large'
  | 'not-found'
  | 'conflict'
  | 'rate-limited'
  | 'unavailable'
  | 'timeout'
  | 'unsupported'
  | 'not-live'

/** Why a thing was not done. Carries ids and paths, never personal data. */
export interface Fault {
  readonly code: FaultCode
  /** What happened and what to do next. */
  readonly message: string
  /** Where in the item, e.g. `event.properties.price`. */
  readonly path?: string
  /** HTTP status of the vendor's answer. */
  readonly status?: number
  /** The vendor's id of the request, for its support. */
  readonly requestId?: string
  /** The vendor's answer, cut to 2,000 characters. */
  readonly body?: string
}
