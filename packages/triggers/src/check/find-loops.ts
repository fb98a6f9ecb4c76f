import { waysOf } from '../definition/check/visit.ts'
import type { Definitions, TriggerDefinition } from '../definition/definition.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { Step } from '../definition/journey.ts'
import type { Occasion } from '../definition/occasion.ts'
import type { Findings } from './finding.ts'
import { mostInRun, runLength, soonest } from './run-length.ts'

/** A step that does something to the user, with its path. */
interface Act {
  readonly step: Extract<Step, { readonly kind: 'emit' | 'setTrait' | 'addTo' | 'removeFrom' }>
  readonly path: string
  /** Time can pass before it. */
  readonly isLater: boolean
}
/** An act of one trigger that makes the occasion of another, or of itself, happen. */
interface Start extends Act {
  readonly from: TriggerDefinition
  readonly to: TriggerDefinition
}

/**
 * Triggers whose journeys start them again, directly or over others, without anything that ends it. Within a millisecond
 * such a fire is refused (`loop`); a wait later it is not.
 */
export function findLoops({ triggers }: Definitions, findings: Findings): void {
  const unbounded = triggers.filter((each) => !isBounded(each))
  const starts = triggers.flatMap((from, index) => {
    if (!unbounded.includes(from)) return []
    const acts = actsOf(from.journey, `triggers[${index}].journey`, false)
    return unbounded.flatMap((to) => acts.flatMap((act) => startOf(from, to, act)))
  })
  const inLoop = starts.filter(({ from, to }) => reaches(to, from, starts))
  for (const trigger of triggers) {
    const loop = inLoop.filter((each) => isBetween(each, trigger, inLoop))
    // What starts it in the same millisecond is refused as a loop.
    const own = loop.filter(({ from, to, isLater }) => from === trigger && (to !== trigger || isLater))
    const [first] = own
    if (first === undefined || !loop.some(({ isLater }) => isLater)) continue
    const counted = new Set<Step>(own.map(({ step }) => step))
    const doubles =
      mostInRun(trigger.journey, (step) => Number(counted.has(step))) > 1 &&
      loop.every(({ from }) => from.reentry === 'parallel')
    findings.warn('endless', first.path, messageOf(first, doubles))
  }
}

function messageOf({ from, to }: Start, doubles: boolean): string {
  const again = from === to ? 'itself' : `"${to.id}", and over it itself`
  const limit = `give "${from.id}" an exit, a goal or "atMost"`
  return doubles
    ? `a run starts ${again} more than once: runs double with every round, without end; ${limit}, or take reentry "single"`
    : `a run starts ${again} again, for every user without end; ${limit}`
}

function startOf(from: TriggerDefinition, to: TriggerDefinition, act: Act): readonly Start[] {
  if (!happensBy(to.when, act.step)) return []
  return [{ ...act, from, to, isLater: act.isLater || soonest(to.when) > 0 }]
}

/** Something ends it or limits how often it is entered. */
function isBounded({ exits, goals, atMost, enabled }: TriggerDefinition): boolean {
  return exits.length + goals.length + atMost.length > 0 || !enabled
}

function isBetween({ from, to }: Start, trigger: TriggerDefinition, starts: readonly Start[]): boolean {
  return reaches(trigger, from, starts) && reaches(to, trigger, starts)
}

/** Whether one trigger leads to the other; each to itself. */
function reaches(from: TriggerDefinition, to: TriggerDefinition, starts: readonly Start[]): boolean {
  const seen = new Set([from])
  for (const each of seen) for (const start of starts) if (start.from === each) seen.add(start.to)
  return seen.has(to)
}

function actsOf(steps: readonly Step[], path: string, isLater: boolean): readonly Act[] {
  return steps.flatMap((step, index): readonly Act[] => {
    const place = `${path}[${index}]`
    const waits = isLater || runLength(steps.slice(0, index)).mostMs > 0
    const inside = waits || step.kind === 'waitFor'
    if (isAct(step)) return [{ step, path: place, isLater: waits }]
    return waysOf(step).flatMap(([name, way]) => actsOf(way, `${place}.${name}`, inside))
  })
}

function isAct(step: Step): step is Act['step'] {
  return (
    step.kind === 'emit' || step.kind === 'setTrait' || step.kind === 'addTo' || step.kind === 'removeFrom'
  )
}

/** Whether what the step does can be what the occasion begins with. Conditions are not judged. */
function happensBy(occasion: Occasion, step: Act['step']): boolean {
  switch (occasion.kind) {
    case 'on':
    case 'times':
      return isEmitted(occasion.event, step)
    case 'sequence':
      return occasion.steps.slice(-1).some(({ event }) => isEmitted(event, step))
    case 'inactive':
      return isEmitted(occasion.of, step)
    case 'without':
    case 'given':
      return happensBy(occasion.base, step)
    case 'changes':
      return step.kind === 'setTrait' && step.trait === occasion.trait
    case 'enters':
      return step.kind === 'addTo' && step.segment === occasion.segment
    case 'leaves':
      return step.kind === 'removeFrom' && step.segment === occasion.segment
    case 'at':
    case 'schedule':
      return false
  }
}

/** An emitted event is matched by its name, never by `any`. */
function isEmitted(match: EventMatch, step: Act['step']): boolean {
  return step.kind === 'emit' && match.type === 'track' && match.name === step.event
}
