import type { SimReply, SimRequest } from '../../core/index.ts'
import { readBody, readFields, type JsonObject } from '../body.ts'
import { invalid, notFound, Refusal, type ItemError } from '../errors.ts'
import { objectStore, type Portal } from '../portal.ts'
import {
  archiveRecord,
  checkProperties,
  comparable,
  createRecord,
  findRecord,
  requireUnique,
  showRecord,
  writeRecord,
  type Changes,
} from '../records.ts'
import type { RouteRow } from '../route-row.ts'
import type { CrmRecord, ObjectStore } from '../store.ts'
import { associate, readLinks, type Link } from './associations.ts'
import { batchInputs, batchReply, itemError, refuseDuplicates } from './batch.ts'
import { objectScopes } from './object-scopes.ts'
import { echo, nonEmpty, refuseConflict, refuseLocked } from './objects.ts'

type Verb = 'create' | 'update' | 'upsert'

/** Up to 100 contacts or companies at once. */
export function objectBatchRoutes(portal: Portal): readonly RouteRow[] {
  const row = { resource: 'objects', method: 'POST' } as const
  const write = (verb: Verb): RouteRow => ({
    ...row,
    path: `/{objectType}/batch/${verb}`,
    scopes: objectScopes('write'),
    handle: (request) => writeBatch(portal, request, verb),
  })
  return [
    {
      ...row,
      path: '/{objectType}/batch/read',
      scopes: objectScopes('read'),
      handle: (request) => readBatch(portal, request),
    },
    write('create'),
    write('update'),
    write('upsert'),
    {
      ...row,
      path: '/{objectType}/batch/archive',
      scopes: objectScopes('write'),
      handle: (request) => archiveBatch(portal, request),
    },
  ]
}

function readBatch(portal: Portal, request: SimRequest): SimReply {
  const store = objectStore(portal, request.params['objectType'] ?? '')
  const body = readBody(portal.account, request, {
    inputs: 'array?',
    properties: 'strings?',
    propertiesWithHistory: 'strings?',
    idProperty: 'string?',
  })
  const ids = batchInputs(body.inputs).map(
    (row) => readFields(portal.account, row, { id: 'string' }, 'inputs.').id,
  )
  requireUnique(store, body.idProperty, 'read')
  refuseDuplicates(ids.map((id) => comparable(body.idProperty ?? '', id)))
  const archived = request.query.get('archived') === 'true'
  const missing: string[] = []
  const results: object[] = []
  for (const id of ids) {
    const record = findRecord(store, id, body.idProperty)
    if (record === undefined || (record.archivedAtMs !== undefined) !== archived) missing.push(id)
    else
      results.push(
        showRecord(store, record, {
          properties: body.properties ?? [],
          withHistory: body.propertiesWithHistory ?? [],
        }),
      )
  }
  return batchReply(portal, results, missing.length > 0 ? [missingError(missing)] : [])
}

const missingError = (ids: readonly string[]): ItemError => ({
  category: 'OBJECT_NOT_FOUND',
  message: 'Could not get some objects, they may be deleted or not exist. Check that ids are valid.',
  context: { ids },
})

interface Row {
  readonly id?: string
  readonly idProperty?: string
  readonly traceId?: string
  readonly properties: JsonObject
  readonly associations?: readonly unknown[]
}
/** A row that may be written, with everything it needs checked. */
interface Plan {
  readonly row: Row
  readonly changes: Changes
  readonly record?: CrmRecord
  readonly links: readonly Link[]
}

function readRow(portal: Portal, row: JsonObject, verb: Verb): Row {
  const common = { properties: 'object', objectWriteTraceId: 'string?' } as const
  if (verb === 'create') {
    const { objectWriteTraceId, ...rest } = readFields(
      portal.account,
      row,
      { ...common, associations: 'array?' },
      'inputs.',
    )
    return { ...rest, ...(objectWriteTraceId !== undefined && { traceId: objectWriteTraceId }) }
  }
  const { objectWriteTraceId, ...rest } = readFields(
    portal.account,
    row,
    { ...common, id: 'string', idProperty: 'string?' },
    'inputs.',
  )
  return { ...rest, ...(objectWriteTraceId !== undefined && { traceId: objectWriteTraceId }) }
}

/**
 * With a trace id on every row the good ones are written and the bad ones are told in `errors`; without, one invalid row
 * fails the whole call. A row whose record is unknown is always told alone.
 */
function writeBatch(portal: Portal, request: SimRequest, verb: Verb): SimReply {
  const store = objectStore(portal, request.params['objectType'] ?? '')
  const body = readBody(portal.account, request, { inputs: 'array?' })
  const rows = batchInputs(body.inputs).map((row) => readRow(portal, row, verb))
  refuseLocked(portal)
  for (const row of rows) requireUnique(store, row.idProperty, verb)
  if (verb !== 'create') refuseDuplicates(rows.map((row) => comparable(row.idProperty ?? '', row.id ?? '')))
  const everyTraced = rows.every((row) => row.traceId !== undefined)
  const byEmail = verb === 'upsert' && rows.some((row) => row.idProperty === 'email')
  const perRow = everyTraced && !(byEmail && portal.account.emailUpsert === 'all-or-nothing')
  const { plans, errors } = planRows(portal, store, rows, verb, perRow)
  const results = plans.map((plan) => commit(portal, store, plan, verb))
  return batchReply(portal, results, errors, verb === 'create' ? 201 : 200)
}

function planRows(
  portal: Portal,
  store: ObjectStore,
  rows: readonly Row[],
  verb: Verb,
  perRow: boolean,
): { readonly plans: readonly Plan[]; readonly errors: readonly ItemError[] } {
  const plans: Plan[] = []
  const errors: ItemError[] = []
  const claimed = new Set<string>()
  for (const row of rows) {
    try {
      const plan = planRow(portal, store, row, verb)
      claim(store, plan.changes, claimed)
      plans.push(plan)
    } catch (error) {
      if (!(error instanceof Refusal) || (!perRow && error.status !== 404)) throw error
      const context = {
        ...(row.id !== undefined && { ids: [row.id] }),
        ...(row.traceId !== undefined && { objectWriteTraceId: [row.traceId] }),
      }
      errors.push(itemError(error, context))
    }
  }
  return { plans, errors }
}

/** Two rows of one batch may not take the same unique value. */
function claim(store: ObjectStore, changes: Changes, claimed: Set<string>): void {
  const keys = [...store.unique.keys()].flatMap((property) =>
    changes[property] ? [`${property} ${comparable(property, changes[property])}`] : [],
  )
  const taken = keys.find((key) => claimed.has(key))
  if (taken !== undefined)
    throw invalid(`Duplicate values found in batch input for property ${taken.split(' ')[0] ?? ''}`)
  for (const key of keys) claimed.add(key)
}

function planRow(portal: Portal, store: ObjectStore, row: Row, verb: Verb): Plan {
  const record = verb === 'create' ? undefined : findRecord(store, row.id ?? '', row.idProperty)
  const found = record?.archivedAtMs === undefined ? record : undefined
  const byRecordId = row.idProperty === undefined || row.idProperty === 'hs_object_id'
  if (found === undefined && (verb === 'update' || (verb === 'upsert' && byRecordId)))
    throw notFound('Could not get some objects, they may be deleted or not exist. Check that ids are valid.')
  const named = verb === 'upsert' && found === undefined && row.idProperty ? { [row.idProperty]: row.id } : {}
  const changes = checkProperties(portal, store, { ...named, ...row.properties })
  if (verb !== 'upsert') nonEmpty(changes)
  refuseConflict(portal, store, changes, found?.id)
  const links = readLinks(portal, store.type, row.associations)
  return { row, changes, links, ...(found && { record: found }) }
}

function commit(
  portal: Portal,
  store: ObjectStore,
  { row, changes, record, links }: Plan,
  verb: Verb,
): object {
  if (record !== undefined)
    writeRecord(portal, store, record, changes, { atMs: portal.clock.now(), sourceType: 'INTEGRATION' })
  const written = record ?? createRecord(portal, store, changes)
  for (const link of links) associate(portal, written, link.to, link.typeIds)
  return {
    ...showRecord(store, written, { properties: Object.keys(changes) }),
    ...(verb === 'upsert' && { new: record === undefined }),
    ...echo(row.traceId),
  }
}

function archiveBatch(portal: Portal, request: SimRequest): SimReply {
  const store = objectStore(portal, request.params['objectType'] ?? '')
  const body = readBody(portal.account, request, { inputs: 'array?' })
  const ids = batchInputs(body.inputs).map(
    (row) => readFields(portal.account, row, { id: 'string' }, 'inputs.').id,
  )
  refuseLocked(portal)
  for (const id of ids) {
    const record = findRecord(store, id, undefined)
    if (record !== undefined) archiveRecord(portal, store, record)
  }
  return { status: 204 }
}
