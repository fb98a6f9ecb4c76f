import type { SegmentRef } from '@tripline/model'
import type { Condition } from './condition.ts'

/** `dynamic`: a condition. `static`: an explicit set. `mirrored`: the membership another tool owns, as last read. */
export type SegmentDefinition =
  | { readonly specVersion: 1; readonly kind: 'dynamic'; readonly id: string; readonly condition: Condition }
  /** `members`: user ids that are in from the start; steps add and remove. @default [] */
  | {
      readonly specVersion: 1
      readonly kind: 'static'
      readonly id: string
      readonly members: readonly string[]
    }
  | {
      readonly specVersion: 1
      readonly kind: 'mirrored'
      readonly id: string
      readonly vendor: string
      readonly segment: Pick<SegmentRef, 'form' | 'id'>
    }
