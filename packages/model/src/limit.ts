interface LimitBase {
  /** Stable name, also the id of the rate budget. */
  readonly id: string
  /** Endpoint names as they appear in `Report.calls`. */
  readonly endpoints: readonly string[]
  readonly source: string
  /** False where the sheet could not confirm the number. */
  readonly verified: boolean
}
export interface RateLimit extends LimitBase {
  readonly kind: 'rate'
  readonly max: number
  readonly perMs: number
  readonly window: 'rolling' | 'fixed'
  readonly sharedBy: 'account' | 'app' | 'key'
}
export interface ParallelLimit extends LimitBase {
  readonly kind: 'parallel'
  readonly max: number
  readonly sharedBy: 'account' | 'app' | 'key'
}
export interface SizeLimit extends LimitBase {
  readonly kind: 'size'
  readonly of:
    | 'items'
    | 'bytes'
    | 'itemBytes'
    | 'keys'
    | 'nameChars'
    | 'valueChars'
    | 'valueBytes'
    | 'depth'
    | 'names'
    | 'idBytes'
  readonly max: number
  /** What the vendor does with more. */
  readonly over: 'refused' | 'truncated' | 'dropped' | 'lost-silently'
}
export type Limit = RateLimit | ParallelLimit | SizeLimit
