import type { Value } from '@tripline/model'
import type { Definitions } from '../definition/definition.ts'
import { durationMs } from '../definition/duration.ts'
import type { TriggerLine } from '../ledger/line.ts'
import type { RunState, WaitState } from './explanation.ts'
import { occasionAt, stepAt } from './node-at.ts'
import { waitWords } from './note-words.ts'
import { atMsOf, type Seen } from './record.ts'
import { stepNoteWords } from './step-words.ts'

interface Place {
  readonly trigger: string
  readonly node: string
  readonly key?: Value
}
interface OpenWait extends Place {
  readonly atMs: number
  readonly dueMs: number
}

/** The waits that were under way after everything at `atMs`, by when they are due. */
export function waitsAt(
  seen: readonly Seen[],
  atMs: number,
  { triggers }: Definitions,
): readonly WaitState[] {
  const open = openWaits(seen.filter((each) => atMsOf(each) <= atMs))
  return [...open]
    .sort((first, second) => first.dueMs - second.dueMs)
    .map((wait) => {
      const definition = triggers.find(({ id }) => id === wait.trigger)
      const occasion = definition && occasionAt(definition, wait.node)
      const isKnown = occasion?.kind === 'without' || occasion?.kind === 'inactive'
      return {
        trigger: wait.trigger,
        node: wait.node,
        text: definition ? waitWords(wait, definition) : 'a wait',
        since: new Date(isKnown ? wait.dueMs - durationMs(occasion.for) : wait.atMs).toISOString(),
        due: new Date(wait.dueMs).toISOString(),
      }
    })
}

/**
 * The waits that are under way at the end of what was told. Those inside a `waitFor` go with its step or its run; a note
 * does not name its run, so of runs of one trigger side by side they go with the first step, or with the last run.
 */
function openWaits(seen: readonly Seen[]): readonly OpenWait[] {
  let open: readonly OpenWait[] = []
  const inside = new Map<string, number>()
  for (const { note, line } of seen) {
    if (note?.what === 'wait-started') open = [...open, note]
    else if (note?.what === 'wait-restarted') open = [...open.filter((wait) => !isSameNode(wait, note)), note]
    else if (note?.what === 'wait-cancelled') open = without(open, note, note.dueMs)
    else if (note?.what === 'wait-ended') open = without(open, note, note.atMs)
    else if (note?.what === 'step' && note.facts['way'] !== undefined) {
      open = open.filter(({ trigger, node }) => trigger !== note.trigger || stepOf(node) !== note.path)
    } else if (line !== undefined && 'trigger' in line) {
      const change = runChange(line)
      if (change === 0) continue
      const runs = (inside.get(line.trigger) ?? 0) + change
      inside.set(line.trigger, runs)
      if (runs === 0) {
        open = open.filter(({ trigger, node }) => trigger !== line.trigger || stepOf(node) === 'when')
      }
    }
  }
  return open
}

const stepOf = (node: string): string => node.split('.', 1)[0] ?? ''
function runChange({ kind }: TriggerLine): number {
  if (kind === 'entry') return 1
  return kind === 'goal' || kind === 'exit' || kind === 'end' ? -1 : 0
}

const isSameNode = (one: Place, other: Place): boolean =>
  one.trigger === other.trigger &&
  one.node === other.node &&
  JSON.stringify(one.key) === JSON.stringify(other.key)

/** Without the first wait of the node that is due then. */
function without(open: readonly OpenWait[], place: Place, dueMs: number): readonly OpenWait[] {
  const index = open.findIndex((wait) => isSameNode(wait, place) && wait.dueMs === dueMs)
  return open.filter((_, each) => each !== index)
}

/** The runs that went on after everything at `atMs`, by their entries. */
export function runsAt(seen: readonly Seen[], atMs: number, { triggers }: Definitions): readonly RunState[] {
  let open: readonly { readonly entry: TriggerLine; readonly step?: string }[] = []
  for (const each of seen) {
    if (atMsOf(each) > atMs) continue
    const { note, line } = each
    if (line !== undefined && 'trigger' in line) {
      if (line.kind === 'entry') open = [...open, { entry: line }]
      else if (line.kind === 'goal' || line.kind === 'exit' || line.kind === 'end') {
        open = open.filter(
          ({ entry }) => entry.trigger !== line.trigger || entry.anchorKey !== line.anchorKey,
        )
      }
    } else if (note?.what === 'step') {
      const definition = triggers.find(({ id }) => id === note.trigger)
      const step = stepNoteWords(note, definition && stepAt(definition.journey, note.path))
      // A note does not name its run: of runs side by side it is the one entered last.
      const index = open.findLastIndex(({ entry }) => entry.trigger === note.trigger)
      open = open.map((run, place) => (place === index ? { ...run, step } : run))
    }
  }
  return open.map(({ entry, step }) => ({
    trigger: entry.trigger,
    entered: new Date(entry.atMs).toISOString(),
    heldOut: entry.heldOut === true,
    ...(step !== undefined && { step }),
  }))
}
