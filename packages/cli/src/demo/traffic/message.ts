import type { Values } from '@tripline/model'

/** A message of the Segment Spec as a shop's tracking would send it. */
export interface Message {
  readonly type: 'track' | 'page' | 'identify' | 'group'
  readonly messageId: string
  readonly timestamp: string
  readonly userId?: string
  readonly anonymousId?: string
  readonly event?: string
  readonly name?: string
  readonly groupId?: string
  readonly properties?: Values
  readonly traits?: Values
  readonly context?: Values
}
