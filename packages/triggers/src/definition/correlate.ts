import type { Occasion } from './occasion.ts'

/** Writes `by` on every node for which it holds: where it is written, and inside on the nodes that have none. */
export function correlate(occasion: Occasion, inherited?: string): Occasion {
  switch (occasion.kind) {
    case 'on':
    case 'times':
    case 'sequence':
    case 'inactive': {
      const by = occasion.by ?? inherited
      return by === undefined ? occasion : { ...occasion, by }
    }
    case 'without':
    case 'given': {
      const by = occasion.by ?? inherited
      const base = correlate(occasion.base, by)
      return by === undefined ? { ...occasion, base } : { ...occasion, by, base }
    }
    case 'enters':
    case 'leaves':
    case 'changes':
    case 'at':
    case 'schedule':
      return occasion
  }
}
