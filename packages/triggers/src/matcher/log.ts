import type { Predicate } from '../definition/comparison.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { Builder } from './builder.ts'
import { compileComparison, type AnchorIndex } from './compare.ts'
import type { Bag, MatcherEvent } from './event.ts'
import { compilePath, firstName } from './path.ts'
import { atPath, compilePredicate, forEvents, namesAnchor } from './predicate.ts'
import type { MatcherUser } from './user.ts'
import type { Window } from './window.ts'

/** A log of the matching events in a window, with the values that are asked of them later. */
export interface CompiledLog {
  /** Calls with the row of each event in the window that fits the anchor, from the latest back, until told to stop. */
  each(
    user: MatcherUser,
    atMs: number,
    anchor: readonly unknown[],
    visit: (rows: readonly unknown[], row: number) => boolean,
  ): void
  /** When by mere time an event leaves the window next. */
  nextMs(user: MatcherUser, atMs: number): number
}

/** Asks the kept values of an event, which begin at `from`. */
type AskLater = (rows: readonly unknown[], from: number, anchor: readonly unknown[]) => boolean
/** Reads a value that is kept of an event. */
export type Keep = (event: MatcherEvent) => unknown

/**
 * Keeps, per matching event in the window, a row: its time, what `keep` reads, and what is compared with the anchor
 * event. Parts of a conjunction that name no anchor are asked when the event comes, the rest later.
 */
export function compileLog(
  match: EventMatch,
  keep: readonly Keep[],
  window: Window,
  builder: Builder,
  anchorIndex: AnchorIndex,
): CompiledLog {
  const slot = builder.newSlot()
  const { now, later } = divide(match)
  const acceptsNow = compilePredicate(now, builder.types, anchorIndex)
  const reads = [...keep]
  const asksLater = later.map((part) => compileLater(part, { match, reads, builder, anchorIndex }))
  const width = reads.length + 1

  builder.onUpdate(match, (user, event) => {
    if (!acceptsNow(event, [])) return
    const rows = user.slots[slot] as unknown[] | undefined
    const row = [event.atMs, ...reads.map((read) => read(event))]
    if (rows === undefined) user.slots[slot] = row
    else {
      prune(rows, window.forgetMs(user, event.atMs), width)
      rows.push(...row)
    }
  })
  return {
    each(user, atMs, anchor, visit) {
      const rows = user.slots[slot] as readonly unknown[] | undefined
      if (rows === undefined) return
      const outMs = window.outMs(user, atMs)
      for (let row = rows.length - width; row >= 0 && (rows[row] as number) > outMs; row -= width) {
        if (asksLater.every((ask) => ask(rows, row, anchor)) && !visit(rows, row)) return
      }
    },
    nextMs(user, atMs) {
      const rows = user.slots[slot] as readonly unknown[] | undefined
      if (rows === undefined) return Number.POSITIVE_INFINITY
      const outMs = window.outMs(user, atMs)
      for (let row = 0; row < rows.length; row += width) {
        if ((rows[row] as number) > outMs) return window.leaveMs(user, rows[row] as number)
      }
      return Number.POSITIVE_INFINITY
    },
  }
}

interface Later {
  readonly match: EventMatch
  readonly reads: Keep[]
  readonly builder: Builder
  readonly anchorIndex: AnchorIndex
}

/** Compiles a predicate so that it reads the kept values instead of the event; adds what it needs to `reads`. */
function compileLater(predicate: Predicate, context: Later): AskLater {
  if (predicate.kind !== 'property') {
    const parts = predicate.predicates.map((part) => compileLater(part, context))
    return predicate.kind === 'and'
      ? (rows, from, anchor) => parts.every((part) => part(rows, from, anchor))
      : (rows, from, anchor) => parts.some((part) => part(rows, from, anchor))
  }
  const { match, reads, builder, anchorIndex } = context
  const { property } = predicate
  if (!namesAnchor(predicate)) {
    const accepts = compilePredicate({ ...match, where: predicate }, builder.types, anchorIndex)
    const offset = reads.push((event) => accepts(event, []))
    return (rows, from) => rows[from + offset] === true
  }
  // Of a path with `[]` the whole of the first name is kept, and the path is followed when it is asked.
  const several = property.includes('[]')
  const read = compilePath(several ? firstName(property) : property)
  const offset = reads.push((event) => read(event.properties))
  const fits = forEvents(match, property, builder.types, (declared) => {
    const one = compileComparison(predicate, declared, anchorIndex)
    const inside = atPath(property, predicate, one)
    const bagOf = (value: unknown): Bag => ({ [firstName(property)]: value })
    return several
      ? (value: unknown, anchor: readonly unknown[]) => inside(bagOf(value), anchor, 0)
      : (value: unknown, anchor: readonly unknown[]) => one(value, anchor, 0)
  })
  if (builder.types.property(match, property) !== 'varies') {
    const asked = fits({ type: 'track' })
    return (rows, from, anchor) => asked(rows[from + offset], anchor)
  }
  // The declared type depends on the event: its type and name are kept too.
  const kind = reads.push(({ type, name }) => (name === undefined ? { type } : { type, name }))
  return (rows, from, anchor) =>
    fits(rows[from + kind] as Pick<MatcherEvent, 'type' | 'name'>)(rows[from + offset], anchor)
}

function divide(match: EventMatch): { readonly now: EventMatch; readonly later: readonly Predicate[] } {
  const { where, ...of } = match
  const parts = where === undefined ? [] : where.kind === 'and' ? where.predicates : [where]
  const predicates = parts.filter((part) => !namesAnchor(part))
  const now = predicates.length === 0 ? of : { ...of, where: { kind: 'and', predicates } as const }
  return { now, later: parts.filter(namesAnchor) }
}

const fewRows = 32

/** Drops what left the window: of a short log at once, of a long one when it is half of it. */
function prune(rows: unknown[], untilMs: number, width: number): void {
  if ((rows[0] as number) > untilMs) return
  const middle = Math.floor(rows.length / width / 2) * width
  if (rows.length > fewRows * width && (rows[middle] as number) > untilMs) return
  let old = width
  while (old < rows.length && (rows[old] as number) <= untilMs) old += width
  rows.splice(0, old)
}
