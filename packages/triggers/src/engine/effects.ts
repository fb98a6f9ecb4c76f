import type { Value } from '@tripline/model'
import type { Effect } from '../ledger/line.ts'
import type { Fact } from './fact.ts'
import { writeLine, type ActLine, type Causes, type Instant } from './instant.ts'
import type { ActNode } from './journey-node.ts'
import { readData } from './journey-plan.ts'
import type { Run } from './run.ts'
import type { MatcherEvent } from '../matcher/event.ts'

/** A step that acts: its line, and what it does to the user, which comes after all else in the millisecond. */
export function act(instant: Instant, run: Run, node: ActNode): void {
  if (run.heldOut) {
    writeLine(instant, run, node.path, { kind: 'refusal', reason: 'holdout' })
    return
  }
  const effect = effectOf(instant, run, node)
  const line = writeLine(instant, run, node.path, { kind: 'act', effect }) as ActLine
  if (effect.kind === 'webhook') return
  instant.millisecond.effects.push({ line, causes: causesOf(instant, run) })
}

function effectOf({ millisecond }: Instant, run: Run, node: ActNode): Effect {
  const { matcher } = millisecond.state
  switch (node.act) {
    case 'setTrait':
      return { kind: 'setTrait', trait: node.trait, value: node.value(matcher, run.values) ?? null }
    case 'addTo':
    case 'removeFrom':
      return { kind: node.act, segment: node.segment }
    case 'emit':
      return { kind: 'emit', event: node.event, properties: readData(node.properties, matcher, run.values) }
    case 'webhook':
      return { kind: 'webhook', url: node.url, data: readData(node.data, matcher, run.values) }
  }
}

function causesOf({ millisecond, causes }: Instant, run: Run): Causes | undefined {
  const own = millisecond.entryCauses?.get(run)
  if (own === undefined || causes === undefined) return own ?? causes
  return new Set([...own, ...causes])
}

/** Names a change of a set by its place among the effects of its millisecond. */
export function effectKey(place: number): string {
  return `effect:${place}`
}

/**
 * What an `act` line does to its user, as the event or the fact it is on the time line; a `webhook` does nothing. The
 * events and facts of one millisecond come after all others of it, in the order of their lines.
 */
export function effectOfLine({ effect, id, atMs }: ActLine): MatcherEvent | Fact | undefined {
  switch (effect.kind) {
    case 'setTrait': {
      const properties: { readonly [name: string]: Value } = { [effect.trait]: effect.value }
      return { messageId: id, type: 'identify', atMs, properties, source: 'tripline' }
    }
    case 'emit': {
      const { event: name, properties } = effect
      return { messageId: id, type: 'track', name, atMs, properties, source: 'tripline' }
    }
    case 'addTo':
    case 'removeFrom':
      return { kind: 'membership', atMs, segment: effect.segment, member: effect.kind === 'addTo' }
    case 'webhook':
      return undefined
  }
}
