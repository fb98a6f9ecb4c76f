import {
  deliverItems,
  faultOfValues,
  sentFrom,
  skipped,
  write,
  writes,
  dead,
  type Mapped,
  type Operation,
  type Sent,
} from '@tripline/kit'
import type { Call, EventItem, Loss, Report, StartItem } from '@tripline/model'
import type { BrazeClient } from './client.ts'
import { maxOf } from './limits.ts'
import { createEventMapper } from './mapping/events.ts'
import { identifierOf, isFault } from './mapping/identifier.ts'
import type { BrazeOptions } from './options.ts'
import { createTrackOperation } from './track.ts'

const kinds = {
  canvas: { endpoint: 'POST /canvas/trigger/send', id: 'canvas_id', data: 'context' },
  campaign: { endpoint: 'POST /campaigns/trigger/send', id: 'campaign_id', data: 'trigger_properties' },
} as const
type Kind = keyof typeof kinds

interface Recipient {
  /** Id of the Canvas or campaign; not part of the recipient. */
  readonly workflow: string
  readonly recipient: Readonly<Record<string, unknown>>
}

/** Starts API-triggered Canvases and campaigns, or sends the event that an action-based one listens to. */
export function createStart(
  options: BrazeOptions,
  client: BrazeClient,
): (items: readonly StartItem[], call?: Call) => Promise<Report> {
  const aliasLabel = options.aliasLabel ?? 'anonymous_id'
  const operations = { canvas: createSend(client, 'canvas'), campaign: createSend(client, 'campaign') }
  const track = createTrackOperation(client)
  const events = createEventMapper(options)
  const app = options.appId === undefined ? {} : { app_id: options.appId }
  const map = (item: StartItem): Mapped => {
    const fault = faultOfValues(item)
    if (fault) return dead(fault)
    const { kind, id } = item.via
    const identifier = identifierOf(item.who, aliasLabel)
    if (isFault(identifier)) return dead(identifier)
    if (kind === 'event') {
      const losses: Loss[] = []
      const made = events.toBrazeEvent(eventOf(item), client.transport.host.clock.now(), losses)
      const told = losses.map((loss) => ({ ...loss, path: loss.path.replace('event.properties', 'data') }))
      if (isFault(made)) return dead(made, told)
      const entry = { ...identifier, ...app, ...made }
      return writes(
        [write(track, { array: 'events', entries: [entry], person: '', dataPoints: 1 }, 'event')],
        told,
      )
    }
    if (kind !== 'canvas' && kind !== 'campaign')
      return skipped('unsupported', `Braze starts a Canvas, a campaign or an event, not a ${kind}`)
    const { _update_existing_only: _, ...named } = { _update_existing_only: false, ...identifier }
    const { external_id, ...other } = named as { external_id?: string }
    const recipient = {
      ...(external_id === undefined ? other : { external_user_id: external_id }),
      ...(item.data && { [kinds[kind].data]: item.data }),
    }
    return writes([write(operations[kind], { workflow: id, recipient }, kind)])
  }
  return async (items, call) => {
    const session = client.transport.session(call, { onUnknown: 'report' })
    try {
      return await deliverItems(items, map, session)
    } finally {
      session.close()
    }
  }
}

/** The event that an action-based Canvas or campaign listens to, as any other event. */
const eventOf = ({ key, lane, at, who, via, data = {} }: StartItem): EventItem => ({
  kind: 'event',
  key,
  lane,
  at,
  who,
  event: { type: 'track', event: via.id, properties: data },
})

function createSend(client: BrazeClient, kind: Kind): Operation<Recipient> {
  const { endpoint, id } = kinds[kind]
  return {
    endpoint,
    ability: 'start',
    repeat: 'doubles',
    maxItems: maxOf('recipients.items'),
    maxBytes: maxOf('body.bytes'),
    frameBytes: 200,
    parallel: 4,
    groupOf: (value) => value.workflow,
    // Of two recipients with one id in one call Braze keeps the last.
    apartOf: ({ recipient }) =>
      JSON.stringify(recipient['external_user_id'] ?? recipient['user_alias'] ?? recipient['braze_id']),
    encode: (value) => JSON.stringify(value.recipient),
    async send(batch, session) {
      const body = `{"${id}":${JSON.stringify(batch.values[0]?.workflow)},"recipients":[${batch.json.join(',')}]}`
      const result = await session.request(
        client.request(endpoint, { purpose: 'write', repeat: 'doubles', body }),
      )
      return sentFrom(result, (answer, maybeTwice) =>
        readSend(answer.json(), batch.values.length, maybeTwice),
      )
    },
  }
}

/** A paused or archived Canvas answers 201 with a `notice` and sends nothing. */
function readSend(body: unknown, count: number, maybeTwice: { readonly maybeTwice?: true }): Sent {
  const { notice, dispatch_id } = (body ?? {}) as { notice?: unknown; dispatch_id?: unknown }
  const outcome =
    notice === undefined
      ? ({
          status: 'sent',
          proof: 'accepted',
          ...(typeof dispatch_id === 'string' && { vendorId: dispatch_id }),
          ...maybeTwice,
        } as const)
      : ({
          status: 'dead',
          fault: { code: 'not-live', message: `nothing was sent: ${JSON.stringify(notice)}`, status: 201 },
        } as const)
  return { kind: 'verdicts', verdicts: Array.from({ length: count }, () => ({ outcome })) }
}
