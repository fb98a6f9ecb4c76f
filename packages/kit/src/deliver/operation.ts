import type { Ability, Fault, Loss, Outcome } from '@tripline/model'
import type { HttpResult, Repeat } from '../http/request.ts'
import type { Session } from '../http/session.ts'

/** How one kind of write leaves: what a request may hold, and how it is sent. Adapters have a handful of these. */
export interface Operation<Value> {
  /** Name in reports and in the limits table, e.g. `POST /users/track`. */
  readonly endpoint: string
  readonly ability: Ability
  readonly repeat: Exclude<Repeat, 'read'>
  /** Values per request. */
  readonly maxItems: number
  /** Bytes of one request body. */
  readonly maxBytes: number
  /** Bytes of one value as JSON; a larger one is `dead`. @default maxBytes */
  readonly maxItemBytes?: number
  /** Bytes of the request body around the values. */
  readonly frameBytes: number
  /** Requests of this operation under way at a time. */
  readonly parallel: number
  /** Values of different groups never share a request (a list id, a name in the path). */
  groupOf?(value: Value): string
  /** Two values with the same key in one wave become one, by `fold`. */
  foldOf?(value: Value): string | undefined
  fold?(earlier: Value, later: Value): Value
  /** Two values with the same key never share a request (a vendor that keeps only the last of a person). */
  apartOf?(value: Value): string | undefined
  /** Weight of a value against `maxItems`. @default 1 */
  weigh?(value: Value): number
  /** The value as JSON. @default JSON.stringify */
  encode?(value: Value): string
  send(batch: Batch<Value>, session: Session): Promise<Sent>
}
export interface Batch<Value> {
  readonly values: readonly Value[]
  /** The values as JSON, in the same order. */
  readonly json: readonly string[]
  readonly bytes: number
}
/** What became of one value. */
export interface Verdict {
  readonly outcome: Exclude<Outcome, { readonly status: 'planned' }>
  /** Found out only from the answer (a vendor that says what it dropped). */
  readonly losses?: readonly Loss[]
}
export type Sent =
  /** One verdict per value, in order. */
  | { readonly kind: 'verdicts'; readonly verdicts: readonly Verdict[] }
  /** Refused as a whole, perhaps for one value: it is halved until that one is alone. */
  | { readonly kind: 'refused'; readonly fault: Fault }
  /** The request itself came to nothing after all retries: the same for every value. */
  | { readonly kind: 'ended'; readonly outcome: Verdict['outcome'] }

/** One write of an item; made by `write`. */
export interface Write {
  readonly step: string
  readonly operation: Operation<unknown>
  readonly value: unknown
}
/** What an adapter makes of an item. */
export type Mapped =
  | { readonly kind: 'writes'; readonly writes: readonly Write[]; readonly losses: readonly Loss[] }
  | {
      readonly kind: 'settled'
      readonly outcome: Extract<Outcome, { status: 'skipped' | 'dead' }>
      readonly losses: readonly Loss[]
    }

/** Ties a value to its operation. `step` names the write in `ItemResult.done`. */
export function write<Value>(operation: Operation<Value>, value: Value, step: string): Write {
  return { step, operation, value }
}
export const writes = (list: readonly Write[], losses: readonly Loss[] = []): Mapped => ({
  kind: 'writes',
  writes: list,
  losses,
})
export const skipped = (
  because: 'unchanged' | 'unsupported' | 'disabled',
  detail?: string,
  losses: readonly Loss[] = [],
): Mapped => ({
  kind: 'settled',
  outcome: { status: 'skipped', because, ...(detail !== undefined && { detail }) },
  losses,
})
export const dead = (fault: Fault, losses: readonly Loss[] = []): Mapped => ({
  kind: 'settled',
  outcome: { status: 'dead', fault },
  losses,
})

/** The usual reading of a result: `read` for an answer that says yes, the rest is the same everywhere. */
export function sentFrom(
  result: HttpResult,
  read: (
    answer: Extract<HttpResult, { kind: 'ok' }>['answer'],
    maybeTwice: { readonly maybeTwice?: true },
  ) => Sent,
): Sent {
  switch (result.kind) {
    case 'ok':
      return read(result.answer, result.maybeTwice ? { maybeTwice: true } : {})
    case 'refused':
      return { kind: 'refused', fault: result.fault }
    case 'retry':
      return {
        kind: 'ended',
        outcome: {
          status: 'retry',
          fault: result.fault,
          ...(result.notBefore && { notBefore: result.notBefore }),
        },
      }
    case 'unknown':
      return { kind: 'ended', outcome: { status: 'unknown', fault: result.fault } }
  }
}
/** Every value of the batch went well. */
export const allSent = (
  count: number,
  proof: 'stored' | 'accepted',
  maybeTwice: { readonly maybeTwice?: true } = {},
): Sent => {
  const verdict: Verdict = { outcome: { status: 'sent', proof, ...maybeTwice } }
  return { kind: 'verdicts', verdicts: Array.from({ length: count }, () => verdict) }
}
