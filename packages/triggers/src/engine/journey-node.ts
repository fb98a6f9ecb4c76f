import type { Value } from '@tripline/model'
import type { SendStep } from '../definition/journey.ts'
import type { CompiledCondition, ScopedOccasion } from '../matcher/core.ts'
import type { MatcherUser } from '../matcher/user.ts'

/** Reads a value for a send or an effect at the instant it goes; `undefined`: it has none. */
export type ReadData = (user: MatcherUser, anchor: readonly unknown[]) => Value | undefined
export type NamedData = readonly (readonly [name: string, read: ReadData])[]

export interface SendNode {
  readonly kind: 'send'
  readonly path: string
  readonly channel: string
  readonly content: SendStep['content']
  readonly data: NamedData
  /** Where it goes on after a send that went, and after one that was refused. */
  readonly went: number
  readonly refused: number
}
export type ActNode = { readonly kind: 'act'; readonly path: string; readonly next: number } & (
  | { readonly act: 'setTrait'; readonly trait: string; readonly value: ReadData }
  | { readonly act: 'addTo' | 'removeFrom'; readonly segment: string }
  | { readonly act: 'emit'; readonly event: string; readonly properties: NamedData }
  | { readonly act: 'webhook'; readonly url: string; readonly data: NamedData }
)
export interface WaitForNode {
  readonly kind: 'waitFor'
  readonly path: string
  readonly occasion: ScopedOccasion
  readonly timeoutMs: number
  readonly yes: number
  readonly no: number
}
/** The pause after a send of a fallback: until an engagement with it, or the next channel's turn. */
export interface EngagementNode {
  readonly kind: 'engagement'
  readonly path: string
  readonly timeoutMs: number
  readonly yes: number
  readonly no: number
}

/** One step of a journey, with the indexes of what follows. `journeyEnd`: nothing does. */
export type JourneyNode =
  | SendNode
  | ActNode
  | WaitForNode
  | EngagementNode
  | { readonly kind: 'wait'; readonly path: string; readonly lengthMs: number; readonly next: number }
  | {
      readonly kind: 'waitUntil'
      readonly path: string
      readonly time: string
      readonly zone: string | undefined
      readonly next: number
    }
  | {
      readonly kind: 'branch'
      readonly path: string
      readonly condition: CompiledCondition
      readonly yes: number
      readonly no: number
    }
  | {
      readonly kind: 'split'
      readonly path: string
      readonly experiment: string
      readonly weights: readonly number[]
      readonly arms: readonly number[]
    }
  | { readonly kind: 'exit'; readonly path: string }

export const journeyEnd = -1

export interface JourneyPlan {
  readonly nodes: readonly JourneyNode[]
  /** Whether any step does something to the user. */
  readonly acts: boolean
  /** Index of the first step. */
  readonly start: number
}
