import type { Value } from '@tripline/model'
import type { Content } from '../definition/journey.ts'
import type { Reason } from './reason.ts'

/**
 * One line of the ledger: a change of a membership, or something a trigger did or did not do. Lines of one user come in
 * the order of the law: by instant; in it memberships, goals and exits, steps of running journeys, new fires; each by
 * trigger id, anchor place, step. A listing over users is sorted by (`atMs`, `userId` bytewise), stable.
 */
export type LedgerLine = MembershipLine | TriggerLine

export interface MembershipLine {
  readonly kind: 'member' | 'left'
  readonly userId: string
  readonly atMs: number
  readonly segment: string
  /** Caused by a late event or a new definition: nothing fires by it. */
  readonly because?: 'late' | 'definition'
}

/** What every line of a trigger says. */
interface Common {
  readonly userId: string
  /** The instant, ms UTC. */
  readonly atMs: number
  readonly trigger: string
  readonly version: number
  readonly anchorKey: string
  /** Of (trigger, version entered, user id at entry, anchor key, step path): 32 hex digits. A repeat of work has the same. */
  readonly id: string
  /** `''` for what concerns the whole run: fire, entry, refusal of the fire, goal, exit, end. */
  readonly stepPath: string
  /** Of a hold-out run: nothing of it goes. */
  readonly heldOut?: true
}

export type TriggerLine =
  /** The occasion happened. Followed by its entry or its refusal. */
  | (Common & { readonly kind: 'fire' })
  | (Common & { readonly kind: 'entry' })
  /** Of a fire (`stepPath` is `''`), or of a step. */
  | (Common & Refusal)
  /** An intention: guards 1 to 10 are passed. */
  | (Common & { readonly kind: 'send' } & Message)
  /** Another step that acts. */
  | (Common & { readonly kind: 'act'; readonly effect: Effect })
  /** The run is over: by a goal, by an exit (event, step, or trigger removed), at its last step. */
  | (Common & { readonly kind: 'goal' | 'exit' | 'end' })

interface Refusal {
  readonly kind: 'refusal'
  readonly reason: Reason
  /** Of a refused send. */
  readonly channel?: string
  /** `quiet-deferred`: when it is asked again. */
  readonly untilMs?: number
  /** `capped`: indexes into `policy.caps` of all that were full. */
  readonly caps?: readonly number[]
}

interface Message {
  readonly channel: string
  readonly content: { readonly [vendor: string]: Content }
  /** Names whose source has no value are absent. */
  readonly data: { readonly [name: string]: Value }
  readonly transactional: boolean
}

export type Effect =
  | { readonly kind: 'setTrait'; readonly trait: string; readonly value: Value }
  | { readonly kind: 'addTo' | 'removeFrom'; readonly segment: string }
  | { readonly kind: 'emit'; readonly event: string; readonly properties: { readonly [name: string]: Value } }
  | { readonly kind: 'webhook'; readonly url: string; readonly data: { readonly [name: string]: Value } }
