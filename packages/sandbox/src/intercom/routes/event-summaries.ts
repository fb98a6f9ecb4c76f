import type { Route } from '../../core/index.ts'
import { isObject, readObject, refuse, refuseParameter, refuseUnknown, route } from '../errors.ts'
import { ensureEventName, foldName, summarise } from '../event-store.ts'
import { eventLogOf, type IntercomContext } from '../state.ts'
import { readSeconds, readString } from '../validate-contact.ts'
import { findContact } from './events.ts'

const keys = new Set(['user_id', 'event_summaries'])
const summaryKeys = new Set(['event_name', 'count', 'first', 'last'])

/** The body is an object for one event name, as the schema has it; its prose says "a list". */
export function eventSummaryRoutes(context: IntercomContext): readonly Route[] {
  return [
    route('POST', '/events/summaries', (request) => {
      const body = readObject(request)
      refuseUnknown(body, keys)
      const given = body['event_summaries']
      if (body['user_id'] === undefined || given === undefined)
        refuse(400, 'parameter_not_found', 'user_id and event_summaries are required')
      if (!isObject(given)) return refuseParameter('event_summaries must be an object')
      refuseUnknown(given, summaryKeys)
      const contact = findContact(context, { user_id: body['user_id'] })
      const name = foldName(readString('event_name', given['event_name']))
      const count = given['count']
      if (typeof count !== 'number' || !Number.isInteger(count) || count < 0)
        return refuseParameter('count must be an integer')
      const times = {
        count,
        first: readSeconds('first', given['first']),
        last: readSeconds('last', given['last']),
      }
      const store = context.store()
      const { maxEventNames, eventSummaries } = context.account()
      const definition = ensureEventName(store, name, maxEventNames)
      if (!definition) return refuseParameter(`Limit of ${maxEventNames} active event names reached`)
      if (eventSummaries === 'replace')
        eventLogOf(store, contact.id).summaries.delete(definition.name.toLowerCase())
      summarise(store, contact.id, definition.name, times)
      return { status: 200 }
    }),
  ]
}
