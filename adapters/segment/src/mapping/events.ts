import { createNames, type Names } from '@tripline/kit'
import {
  isInstant,
  type EventItem,
  type Fault,
  type Field,
  type Instant,
  type Loss,
  type Value,
  type Values,
} from '@tripline/model'
import { isFault, lostInUnify, rejected } from '../errors.ts'
import { maxOf } from '../limits.ts'
import type { SegmentOptions } from '../options.ts'
import { idsOf, type Ids } from './identifier.ts'
import { noteCurrency } from './orders.ts'
import { consentEvent, faultOfConsent } from './segments.ts'
import { faultOfValues, keepNames } from './values.ts'

const source = 'https://segment.com/docs/engage/journeys/v2/event-triggered-journeys/'
const maxKeys = maxOf('event.keys')
/** Canonical event → Segment's: the canonical names are Segment's own; an account renames by `eventNames`. */
export const eventNames = {} as const satisfies Readonly<Record<string, string>>

/** A message as it goes into a batch. */
export interface SegmentMessage extends Ids {
  readonly type: 'track' | 'page' | 'screen' | 'identify' | 'group'
  readonly messageId: string
  readonly timestamp: Instant
  readonly event?: string
  readonly name?: string
  readonly category?: string
  readonly properties?: Values
  readonly groupId?: string
  readonly traits?: Values
  readonly context?: Values | undefined
}
export interface EventMapper {
  /** Undefined: a page or screen that `backfill` cannot mute. */
  toMessage(item: EventItem, messageId: string, losses: Loss[]): SegmentMessage | Fault | undefined
  eventName(name: string): string
  /** As many properties as Unify keeps, by the account's renames. @param path where they stand in the item */
  toProperties(properties: Values, path: string, losses: Loss[]): Values
}

/** Maps canonical events to messages: names, properties and context stay as they are. */
export function createEventMapper(options: SegmentOptions): EventMapper {
  const events: Names = createNames({
    vendor: 'segment',
    table: eventNames,
    ...(options.eventNames && { renames: options.eventNames }),
  })
  const rename = createRename(options)
  const importance = importanceOf(options, 'event')
  const toProperties: EventMapper['toProperties'] = (properties, path, losses) =>
    rename(
      keepNames(properties, maxKeys, importance, (name) => `${path}.${name}`, losses),
      losses,
    )
  return {
    eventName: (name) => events.to(name),
    toProperties,
    toMessage(item, messageId, losses) {
      const { event, at } = item
      const ids = idsOf(item.who, 'who')
      const fault =
        (isFault(ids) ? ids : undefined) ??
        faultOfTime(at) ??
        faultOfName(event.type, event.event) ??
        faultOfValues(event.properties, 'event.properties', 'properties_not_object') ??
        faultOfContext(event.context, event.type === 'track' && event.event === consentEvent)
      if (fault || isFault(ids)) return fault
      noteCurrency(event.properties, losses)
      if (event.type === 'track') {
        const name = events.to(event.event)
        const message: SegmentMessage = {
          type: 'track',
          messageId,
          userId: ids.userId,
          anonymousId: ids.anonymousId,
          event: item.backfill ? mute(name, losses) : name,
          properties: toProperties(event.properties, 'event.properties', losses),
          context: event.context,
          timestamp: at,
        }
        return message
      }
      if (item.backfill) return undefined
      const { category } = event.properties
      return {
        type: event.type,
        messageId,
        ...ids,
        ...(event.event !== '' && { name: events.to(event.event) }),
        ...(typeof category === 'string' && category !== '' && { category }),
        properties: toProperties(event.properties, 'event.properties', losses),
        context: event.context,
        timestamp: at,
      }
    },
  }
}

/** Place of each name in the registry: the first is the most important. */
export const importanceOf = ({ fields = [] }: SegmentOptions, of: Field['of']): ReadonlyMap<string, number> =>
  new Map(fields.filter((field) => field.of === of).map(({ name }, index) => [name, index]))

/** Property names by the account's renames; the same object when there are none. */
function createRename({
  fieldNames,
  fields = [],
}: SegmentOptions): (properties: Values, losses: Loss[]) => Values {
  const declared = fields.filter(({ of }) => of === 'event').map(({ name }) => name)
  const names = createNames({ vendor: 'segment', declared, ...(fieldNames && { renames: fieldNames }) })
  if (!fieldNames || Object.keys(fieldNames).length === 0) return (values) => values
  return (values, losses) => {
    const renamed = new Map<string, Value>()
    for (const [name, value] of Object.entries(values)) {
      const to = names.to(name)
      if (renamed.has(to)) losses.push(collapsed(`event.properties.${name}`, to))
      else renamed.set(to, value)
    }
    return Object.fromEntries(renamed)
  }
}
/** Two names of one item that an account's renames make one: the first stays. */
export const collapsed = (path: string, to: string): Loss => ({
  path,
  kind: 'collapsed',
  because: `fieldNames makes another name "${to}", too`,
  source: 'https://segment.com/docs/connections/spec/',
})

function mute(name: string, losses: Loss[]): string {
  const because = 'back-dated events may start journeys and fill audiences: sent under a muted name'
  losses.push({ path: 'event.event', kind: 'renamed', because, source })
  return `${name} (backfill)`
}

function faultOfName(type: 'track' | 'page' | 'screen', name: string): Fault | undefined {
  if (typeof name !== 'string')
    return rejected(type === 'track' ? 'event_not_string' : 'name_not_string', 'event.event')
  return type === 'track' && name === '' ? rejected('event_not_defined', 'event.event') : undefined
}

/** Without a zone the time would be ignored, before 1970 the message may be. */
export function faultOfTime(at: Instant): Fault | undefined {
  if (typeof at !== 'string' || !isInstant(at))
    return { code: 'invalid', message: 'no instant, write it like 2026-11-01T10:00:00.000Z', path: 'at' }
  return at < '1970' ? lostInUnify('it takes no time before 1970', 'at') : undefined
}

function faultOfContext(context: Values | undefined, isConsent: boolean): Fault | undefined {
  if (context === undefined) return isConsent ? faultOfConsent(undefined) : undefined
  const wrong = faultOfValues(context, 'event.context')
  if (wrong) return wrong
  const { groupId, consent, device } = context
  if (groupId !== undefined) {
    const fault = faultOfGroupId(groupId, 'event.context.groupId')
    if (fault) return fault
  }
  if (consent !== undefined || isConsent) {
    const fault = faultOfConsent(consent)
    if (fault) return fault
  }
  const advertisingId = (device as Values | null | undefined)?.['advertisingId']
  if (advertisingId === undefined || advertisingId === null || typeof advertisingId === 'string')
    return undefined
  return rejected('device_advertisingid_should_be_string', 'event.context.device.advertisingId')
}

const maxGroupIdChars = maxOf('groupId.chars')
export function faultOfGroupId(groupId: Value, path: string): Fault | undefined {
  if (typeof groupId !== 'string') return rejected('id_not_string', path)
  if (groupId === '') return lostInUnify('a group needs an id', path)
  if (groupId.length <= maxGroupIdChars) return undefined
  return lostInUnify(`a group id has at most ${maxGroupIdChars} characters`, path, 'too-large')
}
