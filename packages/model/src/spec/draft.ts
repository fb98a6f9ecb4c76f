import type { Identity } from '../identity.ts'
import type { Instant, Values } from '../value.ts'
import type { Fields } from './clean-value.ts'
import type { MessageType } from './message-fields.ts'
import type { Findings } from './mistake.ts'
import type { ParseOptions } from './parse-options.ts'

/** A message whose common fields are read; where they had mistakes, the values here are of no use. */
export interface Draft {
  readonly type: MessageType
  readonly message: Fields
  readonly who: Identity
  readonly at: Instant
  readonly context: Values | undefined
  readonly options: ParseOptions
  readonly findings: Findings
}
