import type { Occasion } from './occasion.ts'

/** Writes `by` on every node for which it holds: where it is written, and inside on the nodes that have none. */
export function correlate(occasion: Occasion, inherited?: string): Occasion {
  switch (occasion.kind) {
    case 'on':
    case 'times':
    case 'sequence':
    case 'inactive':
      return withBy(occasion, occasion.by ?? inherited)
    case 'without':
    case 'given': {
      const by = occasion.by ?? inherited
      return withBy({ ...occasion, base: correlate(occasion.base, by) }, by)
    }
    case 'enters':
    case 'leaves':
    case 'changes':
    case 'at':
    case 'schedule':
      return occasion
  }
}

type OfEvents = Extract<Occasion, { readonly by?: string }>
/** In the place that `by` has where it is written, so that the text of a normal form is the same, too. */
function withBy<Node extends OfEvents>(occasion: Node, by: string | undefined): Node {
  if (by === undefined) return occasion
  const { kind, by: _, ...rest } = occasion
  return { kind, by, ...rest } as unknown as Node
}
