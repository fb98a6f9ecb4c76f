import type { Definitions, TriggerDefinition } from '../definition/definition.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { Occasion } from '../definition/occasion.ts'
import type { TriggerLine } from '../ledger/line.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import { conditionWords } from './condition-words.ts'
import { matchName } from './event-words.ts'
import type { TriggerStory } from './explanation.ts'
import { noteWords } from './note-words.ts'
import { occasionWords } from './occasion-words.ts'
import { reasonWords } from './reason-words.ts'
import type { Seen } from './record.ts'
import { clockWords, dayWords } from './time-words.ts'
import { timesWords } from './value-words.ts'

/** What there is to tell of a trigger from. */
interface StorySource {
  /** What was told of this trigger. */
  readonly own: readonly Seen[]
  /** All events of the user. */
  readonly events: readonly MatcherEvent[]
  readonly segments: Definitions['segments']
}

/** What came of a trigger for this user, and where nothing did, what it would have needed. */
export function storyOf(trigger: TriggerDefinition, source: StorySource): TriggerStory {
  const { own } = source
  const lines = own.flatMap(({ line }) => (line !== undefined && 'trigger' in line ? [line] : []))
  const count = (kind: string): number => lines.filter((line) => line.kind === kind).length
  const [fired, entered, sent] = [count('fire'), count('entry'), count('send')]
  const parts = [
    `fired ${timesWords(fired)}`,
    ...(fired > 0 ? [`entered ${timesWords(entered)}`] : []),
    ...(entered > 0 && trigger.journey.length > 0 ? [`sent ${timesWords(sent)}`] : []),
  ]
  return {
    trigger: trigger.id,
    fires: occasionWords(trigger.when),
    verdict: [parts.join(', '), ...refusedWords(lines), ...(fired === 0 ? neededWords(trigger, source) : [])],
    fired,
    entered,
    sent,
  }
}

/** Why fires did not enter and steps did not go, by reason. */
function refusedWords(lines: readonly TriggerLine[]): readonly string[] {
  const found = new Map<string, { readonly what: string; readonly why: string; count: number }>()
  for (const line of lines) {
    if (line.kind !== 'refusal' || line.reason === 'quiet-deferred') continue
    const what = line.stepPath === '' ? 'not entered' : `${line.channel ?? 'another step'} did not go`
    const key = JSON.stringify([what, line.reason])
    const entry = found.get(key) ?? { what, why: reasonWords[line.reason], count: 0 }
    entry.count++
    found.set(key, entry)
  }
  return [...found.values()].map(({ what, why, count }) => `${what} ${timesWords(count)}: ${why}`)
}

/** Why a trigger never fired: which of its events there were, and the last thing it saw. */
function neededWords(trigger: TriggerDefinition, { own, events, segments }: StorySource): readonly string[] {
  const counts = eventsOf(trigger.when).map((match) => {
    return `${matchName(match)} ${timesWords(events.filter((event) => isOf(event, match)).length)}`
  })
  const last = own.findLast(({ note }) => note !== undefined)?.note
  return [
    ...(counts.length > 0 ? [`of its events the user did: ${counts.join(', ')}`] : []),
    ...segmentsOf(trigger.when, segments),
    last === undefined || last.what === 'event' || last.what === 'fact'
      ? 'it saw nothing that begins what it fires at'
      : `the last it saw, ${dayWords(last.atMs)} ${clockWords(last.atMs)}: ${noteWords(last, trigger).text}`,
  ]
}

/** The events that begin, count for or end an occasion; each once. */
function eventsOf(occasion: Occasion): readonly EventMatch[] {
  const found = matchesIn(occasion)
  return found.filter((match, index) => {
    return found.findIndex((other) => sameEvents(other, match)) === index
  })
}

function matchesIn(occasion: Occasion): readonly EventMatch[] {
  switch (occasion.kind) {
    case 'on':
    case 'times':
      return [occasion.event]
    case 'sequence':
      return occasion.steps.map(({ event }) => event)
    case 'without':
      return [...matchesIn(occasion.base), occasion.event]
    case 'given':
      return matchesIn(occasion.base)
    case 'inactive':
      return [occasion.of]
    case 'changes':
    case 'at':
      return [{ type: 'identify' }]
    case 'enters':
    case 'leaves':
    case 'schedule':
      return []
  }
}

const sameEvents = (one: EventMatch, other: EventMatch): boolean =>
  one.type === other.type && nameOf(one) === nameOf(other)
const nameOf = (match: EventMatch): string | undefined => ('name' in match ? match.name : undefined)

function isOf({ type, name, source }: MatcherEvent, match: EventMatch): boolean {
  if (match.type === 'any') return source === undefined && type !== 'group' && type !== 'alias'
  return type === match.type && (nameOf(match) === undefined || nameOf(match) === name)
}

/** What it takes to be in the segment that an occasion is about. */
function segmentsOf(occasion: Occasion, segments: Definitions['segments']): readonly string[] {
  if (occasion.kind === 'without' || occasion.kind === 'given') return segmentsOf(occasion.base, segments)
  if (occasion.kind !== 'enters' && occasion.kind !== 'leaves' && occasion.kind !== 'schedule') return []
  const segment = segments.find(({ id }) => id === occasion.segment)
  return segment?.kind === 'dynamic'
    ? [`in segment ${segment.id} is who: ${conditionWords(segment.condition)}`]
    : []
}
