import type { Value } from '@tripline/model'
import type { Data, DataSource, SendStep, Step } from '../definition/journey.ts'
import { durationMs } from '../definition/duration.ts'
import type { Compiler, TriggerCompiler } from '../matcher/core.ts'
import type { MatcherUser } from '../matcher/user.ts'
import {
  journeyEnd,
  type JourneyNode,
  type JourneyPlan,
  type NamedData,
  type ReadData,
} from './journey-node.ts'

interface Context {
  readonly triggerId: string
  readonly nodes: JourneyNode[]
  readonly compiler: Compiler
  readonly trigger: TriggerCompiler
}

/**
 * A journey as a flat list, so that a run is at one index. Depends on the definition alone: a run that was saved finds
 * its step again in every engine that knows its version.
 */
export function compileJourney(
  triggerId: string,
  journey: readonly Step[],
  compiler: Compiler,
  trigger: TriggerCompiler,
): JourneyPlan {
  const context: Context = { triggerId, nodes: [], compiler, trigger }
  const start = compileSteps(journey, '', journeyEnd, context)
  const { nodes } = context
  return { nodes, acts: nodes.some(({ kind }) => kind === 'act'), start }
}

/** Last step first, so that each knows what follows it. Gives the index of the first. */
function compileSteps(steps: readonly Step[], prefix: string, after: number, context: Context): number {
  let next = after
  for (let index = steps.length - 1; index >= 0; index--) {
    next = compileStep(steps[index] as Step, `${prefix}${index}`, next, context)
  }
  return next
}

function compileStep(step: Step, path: string, next: number, context: Context): number {
  const add = (node: JourneyNode): number => context.nodes.push(node) - 1
  const inside = (steps: readonly Step[], way: string) =>
    compileSteps(steps, `${path}/${way}/`, next, context)
  switch (step.kind) {
    case 'send':
      return add({ ...sendNode(step, path, context), went: next, refused: next })
    case 'fallback':
      return compileFallback(step, path, next, context)
    case 'wait':
      return add({ kind: 'wait', path, lengthMs: durationMs(step.for), next })
    case 'waitUntil':
      return add({ kind: 'waitUntil', path, time: step.time, zone: step.zone, next })
    case 'waitFor': {
      const ways = { yes: inside(step.yes, 'yes'), no: inside(step.no, 'no') }
      const occasion = context.trigger.waitFor(step.occasion, path)
      return add({ kind: 'waitFor', path, occasion, timeoutMs: durationMs(step.timeout), ...ways })
    }
    case 'branch': {
      const ways = { yes: inside(step.yes, 'yes'), no: inside(step.no, 'no') }
      return add({ kind: 'branch', path, condition: context.trigger.condition(step.condition), ...ways })
    }
    case 'split': {
      const experiment = step.experiment ?? `${context.triggerId}/${path}`
      const arms = step.arms.map(({ steps }, arm) => inside(steps, String(arm)))
      return add({ kind: 'split', path, experiment, weights: step.arms.map(({ weight }) => weight), arms })
    }
    case 'setTrait': {
      const value = compileSource(step.value, context)
      return add({ kind: 'act', act: 'setTrait', path, trait: step.trait, value, next })
    }
    case 'addTo':
    case 'removeFrom':
      return add({ kind: 'act', act: step.kind, path, segment: step.segment, next })
    case 'emit': {
      const properties = compileData(step.properties, context)
      return add({ kind: 'act', act: 'emit', path, event: step.event, properties, next })
    }
    case 'webhook':
      return add({
        kind: 'act',
        act: 'webhook',
        path,
        url: step.url,
        data: compileData(step.data, context),
        next,
      })
    case 'exit':
      return add({ kind: 'exit', path })
  }
}

/** A refused send is not waited for: the next channel follows at once. */
function compileFallback(
  step: Extract<Step, { readonly kind: 'fallback' }>,
  path: string,
  after: number,
  context: Context,
): number {
  const { nodes } = context
  const timeoutMs = durationMs(step.ifNotEngagedIn)
  let next = after
  for (let index = step.sends.length - 1; index >= 0; index--) {
    const send = step.sends[index] as Omit<SendStep, 'kind'>
    const sendPath = `${path}/${index}`
    const went = nodes.push({ kind: 'engagement', path: sendPath, timeoutMs, yes: after, no: next }) - 1
    next = nodes.push({ ...sendNode(send, sendPath, context), went, refused: next }) - 1
  }
  return next
}

function sendNode(send: Omit<SendStep, 'kind'>, path: string, context: Context) {
  const { channel, content } = send
  return { kind: 'send', path, channel, content, data: compileData(send.data, context) } as const
}

function compileData(data: Data, context: Context): NamedData {
  return Object.entries(data).map(([name, source]) => [name, compileSource(source, context)] as const)
}

function compileSource(source: DataSource, { compiler, trigger }: Context): ReadData {
  if ('value' in source) {
    const { value } = source
    return () => value
  }
  if ('trait' in source) {
    const read = compiler.trait(source.trait)
    return (user) => read(user)[0]
  }
  const index = trigger.anchorIndex(source.anchor)
  return (_, anchor) => (anchor[index] ?? undefined) as Value | undefined
}

/** The data of a step as it stands; names without a value are absent. */
export function readData(
  data: NamedData,
  user: MatcherUser,
  anchor: readonly unknown[],
): { readonly [name: string]: Value } {
  const values = data.map(([name, read]) => [name, read(user, anchor)] as const)
  return Object.fromEntries(values.filter((each): each is readonly [string, Value] => each[1] !== undefined))
}
