import { armOf, bucketOf } from './chance.ts'
import { act } from './effects.ts'
import { writeLine, type Instant } from './instant.ts'
import { journeyEnd, type JourneyNode } from './journey-node.ts'
import type { Run } from './run.ts'
import { noteStep } from './note-step.ts'
import { pause } from './state.ts'
import { offerSend, sendId, type Onward } from './send.ts'
import { nextLocalTime } from '../time/local-time.ts'

/** Takes the steps of a run from `start` on, until one holds it or it ends. */
export function proceed(instant: Instant, run: Run, start: number): void {
  let node: Onward = start
  while (node !== undefined && node !== journeyEnd) {
    run.node = node
    node = takeStep(instant, run, run.plan.journey.nodes[node] as JourneyNode)
  }
  if (node === undefined) return
  writeLine(instant, run, '', { kind: 'end' })
  remove(instant, run)
}

/** The run is over: nothing of it waits any more. */
export function remove({ millisecond }: Instant, run: Run): void {
  const { runs } = millisecond.state
  runs.splice(runs.indexOf(run), 1)
}

/** The step that follows at once; `undefined`: the run waits, or is over. */
function takeStep(instant: Instant, run: Run, node: JourneyNode): Onward {
  const { state, atMs } = instant.millisecond
  switch (node.kind) {
    case 'send':
      return offerSend({ instant, run, node, deferrals: 0 })
    case 'act':
      act(instant, run, node)
      return node.next
    case 'wait': {
      const dueMs = atMs + node.lengthMs
      noteStep(instant, run, node.path, { untilMs: dueMs })
      pause(state, run, { kind: 'timer', dueMs })
      return undefined
    }
    case 'waitUntil': {
      const zone = node.zone ?? instant.millisecond.engine.core.zoneOf(state.matcher)
      const dueMs = nextLocalTime(atMs, node.time, zone)
      noteStep(instant, run, node.path, { untilMs: dueMs, zone })
      pause(state, run, { kind: 'timer', dueMs })
      return undefined
    }
    case 'waitFor': {
      const dueMs = atMs + node.timeoutMs
      noteStep(instant, run, node.path, { untilMs: dueMs })
      const since = { sinceMs: atMs, ...(instant.key !== undefined && { sinceKey: instant.key }) }
      pause(state, run, { kind: 'occasion', dueMs, scope: node.occasion.start(), ...since })
      return undefined
    }
    case 'engagement': {
      const dueMs = atMs + node.timeoutMs
      noteStep(instant, run, node.path, { untilMs: dueMs })
      pause(state, run, { kind: 'engagement', dueMs, send: sendId(run, node) })
      return undefined
    }
    case 'branch': {
      const holds = node.condition.ask(state.matcher, atMs, run.values)
      if (instant.millisecond.engine.observer !== undefined) {
        const condition = node.condition.explain(state.matcher, atMs, run.values)
        noteStep(instant, run, node.path, { way: holds ? 'yes' : 'no' }, condition)
      }
      return holds ? node.yes : node.no
    }
    case 'split': {
      const bucket = bucketOf(node.experiment, run.userId)
      const arm = armOf(bucket, node.weights)
      noteStep(instant, run, node.path, { arm, bucket })
      return node.arms[arm]
    }
    case 'exit':
      writeLine(instant, run, '', { kind: 'exit' })
      remove(instant, run)
      return undefined
  }
}

/** The step at which a run waited goes on: `yes` where what it waited for came, `no` at its time. */
export function resume(instant: Instant, run: Run, way: 'yes' | 'no'): void {
  const node = run.plan.journey.nodes[run.node] as JourneyNode
  switch (node.kind) {
    case 'wait':
    case 'waitUntil':
      proceed(instant, run, node.next)
      return
    case 'waitFor':
      noteStep(instant, run, node.path, { way })
      proceed(instant, run, node[way])
      return
    case 'engagement':
      noteStep(instant, run, node.path, { engaged: way === 'yes' })
      proceed(instant, run, node[way])
      return
    case 'send': {
      const deferrals = run.pause.kind === 'deferred' ? run.pause.deferrals : 0
      goOn(instant, run, offerSend({ instant, run, node, deferrals }))
      return
    }
    default:
      throw new RangeError(`a run cannot wait at "${node.kind}"`)
  }
}

/** After a send was decided. A run that has ended meanwhile is over with it. */
export function goOn(instant: Instant, run: Run, next: Onward): void {
  if (next === undefined) return
  if (run.ended === undefined) proceed(instant, run, next)
  else remove(instant, run)
}
