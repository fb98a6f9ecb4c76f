import type { Place } from './builder.ts'
import type { Anchor, MatcherEvent } from './event.ts'
import { compilePath, type Read } from './path.ts'
import type { MatcherUser } from './user.ts'

/** Which values of an anchor event are kept, and where. */
export interface Anchors {
  readonly index: (path: string) => number
  readonly take: (user: MatcherUser, event: MatcherEvent) => Anchor
}

const noValues: readonly unknown[] = []

/**
 * The paths that a definition names of its anchor event, in bytewise order: so their places depend on it alone. What a
 * `waitFor` names inside is of another anchor.
 */
export function compileAnchors(definition: unknown, place: Place): Anchors {
  const paths = [...collect(definition, new Set())].toSorted()
  const places = new Map(paths.map((path, index) => [path, index]))
  const reads: readonly Read[] = paths.map(compilePath)
  return {
    index(path) {
      const index = places.get(path)
      if (index === undefined)
        throw new RangeError(`the definition names no property "${path}" of its anchor`)
      return index
    },
    take(user, event) {
      if (reads.length > 0) {
        const { properties } = event
        const values = reads.map((read) => read(properties))
        return { sequence: user.sequence, key: event.messageId, values }
      }
      // One for all triggers that keep no values. Properties are not touched: they may still have to be read.
      place.anchor ??= { sequence: user.sequence, key: event.messageId, values: noValues }
      return place.anchor
    },
  }
}

/** Where `by` is asked of the anchor instead of an event. */
const correlatesAnchor: ReadonlySet<unknown> = new Set(['without', 'given', 'inactive'])

function collect(node: unknown, paths: Set<string>): Set<string> {
  if (typeof node !== 'object' || node === null) return paths
  const { kind, anchor, by } = node as { kind?: unknown; anchor?: unknown; by?: unknown }
  if (typeof anchor === 'string' && kind !== 'without') paths.add(anchor)
  if (typeof by === 'string' && correlatesAnchor.has(kind)) paths.add(by)
  for (const [name, inside] of Object.entries(node)) {
    if (kind !== 'waitFor' || name !== 'occasion') collect(inside, paths)
  }
  return paths
}
