import { nearestName } from '../definition/check/nearest-name.ts'
import type { Cap, Definitions, TriggerDefinition } from '../definition/definition.ts'
import { durationMs, writeDuration } from '../definition/duration.ts'
import type { Findings } from './finding.ts'
import { runLength } from './run-length.ts'
import { channelsOf, entriesApart, mostSendsIn } from './sends.ts'

/** Limits on entries that the waits of the journey make useless, or undo; caps that can never refuse a send. */
export function findLimits(definitions: Definitions, findings: Findings): void {
  for (const [index, trigger] of definitions.triggers.entries()) {
    findReentry(trigger, `triggers[${index}]`, findings)
    findIdleLimits(trigger, `triggers[${index}]`, findings)
  }
  for (const [index, cap] of definitions.policy.caps.entries()) {
    findIdleCap(cap, index, definitions, findings)
  }
  findChannels(definitions, findings)
}

/** With `reentry: 'parallel'` a user can be in two runs when a wait is longer than the limit. */
function findReentry(
  { reentry, cooldown, atMost, journey }: TriggerDefinition,
  path: string,
  findings: Findings,
): void {
  const { mostMs } = runLength(journey)
  const limits = [
    ...(cooldown === undefined ? [] : [{ at: 'cooldown', length: cooldown }]),
    ...atMost.flatMap(({ count, per }, index) =>
      count === 1 ? [{ at: `atMost[${index}].per`, length: per }] : [],
    ),
  ]
  const longest = Math.max(0, ...limits.map(({ length }) => durationMs(length)))
  if (reentry !== 'parallel' || limits.length === 0 || mostMs <= longest) return
  const waits = writeDuration(mostMs)
  const { at = 'cooldown', length = '' } = limits.find((each) => durationMs(each.length) === longest) ?? {}
  const message = `is ${length}, but the journey can wait ${waits}: a user enters again while the first run still waits; make it longer than ${waits}, or take reentry "single"`
  findings.warn('reentry', `${path}.${at}`, message)
}

/** With `reentry: 'single'` a run that always waits longer than the limit keeps the user out anyway. */
function findIdleLimits(trigger: TriggerDefinition, path: string, findings: Findings): void {
  const { reentry, cooldown, atMost, journey, goals, exits } = trigger
  const inside = reentry === 'single' && goals.length + exits.length === 0
  const { leastMs } = runLength(journey)
  if (inside && cooldown !== undefined && leastMs >= durationMs(cooldown)) {
    const message = `is ${cooldown}, but every run waits at least ${writeDuration(leastMs)} and nobody enters again before its end; make it longer, or leave it out`
    findings.warn('reentry', `${path}.cooldown`, message)
  }
  const apartMs = entriesApart(trigger)
  for (const [index, { count, per }] of atMost.entries()) {
    if (apartMs === 0 || Math.ceil(durationMs(per) / apartMs) > count) continue
    const message = `never refuses anyone: entries are at least ${writeDuration(apartMs)} apart, so there are never more than ${count} in ${per}; make the count smaller, or leave it out`
    findings.warn('reentry', `${path}.atMost[${index}]`, message)
  }
}

function findIdleCap(cap: Cap, index: number, { policy, triggers }: Definitions, findings: Findings): void {
  const path = `policy.caps[${index}]`
  const most = triggers.reduce(
    (sum, trigger) =>
      sum + mostSendsIn(trigger, { policy, windowMs: durationMs(cap.per), channel: cap.channel }),
    0,
  )
  const channels = channelsIn(triggers)
  if (cap.channel !== undefined && !channels.includes(cap.channel)) {
    return findings.warn('idle-cap', `${path}.channel`, noSender(cap.channel, channels))
  }
  const where = cap.channel === undefined ? 'over all channels' : `by ${cap.channel}`
  if (most <= cap.count) {
    const message = `can never bite: all triggers together send at most ${most} ${where} in ${cap.per}; make the count smaller, or leave it out`
    return findings.warn('idle-cap', path, message)
  }
  const stricter = policy.caps.findIndex(
    (other, place) => place !== index && isStricter(other, cap, place < index),
  )
  if (stricter === -1) return undefined
  const message = `can never bite: policy.caps[${stricter}] refuses before it; make the count smaller, or leave it out`
  return findings.warn('idle-cap', path, message)
}

/** Whether what one cap allows, the other allows, too. Of two equal ones the later is idle. */
function isStricter(one: Cap, other: Cap, isEarlier: boolean): boolean {
  const covers = one.channel === undefined || one.channel === other.channel
  const [perMs, otherMs] = [durationMs(one.per), durationMs(other.per)]
  if (!covers || one.count > other.count || perMs < otherMs) return false
  const equal = one.channel === other.channel && one.count === other.count && perMs === otherMs
  return !equal || isEarlier
}

/** Channels of back-off that no trigger sends in. */
function findChannels({ policy, triggers }: Definitions, findings: Findings): void {
  const channels = channelsIn(triggers)
  for (const [index, { channel }] of policy.backoff.entries()) {
    if (channels.includes(channel)) continue
    findings.warn('idle-cap', `policy.backoff[${index}].channel`, noSender(channel, channels))
  }
}

const channelsIn = (triggers: Definitions['triggers']): readonly string[] => [
  ...new Set(triggers.flatMap(({ journey }) => [...channelsOf(journey)])),
]

function noSender(channel: string, channels: readonly string[]): string {
  const meant = nearestName(channel, channels)
  return `no trigger sends by ${channel}; ${meant === undefined ? 'leave it out' : `did you mean "${meant}"?`}`
}
