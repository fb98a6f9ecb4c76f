import { decideSends } from './arbitration.ts'
import type { CollectedFire, MembershipChange } from './collector.ts'
import { reachedEndings } from './endings.ts'
import { isEngagement, settleEngagement } from './engagement.ts'
import { decideFire } from './fire.ts'
import type { Instant } from './instant.ts'
import { compareRuns, type Run } from './run.ts'
import { updateNextRun } from './state.ts'
import { resume } from './walk.ts'

/**
 * Everything that is decided at one instant, in the order of the law: memberships; goals and exits; steps of running
 * journeys; new fires; then the sends that compete. What the matcher tells of the place must have been collected.
 * `timers`: what is due at the millisecond belongs to this instant.
 */
export function decideInstant(instant: Instant, timers: boolean): void {
  const { engine, state, atMs } = instant.millisecond
  const isTime = timers && state.nextRunMs <= atMs
  const concerned = instant.event !== undefined && isEngagement(engine, instant.event)
  const { fires, changes } = engine.collector.take()
  writeMemberships(instant, changes)
  if (concerned) settleEngagement(state, instant.event)
  if (state.runs.length > 0) {
    if (instant.event !== undefined) reachedEndings(instant, instant.event)
    takeSteps(instant, isTime || concerned, timers)
  }
  if (fires.length > 0) {
    if (fires.length > 1) fires.sort(compareFires)
    for (const fire of fires) decideFire(instant, fire)
  }
  if (isTime || instant.millisecond.isContended) decideSends(instant, timers)
  if (isTime) updateNextRun(state)
}

function writeMemberships({ millisecond }: Instant, changes: MembershipChange[]): void {
  if (changes.length === 0) return
  const { engine, state, atMs, emit } = millisecond
  changes.sort((left, right) => left.segment - right.segment)
  for (const { segment, entered } of changes) {
    const id = engine.core.segments[segment] as string
    emit({ kind: entered ? 'member' : 'left', userId: state.userId, atMs, segment: id })
    const others = state.members.filter((each) => each !== id)
    state.members = entered ? [...others, id].toSorted() : others
  }
}

/** By trigger id, then by the place of the anchor. */
function compareFires(left: CollectedFire, right: CollectedFire): number {
  return left.trigger - right.trigger || left.anchor.sequence - right.anchor.sequence
}

/** Running journeys whose waiting is over go on, by trigger id and anchor place. */
function takeSteps(instant: Instant, mayConcernAny: boolean, timers: boolean): void {
  const { state } = instant.millisecond
  if (!mayConcernAny && instant.waited.size === 0) return
  const woken: (readonly [Run, 'yes' | 'no'])[] = []
  // A goal or an exit may just have ended one that waited.
  const waited = [...instant.waited].filter((run) => state.runs.includes(run))
  for (const run of mayConcernAny ? state.runs : waited) {
    const way = wakes(instant, run, timers)
    if (way !== undefined) woken.push([run, way])
  }
  if (woken.length > 1) woken.sort(([left], [right]) => compareRuns(left, right))
  for (const [run, way] of woken) resume(instant, run, way)
}

/** `yes` where what was waited for came, `no` where its time is over, `undefined` where the run waits on. */
function wakes(instant: Instant, run: Run, timers: boolean): 'yes' | 'no' | undefined {
  const { atMs } = instant.millisecond
  const { pause } = run
  if (pause.kind === 'contending') return undefined
  if (instant.waited.has(run)) return 'yes'
  if (pause.kind === 'engagement' && isEngagedWith(instant, pause.send)) return 'yes'
  return timers && pause.dueMs <= atMs ? 'no' : undefined
}

function isEngagedWith({ event, millisecond }: Instant, send: string): boolean {
  return (
    event !== undefined && isEngagement(millisecond.engine, event) && event.properties['send_id'] === send
  )
}
