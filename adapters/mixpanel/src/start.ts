import { dead, deliverItems, skipped, write, writes, type Mapped } from '@tripline/kit'
import type { Call, ItemResult, Loss, Report, StartItem } from '@tripline/model'
import type { MixpanelClient } from './client.ts'
import { createOperations, type Operations } from './deliver.ts'
import { createEventMapper } from './mapping/events.ts'
import { createIdentifier, isFault } from './mapping/identifier.ts'
import { isReserved } from './mapping/profiles.ts'
import type { Findings } from './mapping/values.ts'
import type { MixpanelOptions } from './options.ts'

const source = 'https://docs.mixpanel.com/docs/cohort-sync/webhooks'

/**
 * Mixpanel has no campaigns and no journeys: what starts is something behind a cohort sync. So a start is the event or
 * the membership flag that a cohort is built on, and never more than `accepted`; the cohort is synced every 30 minutes.
 */
export function createStart(
  options: MixpanelOptions,
  client: MixpanelClient,
): (items: readonly StartItem[], call?: Call) => Promise<Report> {
  const identify = createIdentifier(options.identityMode ?? 'simplified')
  const operationsWith = createOperations(options, client)
  const events = createEventMapper(options)
  const nowMs = (): number => client.transport.host.clock.now()
  const mapWith =
    (to: Operations) =>
    (item: StartItem): Mapped => {
      const { kind, id } = item.via
      if (kind !== 'event' && kind !== 'segment')
        return skipped('unsupported', `Mixpanel has no ${kind}: it takes an event or a segment's flag`)
      const person = identify(item.who)
      if (isFault(person)) return dead(person)
      const findings: Findings = { losses: [] }
      if (kind === 'segment') return flagWrite(item, person.distinctId, to)
      const { key, lane, at, who, data = {} } = item
      const event = { type: 'track', event: id, properties: data } as const
      const made = events.toMixpanelEvent(
        { key, lane, at, who, kind: 'event', event },
        person,
        nowMs(),
        findings,
      )
      return isFault(made)
        ? dead(made, findings.losses)
        : writes([write(to.events, made, 'event')], findings.losses)
    }
  return async (items, call) => {
    const records = items.some(({ via }) => via.kind === 'segment') ? await client.records() : undefined
    const session = client.transport.session(call, { onUnknown: 'report' })
    try {
      const report = await deliverItems(items, mapWith(operationsWith(records)), session)
      return { ...report, results: report.results.map(onlyAccepted) }
    } finally {
      session.close()
    }
  }
}

function flagWrite({ via, data = {} }: StartItem, distinctId: string, to: Operations): Mapped {
  if (isReserved(via.id) || via.id.startsWith('$'))
    return dead({
      code: 'invalid',
      message: 'a membership flag may not have a name of Mixpanel’s own',
      path: 'via.id',
    })
  const losses = Object.keys(data).map((name): Loss => ({
    path: `data.${name}`,
    kind: 'dropped',
    because: 'a membership flag carries no data',
    source,
  }))
  const change = { set: { [via.id]: true }, bytes: via.id.length * 6 + 10 }
  return writes([write(to.profiles, { owner: { distinctId }, changes: [change] }, 'segment')], losses)
}

/** The event is stored; that anything starts from it, Mixpanel does not say. */
const onlyAccepted = (result: ItemResult): ItemResult =>
  result.outcome.status === 'sent' ? { ...result, outcome: { ...result.outcome, proof: 'accepted' } } : result
