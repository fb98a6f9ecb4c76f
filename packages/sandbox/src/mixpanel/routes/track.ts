import { createHash } from 'node:crypto'
import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { callerAddress } from '../geo.ts'
import { isAtHome, overIngestionRate } from '../ingest-gate.ts'
import { isObject, readRecords } from '../ingest-input.ts'
import { ingestReply } from '../ingest-reply.ts'
import type { Project } from '../project.ts'
import { storeEvent } from '../store-event.ts'
import { identityVerbs, timeToMs, validateTime, type RawEvent } from '../validate-event.ts'

const maxAgeMs = 5 * 86_400_000

/** `/track`: no credential, the token rides in the event. https://developer.mixpanel.com/reference/track-event */
export const trackRoutes = (project: Project): readonly Route[] => [
  { method: 'POST', path: '/track', handle: (request) => track(project, request) },
  { method: 'GET', path: '/track', handle: (request) => track(project, request) },
]

function track(project: Project, request: SimRequest): SimReply {
  const read = readRecords(request)
  if (!read.ok) return ingestReply(request.query, false, read.error)
  const limited = overIngestionRate(project, request, read.records.length)
  if (limited) return limited
  if (read.records.length > project.account.limits.eventsPerRequest) {
    return ingestReply(read.options, false, `more than ${project.account.limits.eventsPerRequest} events`)
  }
  let good = 0
  let firstError: string | null = null
  for (const record of read.records) {
    const error = trackOne(project, record, read.options)
    if (error === undefined) good += 1
    else firstError ??= error
  }
  // "1: one or more objects provided are valid. This does not signify a valid project token."
  return good > 0 ? ingestReply(read.options, true, null) : ingestReply(read.options, false, firstError)
}

/** The reason it is invalid; undefined for what the vendor calls valid, be it kept or lost. */
function trackOne(project: Project, record: unknown, options: URLSearchParams): string | undefined {
  if (!isObject(record) || typeof record['event'] !== 'string' || record['event'] === '')
    return 'event, missing or empty'
  if (!isObject(record['properties'])) return 'properties, missing or empty'
  const raw: RawEvent = { event: record['event'], properties: record['properties'] }
  const { token, time } = raw.properties
  if (typeof token !== 'string' || token === '') return 'token, missing or empty'
  const nowMs = project.clock.now()
  const flaw = time === undefined ? undefined : validateTime(time, nowMs)
  if (flaw) return flaw.message
  if (isLost(project, raw, nowMs)) project.state.counters.eventsLost += 1
  else
    storeEvent(project, withDistinctId(raw, options), {
      road: 'track',
      geoFromCaller: options.get('ip') === '1',
    })
  return undefined
}

/** Accepted and gone: unknown token, wrong region, older than five days, identity verbs in a simplified project. */
function isLost(project: Project, { event, properties }: RawEvent, nowMs: number): boolean {
  const { time, token } = properties
  const tooOld = typeof time === 'number' && timeToMs(time) < nowMs - maxAgeMs
  const ignored = project.account.identityMode === 'simplified' && identityVerbs.has(event)
  return token !== project.account.projectToken || !isAtHome(project) || tooOld || ignored
}

/** `ip=1` derives an id from the caller's address when there is none. */
function withDistinctId(raw: RawEvent, options: URLSearchParams): RawEvent {
  const given = ['distinct_id', '$device_id', '$user_id'].some((name) => raw.properties[name] !== undefined)
  if (given || options.get('ip') !== '1') return raw
  const hash = createHash('sha256').update(callerAddress).digest('hex').slice(0, 32)
  return { event: raw.event, properties: { ...raw.properties, distinct_id: hash } }
}
