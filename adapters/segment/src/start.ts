import {
  allSent,
  dead,
  deliverItems,
  sentFrom,
  skipped,
  uuidV5,
  write,
  writes,
  type Mapped,
  type Operation,
} from '@tripline/kit'
import type { Call, Loss, Report, StartItem } from '@tripline/model'
import type { HandOff, SegmentClient } from './client.ts'
import { isFault, rejected } from './errors.ts'
import { maxOf } from './limits.ts'
import { createEventMapper, faultOfTime, type EventMapper, type SegmentMessage } from './mapping/events.ts'
import { idsOf } from './mapping/identifier.ts'
import { toMembership } from './mapping/segments.ts'
import { faultOfValues } from './mapping/values.ts'
import type { SegmentOptions } from './options.ts'

/**
 * Sends the event that a journey listens to, or the trait that an audience stands on; Segment has no call that starts
 * either. One request an item, built by the vendor's client.
 */
export function createStart(
  options: SegmentOptions,
  client: SegmentClient,
): (items: readonly StartItem[], call?: Call) => Promise<Report> {
  const events = createEventMapper(options)
  return async (items, call) => {
    const session = client.transport.session(call, { onUnknown: 'report' })
    let handOff: Promise<HandOff> | undefined
    const operation = createOperation(() => (handOff ??= client.openHandOff(session)))
    try {
      const keySpace = await client.keySpace()
      return await deliverItems(items, (item) => mapStart(item, keySpace, events, operation), session)
    } finally {
      await handOff?.then((open) => open.close())
      session.close()
    }
  }
}

function mapStart(
  item: StartItem,
  keySpace: string,
  events: EventMapper,
  operation: Operation<SegmentMessage>,
): Mapped {
  const { via, data = {}, at } = item
  const losses: Loss[] = []
  const ids = idsOf(item.who, 'who')
  if (isFault(ids)) return dead(ids)
  const fault = faultOfTime(at) ?? faultOfValues(data, 'data', 'properties_not_object')
  if (fault) return dead(fault)
  const common = { messageId: uuidV5(keySpace, item.key), ...ids, timestamp: at }
  if (via.kind === 'event') {
    if (via.id === '') return dead(rejected('event_not_defined', 'via.id'))
    const message: SegmentMessage = {
      type: 'track',
      ...common,
      event: events.eventName(via.id),
      properties: events.toProperties(data, 'data', losses),
    }
    return writes([write(operation, message, 'event')], losses)
  }
  if (via.kind === 'segment') {
    for (const name of Object.keys(data))
      losses.push({
        path: `data.${name}`,
        kind: 'dropped',
        because: 'a trait carries no data to what starts by it',
        source: 'https://segment.com/docs/engage/audiences/',
      })
    const message: SegmentMessage = { type: 'identify', ...common, traits: toMembership(via.id, true) }
    return writes([write(operation, message, 'trait')], losses)
  }
  return skipped(
    'unsupported',
    `Segment starts things by an event or a segment's trait, not by a ${via.kind}`,
  )
}

function createOperation(open: () => Promise<HandOff>): Operation<SegmentMessage> {
  return {
    endpoint: 'POST /v1/batch',
    ability: 'start',
    repeat: 'keyed',
    maxItems: 1,
    maxBytes: maxOf('batch.bytes'),
    maxItemBytes: maxOf('event.bytes'),
    frameBytes: 0,
    parallel: 8,
    async send({ values }) {
      const handOff = await open()
      const [message] = values
      if (!message) return allSent(0, 'accepted')
      return sentFrom(await handOff.send(message), () => allSent(1, 'accepted'))
    },
  }
}
