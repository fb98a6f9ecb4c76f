import type { Clock } from '../host.ts'
import type { Identity } from '../identity.ts'
import type { Instant } from '../value.ts'

/** The consent that a category of `context.consent.categoryPreferences` stands for. */
export interface ConsentMeaning {
  readonly channel: string
  readonly topic?: string
  /** Legal basis, kept where the vendor keeps one. */
  readonly basis?: string
}

/** Options of `parseMessage` and `parseBatch`. */
export interface ParseOptions {
  /** When the message arrived: the time of messages without a `timestamp`. @default the clock's now */
  readonly receivedAt?: Instant
  /** @default the machine's clock */
  readonly clock?: Pick<Clock, 'now'>
  /** The lane of an item about this person. @default `userId ?? anonymousId` */
  readonly laneOf?: (who: Identity) => string
  /**
   * Whether the `previousId` of an `alias` is an anonymous id. Two known people are never merged, so an alias from an
   * id that is not anonymous only gives a note. @default true only for the message's own `anonymousId`
   */
  readonly isAnonymousId?: (previousId: string) => boolean
  /** `groupType` of items from `group` messages, which do not name one. @default 'company' */
  readonly groupType?: string
  /**
   * Numbers written as text (`"12.50"`) in number properties of the e-commerce events become numbers, with a note,
   * when the number says exactly the same. @default false: they are mistakes
   */
  readonly coerceNumbers?: boolean
  /**
   * What a consent category stands for; `undefined` leaves the category out, with a note.
   * @default the category is the channel
   */
  readonly consentOf?: (category: string) => ConsentMeaning | undefined
  /**
   * Copies `email` and `phone` of the traits into the identity when they are plausible, for accounts that say that
   * e-mail or phone identify people. @default false
   */
  readonly identityTraits?: boolean
}
