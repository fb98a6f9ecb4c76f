import type { FieldType } from '@tripline/model'
import type { Predicate } from '../definition/comparison.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { Builder } from './builder.ts'
import { compileComparison, type AnchorIndex } from './compare.ts'
import type { Bag, MatcherEvent } from './event.ts'
import { typedAs, untyped } from './field-types.ts'
import { fromKey, toKey, type Key } from './key.ts'
import { compilePath, firstName } from './path.ts'
import { atPath, compilePredicate, forEvents, namesAnchor } from './predicate.ts'
import { dropOld, empty, saveRows, usedIn, withRoom, type Rows } from './rows.ts'
import { readSlot, writeSlot, type MatcherUser } from './user.ts'
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
  const { now, later } = divide(match)
  const acceptsNow = compilePredicate(now, builder.types, anchorIndex)
  const reads = [...keep]
  const asksLater = later.map((part) => compileLater(part, { match, reads, builder, anchorIndex }))
  const width = reads.length + 1
  const slot = builder.newSlot({
    save: (state) => saveRows(state as Rows<unknown>, width),
    load: (saved) => (saved as Rows<unknown>).slice(),
  })

  builder.onUpdate(match, (user, event) => {
    if (!acceptsNow(event, [])) return
    const kept = readSlot(user, slot) as Rows<unknown> | undefined
    const row = [event.atMs, ...reads.map((read) => read(event))]
    if (kept === undefined) {
      writeSlot(user, slot, row)
      return
    }
    const old = dropOld(kept, window.forgetMs(user, event.atMs), width)
    const used = usedIn(old, width)
    const rows = withRoom(old, used, width)
    for (let place = 0; place < width; place++) rows[used + place] = row[place]
    if (rows !== kept) writeSlot(user, slot, rows)
  })
  return {
    each(user, atMs, anchor, visit) {
      const rows = readSlot(user, slot) as Rows<unknown> | undefined
      if (rows === undefined) return
      const outMs = window.outMs(user, atMs)
      for (let row = usedIn(rows, width) - width; row >= 0 && (rows[row] as number) > outMs; row -= width) {
        if (asksLater.every((ask) => ask(rows, row, anchor)) && !visit(rows, row)) return
      }
    },
    nextMs(user, atMs) {
      const rows = readSlot(user, slot) as readonly unknown[] | undefined
      if (rows === undefined) return Number.POSITIVE_INFINITY
      const outMs = window.outMs(user, atMs)
      for (let row = 0; row < rows.length && rows[row] !== empty; row += width) {
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
  if (!isAnchored(predicate)) {
    const { match, reads, builder, anchorIndex } = context
    const accepts = compilePredicate({ ...match, where: predicate }, builder.types, anchorIndex)
    const offset = reads.push((event) => accepts(event, []))
    return (rows, from) => rows[from + offset] === true
  }
  return isSame(predicate, context.match, context.builder)
    ? compileSame(predicate, context)
    : compileCompared(predicate, context)
}

function isAnchored(predicate: Predicate): predicate is Anchored {
  return 'anchor' in predicate
}

export type Anchored = Extract<Predicate, { readonly kind: 'property' }> & { readonly anchor: string }

/** "The same product": one value of a type that is the same in one way of writing alone, so that keys can be compared. */
export function isSame(predicate: Predicate, match: EventMatch, builder: Builder): predicate is Anchored {
  if (!isAnchored(predicate) || predicate.op !== 'eq' || predicate.property.includes('[]')) return false
  const declared = builder.types.property(match, predicate.property)
  return declared === undefined || (declared !== 'varies' && plainTypes.has(declared.type))
}

const plainTypes: ReadonlySet<FieldType> = new Set(['string', 'number', 'integer', 'boolean'])

/** The key of the value is kept, which takes less room and is compared at once. */
function compileSame({ property, anchor }: Anchored, context: Later): AskLater {
  const { match, reads, builder, anchorIndex } = context
  const declared = builder.types.property(match, property)
  const typed = declared === undefined || declared === 'varies' ? untyped : declared.typed
  const read = compilePath(property)
  const index = anchorIndex(anchor)
  const offset = reads.push((event) => toKey(typed(read(event.properties))) ?? null)
  const compare = compileComparison({ op: 'eq', anchor }, undefined, anchorIndex)
  const isTyped = declared === undefined || declared === 'varies' ? undefined : typedAs(declared.type)
  return (rows, from, values) => {
    const kept = rows[from + offset] as Key | null
    const operand = values[index]
    if (kept === null || operand === null || operand === undefined) return false
    if (isTyped !== undefined && isTyped(operand) === undefined) return false
    // Lists are sets, and objects have no order.
    if (typeof operand === 'object') return compare(fromKey(kept), values, 0)
    return kept === toKey(operand)
  }
}

/** Keeps the value, and compares it when asked. Of a path with `[]` the whole of the first name is kept. */
function compileCompared(predicate: Anchored, context: Later): AskLater {
  const { match, reads, builder, anchorIndex } = context
  const { property } = predicate
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

/** What of a match can be asked when the event comes, and what only with an anchor. */
export function divide(match: EventMatch): {
  readonly now: EventMatch
  readonly later: readonly Predicate[]
} {
  const { where, ...of } = match
  const parts = where === undefined ? [] : where.kind === 'and' ? where.predicates : [where]
  const predicates = parts.filter((part) => !namesAnchor(part))
  const now = predicates.length === 0 ? of : { ...of, where: { kind: 'and', predicates } as const }
  return { now, later: parts.filter(namesAnchor) }
}
