import type { ItemResult } from '@tripline/model'

/** How often the vendor holds what an item asks for. */
export interface Certainty {
  readonly least: number
  readonly most: number
}
const once: Certainty = { least: 1, most: 1 }
const perhaps: Certainty = { least: 0, most: 1 }

/**
 * What a result allows. `unknown` and `maybeTwice` widen it only where a repeat `doubles`; a `retry` may have been done
 * where it does not (it was under way when the call ended, and a repeat would do no harm).
 * @param copies how many a `maybeTwice` may have left
 * @returns undefined: nothing of it may be there
 */
export function certaintyOf(
  { outcome }: ItemResult,
  repeat: 'doubles' | 'harmless',
  copies = 2,
): Certainty | undefined {
  switch (outcome.status) {
    case 'sent':
      return outcome.maybeTwice && repeat === 'doubles' ? { least: 1, most: copies } : once
    case 'unknown':
      return repeat === 'doubles' ? perhaps : undefined
    case 'retry':
      return repeat === 'doubles' ? undefined : perhaps
    case 'skipped':
    case 'planned':
    case 'dead':
      return undefined
  }
}
