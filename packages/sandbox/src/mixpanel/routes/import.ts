import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { importError } from '../errors.ts'
import { isAtHome, overIngestionRate } from '../ingest-gate.ts'
import { isObject, readRecords } from '../ingest-input.ts'
import { ingestReply } from '../ingest-reply.ts'
import type { Project } from '../project.ts'
import { storeEvent } from '../store-event.ts'
import { identityVerbs, validateEvent, type Flaw, type RawEvent } from '../validate-event.ts'

/** `POST /import`, and `GET` as npm `mixpanel` calls it. https://developer.mixpanel.com/reference/import-events */
export const importRoutes = (project: Project): readonly Route[] => [
  { method: 'POST', path: '/import', handle: (request) => importEvents(project, request) },
  { method: 'GET', path: '/import', handle: (request) => importEvents(project, request) },
]

interface Sorted {
  readonly good: readonly RawEvent[]
  readonly failed: readonly object[]
}

function importEvents(project: Project, request: SimRequest): SimReply {
  const { limits, identityMode } = project.account
  if (request.body.length > limits.importBytes) {
    return importError(413, `request exceeds max limit of ${limits.importBytes} bytes`)
  }
  const read = readRecords(request)
  const limited = overIngestionRate(project, request, read.ok ? read.records.length : 1)
  if (limited) return limited
  if (!read.ok) return importError(400, read.error)
  if (read.records.length > limits.eventsPerRequest) {
    return importError(400, `request holds more than ${limits.eventsPerRequest} events`)
  }
  // Older libraries send no `strict` and expect a bare `1`: absent counts as 0.
  const strict = read.options.get('strict') === '1'
  if (strict && identityMode === 'simplified' && read.records.some(isVerb)) return refuseVerbs()
  const sorted = sort(project, read.records, request.body.length)
  const kept = sorted.good.filter((record) => identityMode === 'original' || !isVerb(record))
  if (isAtHome(project)) for (const record of kept) store(project, record, read.options)
  else project.state.counters.eventsLost += kept.length
  project.state.counters.eventsLost += strict ? 0 : sorted.failed.length
  return strict ? strictReply(sorted) : ingestReply(read.options, true, null)
}

const isVerb = (record: unknown): boolean => isObject(record) && identityVerbs.has(String(record['event']))

/** The whole batch is refused, and `failed_records` holds strings (ak--47/mixpanel-import, live probe 2026-08-16). */
const refuseVerbs = (): SimReply =>
  importError(400, 'some data points in the request failed validation', {
    failed_records: ['identity events are not allowed when project is using simplified identity management'],
    num_records_imported: 0,
  })

function sort(project: Project, records: readonly unknown[], bodyBytes: number): Sorted {
  const { limits, identityMode, failedRecordKey } = project.account
  const rules = { limits, identityMode, nowMs: project.clock.now() }
  const good: RawEvent[] = []
  const failed: object[] = []
  for (const [index, record] of records.entries()) {
    const flaw =
      validateEvent(record, rules) ??
      (bodyBytes > limits.eventBytes ? tooLarge(record, limits.eventBytes) : undefined)
    if (flaw) failed.push({ index, [failedRecordKey]: insertIdOf(record), ...flaw })
    else good.push(record as RawEvent)
  }
  return { good, failed }
}

function tooLarge(record: unknown, maxBytes: number): Flaw | undefined {
  if (Buffer.byteLength(JSON.stringify(record)) < maxBytes) return undefined
  return { field: 'event', message: `'event' is invalid: must be smaller than ${maxBytes} bytes` }
}

function insertIdOf(record: unknown): string {
  const properties = isObject(record) ? record['properties'] : undefined
  const id = isObject(properties) ? properties['$insert_id'] : undefined
  return typeof id === 'string' ? id : ''
}

function store(project: Project, record: RawEvent, options: URLSearchParams): void {
  const geoFromCaller = project.account.importGeoFromCaller && options.get('ip') !== '0'
  storeEvent(project, record, { road: 'import', geoFromCaller })
}

function strictReply({ good, failed }: Sorted): SimReply {
  if (failed.length === 0)
    return { status: 200, body: { code: 200, num_records_imported: good.length, status: 'OK' } }
  return importError(400, 'some data points in the request failed validation', {
    failed_records: failed,
    num_records_imported: good.length,
  })
}
