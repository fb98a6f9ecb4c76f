import type { Definitions, TriggerDefinition } from '../definition/definition.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import type { Moment, Said } from './explanation.ts'
import { factWords } from './fact-words.ts'
import { lineWords } from './line-words.ts'
import { stepAt } from './node-at.ts'
import { noteWords } from './note-words.ts'
import { atMsOf, triggerOf, type Seen } from './record.ts'

/**
 * The time line: one moment for each event and for each time at which something was due, in order. With `trigger` only
 * what is said of that trigger; the events stay.
 */
export function momentsOf(
  seen: readonly Seen[],
  definitions: Definitions,
  trigger?: string,
): readonly Moment[] {
  const triggers = new Map(definitions.triggers.map((each) => [each.id, each]))
  const moments: { atMs: number; event?: MatcherEvent; said: Said[] }[] = []
  for (const each of seen) {
    const atMs = atMsOf(each)
    if (each.note?.what === 'event') {
      moments.push({ atMs, event: each.note.event, said: [] })
      continue
    }
    if (moments.at(-1)?.atMs !== atMs) moments.push({ atMs, said: [] })
    const of = triggerOf(each)
    if (trigger !== undefined && of !== trigger && each.note?.what !== 'fact') continue
    const said = saidOf(each, of === undefined ? undefined : triggers.get(of))
    if (said !== undefined) moments.at(-1)?.said.push(said)
  }
  return moments
    .filter(({ event, said }) => event !== undefined || said.length > 0)
    .map(({ atMs, event, said }) => ({
      at: new Date(atMs).toISOString(),
      ...(event !== undefined && { event }),
      said,
    }))
}

/** `undefined` for a note of a trigger that the definitions do not have. */
function saidOf({ note, line }: Seen, definition: TriggerDefinition | undefined): Said | undefined {
  if (line !== undefined) {
    const about = 'segment' in line ? { segment: line.segment } : { trigger: line.trigger }
    const step = 'stepPath' in line ? stepAt(definition?.journey ?? [], line.stepPath) : undefined
    return { ...about, text: lineWords(line, step), details: [], line }
  }
  if (note.what === 'fact') return { text: factWords(note.fact), details: [], note }
  if (definition === undefined || note.what === 'event') return undefined
  return { trigger: definition.id, ...noteWords(note, definition), note }
}
