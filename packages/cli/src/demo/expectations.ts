import type { Field } from '@tripline/model'
import type { Delivered } from './deliver-all.ts'
import { expectBraze, observeBraze, type Picture } from '@tripline/testkit/expectations'

/** What both sides know of an account. */
export interface ExpectedSettings {
  readonly fields: readonly Field[]
  readonly eventNames: Readonly<Record<string, string>>
  readonly fieldNames: Readonly<Record<string, string>>
}
interface Expectation {
  readonly expect: (delivered: readonly Delivered[], settings: ExpectedSettings) => Picture
  readonly observe: (state: unknown) => Picture
}

/** How what must be stored is worked out, and what is stored read; none of it knows the adapters. */
export const expectations: Readonly<Record<string, Expectation>> = {
  braze: { expect: expectBraze, observe: observeBraze },
}
