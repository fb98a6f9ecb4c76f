import type { Ability, Fault, Loss, Outcome } from '@tripline/model'
import type { HttpResult, Repeat } from '../http/request.ts'
import type { Session } from '../http/contracts.ts'

/**
 * How one kind of write leaves: what a request may hold, and how it is sent. Adapters have a handful of these, made once:
 * values share requests when their writes name the same object.
 * @example
 * const track: Operation<VendorEvent> = {
 *   endpoint: 'POST /track', ability: 'event', repeat: 'keyed', maxItems: 100, maxBytes: 500_000,
 *   frameBytes: '{"batch":[]}'.length, parallel: 4,
 *   async send(batch, session) {
 *     const body = `{"batch":[${batch.json.join(',')}]}`
 *     const result = await session.request({ ...trackRequest, body })
 *     return sentFrom(result, (_, maybeTwice) => allSent(batch.values.length, 'stored', maybeTwice))
 *   },
 * }
 */
export interface Operation<Value> {
  /** Name in reports and in the limits table, e.g. `POST /users/track`. */
  readonly endpoint: string
  /** What the write belongs to: a halt of this ability stops it. */
  readonly ability: Ability
  /** Of a value that an answer leaves out: `doubles` makes it `unknown`, the others let it be sent again. */
  readonly repeat: Exclude<Repeat, 'read'>
  /** Values per request, or their weight together. A value that weighs more leaves alone. */
  readonly maxItems: number
  /** Bytes of one request body, in UTF-8. */
  readonly maxBytes: number
  /** Bytes of one value as JSON; a larger one is `dead`. @default maxBytes */
  readonly maxItemBytes?: number
  /** Bytes of the request body around the values; the commas between them are counted anyway. */
  readonly frameBytes: number
  /** Requests of this operation under way at a time, within one call of the connector; at least 1. */
  readonly parallel: number
  /** Values of different groups never share a request (a list id, a name in the path). */
  groupOf?(value: Value): string
  /**
   * Two values with the same key in one wave become one, by `fold`, in the place of the earlier one: for states (the
   * attributes of a person), never for events. Their items share the outcome.
   */
  foldOf?(value: Value): string | undefined
  fold?(earlier: Value, later: Value): Value
  /** Two values with the same key never share a request (a vendor that keeps only the last of a person). */
  apartOf?(value: Value): string | undefined
  /** Weight of a value against `maxItems`. @default 1 */
  weigh?(value: Value): number
  /** The value as JSON. @default JSON.stringify */
  encode?(value: Value): string
  /**
   * Sends one request (or a few that belong together) through the session. A throw is a defect: it comes out of
   * `deliverItems`, when everything under way has settled.
   */
  send(batch: Batch<Value>, session: Session): Promise<Sent>
}
/** The values of one request, packed to the limits. Those of one lane are in its order. */
export interface Batch<Value> {
  readonly values: readonly Value[]
  /** The values as JSON, in the same order. */
  readonly json: readonly string[]
  /** Of the values as JSON, without frame and commas. */
  readonly bytes: number
}
/**
 * What became of one value. `retry` without `notBefore` is sent again within the call, alone, up to five times; with
 * `notBefore` it is not worth waiting for and comes back to the caller.
 */
export interface Verdict {
  readonly outcome: Exclude<Outcome, { readonly status: 'planned' }>
  /** Found out only from the answer (a vendor that says what it dropped). */
  readonly losses?: readonly Loss[]
}
/** What became of a batch. */
export type Sent =
  /** One verdict per value, in order. A value without one was not mentioned: `retry`, or `unknown` where that doubles. */
  | { readonly kind: 'verdicts'; readonly verdicts: readonly Verdict[] }
  /** Refused as a whole, perhaps for one value: it is halved until that one is alone. */
  | { readonly kind: 'refused'; readonly fault: Fault }
  /** The request itself came to nothing after all retries: the same for every value. */
  | { readonly kind: 'ended'; readonly outcome: Verdict['outcome'] }

/** One write of an item; made by `write`. */
export interface Write {
  /** Its name in `ItemResult.done`; unique within the item, the same in every attempt. */
  readonly step: string
  readonly operation: Operation<unknown>
  readonly value: unknown
}
/** What an adapter makes of an item: writes, in their order, or an outcome without any. */
export type Mapped =
  | { readonly kind: 'writes'; readonly writes: readonly Write[]; readonly losses: readonly Loss[] }
  | {
      readonly kind: 'settled'
      readonly outcome: Extract<Outcome, { status: 'skipped' | 'dead' }>
      readonly losses: readonly Loss[]
    }

/**
 * Ties a value to its operation. `step` names the write in `ItemResult.done`.
 * @example writes([write(contacts, contact, 'contact'), write(attach, link, 'attach')], losses)
 */
export function write<Value>(operation: Operation<Value>, value: Value, step: string): Write {
  return { step, operation, value }
}
/** An item that is sent: its writes one after the other. None at all make it `skipped`, `unchanged`. */
export const writes = (list: readonly Write[], losses: readonly Loss[] = []): Mapped => ({
  kind: 'writes',
  writes: list,
  losses,
})
/** An item that this vendor is not asked to hold. @example skipped('unsupported', 'no anonymous people') */
export const skipped = (
  because: 'unchanged' | 'unsupported' | 'disabled',
  detail?: string,
  losses: readonly Loss[] = [],
): Mapped => ({
  kind: 'settled',
  outcome: { status: 'skipped', because, ...(detail !== undefined && { detail }) },
  losses,
})
/** An item that this vendor will never accept as it is. */
export const dead = (fault: Fault, losses: readonly Loss[] = []): Mapped => ({
  kind: 'settled',
  outcome: { status: 'dead', fault },
  losses,
})

/**
 * The usual reading of a result: `read` for an answer that says yes, the rest is the same everywhere.
 * @param read gets the answer, and `maybeTwice` to spread into outcomes that are `sent`
 */
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
/** Every value of the batch went well. @example allSent(batch.values.length, 'accepted', maybeTwice) */
export const allSent = (
  count: number,
  proof: 'stored' | 'accepted',
  maybeTwice: { readonly maybeTwice?: true } = {},
): Sent => {
  const verdict: Verdict = { outcome: { status: 'sent', proof, ...maybeTwice } }
  return { kind: 'verdicts', verdicts: Array.from({ length: count }, () => verdict) }
}
