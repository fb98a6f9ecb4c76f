import type { Definitions } from '../definition/definition.ts'
import { durationMs } from '../definition/duration.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { Core } from '../matcher/core.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import { byEvent, createCompiler } from '../matcher/compiler.ts'
import type { Observer } from '../trace/note.ts'
import { Collector } from './collector.ts'
import type { EngineOptions } from './engine.ts'
import { SendRules } from './sent.ts'
import { compileTriggerPlan, type EndingPlan, type TriggerPlan } from './trigger-plan.ts'

/** A goal or exit of one version. */
export interface IndexedEnding {
  readonly plan: TriggerPlan
  readonly kind: 'goal' | 'exit'
  readonly ending: EndingPlan
}

/** Everything that decides, compiled. */
export interface EnginePlan {
  readonly core: Core
  readonly collector: Collector
  /** The triggers of the definitions by index of the core, then the earlier versions. */
  readonly plans: readonly TriggerPlan[]
  /** Goals and exits that an event of this type and name can be. */
  readonly endingsOf: (event: MatcherEvent) => readonly IndexedEnding[]
  readonly rules: SendRules
  readonly arbitrationMs: number
  readonly engagements: ReadonlySet<string>
  readonly consentsKnown: boolean
  /** Whether lines, sends and effects carry their id. */
  readonly ids: { readonly lines: boolean; readonly sends: boolean; readonly effects: boolean }
  readonly retainMs: number
  readonly maxRuns: number
  readonly observer: Observer | undefined
  /** While a history is read again, neither the observer nor `finding` is told. */
  readonly silence: { isOn: boolean }
}

const defaultRetainMs = 30 * 86_400_000

export function compileEngine(definitions: Definitions, options: EngineOptions): EnginePlan {
  const { policy } = definitions
  const silence = { isOn: false }
  const observer = options.observer && unlessSilent(options.observer, silence)
  const compiler = createCompiler(definitions, {
    ...(observer && { observer }),
    ...(options.finding && { finding: unlessSilent(options.finding, silence) }),
    ...(options.memberships && { memberships: options.memberships }),
  })
  const triggers = definitions.triggers.toSorted((left, right) => (left.id < right.id ? -1 : 1))
  const plans = triggers.map((definition, index) => {
    const version = options.versions?.[definition.id] ?? 1
    const trigger = compiler.trigger(definition.id)
    return compileTriggerPlan({ definition, version, index, compiler, trigger, policy })
  })
  for (const { trigger: definition, version } of options.earlier ?? []) {
    const trigger = compiler.earlier(definition)
    const index = plans.length
    if (plans.some((plan) => plan.definition.id === definition.id && plan.version === version)) {
      throw new RangeError(`version ${version} of trigger "${definition.id}" is given twice`)
    }
    plans.push(compileTriggerPlan({ definition, version, index, compiler, trigger, policy }))
  }
  const core = compiler.finish()
  const retainMs = options.retainMs ?? defaultRetainMs
  const rules = new SendRules(policy.caps, policy.backoff, retainMs)
  const lines = options.ids !== false
  const nodes = plans.flatMap(({ journey }) => journey.nodes)
  return {
    core,
    collector: new Collector(),
    plans,
    endingsOf: indexEndings(plans),
    rules,
    arbitrationMs: policy.arbitrationWindow === undefined ? 0 : durationMs(policy.arbitrationWindow),
    engagements: new Set(policy.engagements),
    consentsKnown: options.consentsKnown === true,
    ids: {
      lines,
      sends: lines || rules.needsIds || nodes.some(({ kind }) => kind === 'engagement'),
      effects: lines || nodes.some((node) => node.kind === 'act' && node.act !== 'webhook'),
    },
    retainMs,
    maxRuns: options.maxRuns ?? Number.POSITIVE_INFINITY,
    observer,
    silence,
  }
}

function unlessSilent<Told extends readonly unknown[]>(
  tell: (...told: Told) => void,
  silence: EnginePlan['silence'],
): (...told: Told) => void {
  return (...told) => {
    if (!silence.isOn) tell(...told)
  }
}

function indexEndings(plans: readonly TriggerPlan[]): EnginePlan['endingsOf'] {
  const entries: { readonly match: EventMatch; readonly item: IndexedEnding }[] = []
  for (const plan of plans) {
    for (const kind of ['goal', 'exit'] as const) {
      for (const ending of kind === 'goal' ? plan.goals : plan.exits) {
        entries.push({ match: ending.definition.event, item: { plan, kind, ending } })
      }
    }
  }
  return byEvent(entries)
}
