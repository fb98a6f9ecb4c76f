import type { Fault } from './fault.ts'

const mark: unique symbol = Symbol.for('@tripline/model:TriplineError') as never
/**
 * Misuse, or a read that failed: what `check`, `schema`, `readProfiles` and `segments` throw. `deliver` and `start`
 * never throw for an item. Branch on `fault.code`; `cause` is the original error, untouched.
 */
export class TriplineError extends Error {
  override readonly name: string = 'TriplineError'
  readonly [mark] = true
  readonly vendor: string
  readonly fault: Fault
  constructor(vendor: string, fault: Fault, options?: { readonly cause?: unknown }) {
    super(`${vendor}: ${fault.message}`, options)
    this.vendor = vendor
    this.fault = fault
  }
  /** True for errors of any installed copy of this package. */
  static is = (value: unknown): value is TriplineError =>
    typeof value === 'object' && value !== null && mark in value
}
