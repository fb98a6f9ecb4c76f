import { isObject, type JsonObject } from './body.ts'
import { lifecycleStages } from './defined-properties.ts'
import { propertyChanged } from './enrollments.ts'
import { invalid, type Refusal } from './errors.ts'
import { leave } from './lists.ts'
import type { Portal } from './portal.ts'
import { checkValue, mergeOptions, type ValueError } from './property-values.ts'
import { objectTypes, type CrmRecord, type ObjectStore } from './store.ts'

export type Changes = Readonly<Record<string, string>>
const maxIdentities = 250

/** The form in which unique values are compared: e-mail trimmed and lower-cased, others as they are. */
export const comparable = (property: string, value: string): string =>
  property === 'email' ? value.trim().toLowerCase() : value

/** Checks every value of one record. @throws {Refusal} 400 with all the invalid ones. */
export function checkProperties(portal: Portal, store: ObjectStore, properties: unknown): Changes {
  if (!isObject(properties))
    throw invalid('Invalid input JSON on line 1, column 1: `properties` is no object')
  const changes: Record<string, string> = {}
  const errors: ValueError[] = []
  const add = (name: string, error: string, message: string): unknown =>
    errors.push({
      isValid: false,
      message,
      error,
      name,
      localizedErrorMessage: message,
      portalId: portal.account.portalId,
    })
  for (const [name, given] of Object.entries(properties)) {
    const definition = store.properties.get(name)
    if (definition === undefined) {
      add(name, 'PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`)
      continue
    }
    const checked = checkValue(portal.account, definition, given)
    if (checked === 'ignored') continue
    if ('error' in checked) add(name, checked.error, checked.message)
    else changes[name] = checked.value
  }
  if (errors.length > 0) throw invalidValues(errors)
  return changes
}

export const invalidValues = (errors: readonly ValueError[]): Refusal =>
  invalid(`Property values were not valid: ${JSON.stringify(errors)}`)

/** Record id for an id as clients give it: HubSpot's own, or the value of a unique property. */
export function findRecord(
  store: ObjectStore,
  id: string,
  idProperty: string | undefined,
): CrmRecord | undefined {
  if (idProperty === undefined || idProperty === 'hs_object_id')
    return store.records.get(store.mergedInto.get(id) ?? id)
  const found = store.unique.get(idProperty)?.get(comparable(idProperty, id))
  return found === undefined ? undefined : store.records.get(found)
}

/** @throws {Refusal} 400 when `idProperty` is not unique. */
export function requireUnique(store: ObjectStore, idProperty: string | undefined, verb: string): void {
  if (idProperty === undefined || idProperty === 'hs_object_id' || store.unique.has(idProperty)) return
  throw invalid(`Unable to perform ${verb} by non-unique ${objectTypes[store.type].id} property`)
}

/** Which other record holds a unique value of these changes. */
export function findConflict(
  store: ObjectStore,
  changes: Changes,
  ownId: string | undefined,
): { readonly property: string; readonly value: string; readonly id: string } | undefined {
  for (const [property, values] of store.unique) {
    const value = changes[property]
    if (value === undefined || value === '') continue
    const id = values.get(comparable(property, value))
    if (id !== undefined && id !== ownId) return { property, value, id }
  }
  return undefined
}

export function createRecord(
  portal: Portal,
  store: ObjectStore,
  changes: Changes,
  given: { id?: string; atMs?: number } = {},
): CrmRecord {
  const id = given.id ?? portal.newId()
  const atMs = given.atMs ?? portal.clock.now()
  const record: CrmRecord = {
    id,
    type: store.type,
    properties: { hs_object_id: id, createdate: new Date(atMs).toISOString() },
    history: new Map(),
    createdAtMs: atMs,
    updatedAtMs: atMs,
  }
  store.records.set(id, record)
  insertId(store.ids, id)
  writeRecord(portal, store, record, changes, { atMs, sourceType: 'INTEGRATION' })
  return record
}

function insertId(ids: string[], id: string): void {
  const last = ids.at(-1)
  if (last === undefined || Number(last) < Number(id)) ids.push(id)
  else ids.splice(firstAfter(ids, Number(id)), 0, id)
}

/** Index of the first id above `id`, by halving. */
export function firstAfter(ids: readonly string[], id: number): number {
  let [low, high] = [0, ids.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (Number(ids[middle]) <= id) low = middle + 1
    else high = middle
  }
  return low
}

export interface WriteSource {
  readonly atMs: number
  readonly sourceType: string
}

/** Commits checked changes: values, history, unique index, modification date; search sees it after its lag. */
export function writeRecord(
  portal: Portal,
  store: ObjectStore,
  record: CrmRecord,
  changes: Changes,
  source: WriteSource,
): void {
  const timestamp = new Date(source.atMs).toISOString()
  const properties: Record<string, string> = { ...record.properties }
  const changed: [string, string][] = []
  for (const [name, written] of Object.entries(changes)) {
    const value = mergeOptions(properties[name], written)
    if (name === 'lifecyclestage' && goesBack(properties[name], value)) continue
    reindex(store, record.id, name, properties[name], value)
    const history = record.history.get(name) ?? []
    history.unshift({
      value,
      timestamp,
      sourceType: source.sourceType,
      sourceId: String(portal.account.appId),
    })
    record.history.set(name, history)
    if ((properties[name] ?? '') !== value) changed.push([name, value])
    if (value === '') delete properties[name]
    else properties[name] = value
  }
  properties[objectTypes[store.type].modified] = timestamp
  record.properties = properties
  record.updatedAtMs = source.atMs
  indexForSearch(portal, store, record)
  if (store.type === 'contacts')
    for (const [name, value] of changed) propertyChanged(portal, record, name, value, source.atMs)
}

/** Integrators' reports: a step back is ignored without an error. */
function goesBack(stored: string | undefined, written: string): boolean {
  const stages: readonly string[] = lifecycleStages
  return stored !== undefined && written !== '' && stages.indexOf(written) < stages.indexOf(stored)
}

function reindex(
  store: ObjectStore,
  id: string,
  name: string,
  before: string | undefined,
  after: string,
): void {
  const emails = store.unique.get('email')
  if (name === 'hs_additional_emails' && emails) {
    for (const email of splitEmails(before)) emails.delete(email)
    const added = splitEmails(after)
    if (added.length >= maxIdentities) throw invalid('Cannot have more than 250 identities on a profile')
    for (const email of added) emails.set(email, id)
    return
  }
  const values = store.unique.get(name)
  if (!values) return
  if (before !== undefined) values.delete(comparable(name, before))
  if (after !== '') values.set(comparable(name, after), id)
}
const splitEmails = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(';')
    .filter((email) => email !== '')
    .map((email) => comparable('email', email))

function indexForSearch(portal: Portal, store: ObjectStore, record: CrmRecord): void {
  const { properties, updatedAtMs } = record
  portal.store.queues.search.push(portal.clock.now() + portal.account.searchLagMs, () =>
    store.indexed.set(record.id, { record, properties, updatedAtMs }),
  )
}

/** Forgets a record altogether. */
export function dropRecord(store: ObjectStore, id: string): void {
  store.records.delete(id)
  store.indexed.delete(id)
  const index = firstAfter(store.ids, Number(id)) - 1
  if (store.ids[index] === id) store.ids.splice(index, 1)
}

/** Takes a record out of sight and off its lists: its unique values are free again, it can still be read with `archived=true`. */
export function archiveRecord(portal: Portal, store: ObjectStore, record: CrmRecord): void {
  if (record.archivedAtMs !== undefined) return
  record.archivedAtMs = portal.clock.now()
  for (const [name, values] of store.unique) {
    const value = record.properties[name]
    if (value !== undefined) values.delete(comparable(name, value))
  }
  for (const email of splitEmails(record.properties['hs_additional_emails']))
    store.unique.get('email')?.delete(email)
  for (const listId of portal.store.listsOf.get(record.id) ?? []) {
    const list = portal.store.lists.get(listId)
    if (list !== undefined) leave(portal, list, record.id)
  }
}

/** Properties shown unless others are asked for. */
export const shownProperties = (store: ObjectStore): readonly string[] => [
  ...objectTypes[store.type].shown,
  'createdate',
  'hs_object_id',
  objectTypes[store.type].modified,
]

/** The record as HubSpot answers it. Properties that do not exist are left out; those without a value are null. */
export function showRecord(
  store: ObjectStore,
  record: CrmRecord,
  asked: {
    readonly properties?: readonly string[]
    readonly withHistory?: readonly string[]
    readonly values?: Readonly<Record<string, string>>
  } = {},
): JsonObject {
  const values = asked.values ?? record.properties
  const names = asked.properties?.length
    ? [...asked.properties, 'createdate', 'hs_object_id', objectTypes[store.type].modified]
    : shownProperties(store)
  const properties: Record<string, string | null> = {}
  for (const name of [...new Set(names)].sort())
    if (store.properties.has(name)) properties[name] = values[name] ?? null
  const history = asked.withHistory?.filter((name) => store.properties.has(name)) ?? []
  return {
    id: record.id,
    properties,
    ...(history.length > 0 && {
      propertiesWithHistory: Object.fromEntries(
        history.map((name) => [name, record.history.get(name) ?? []]),
      ),
    }),
    createdAt: new Date(record.createdAtMs).toISOString(),
    updatedAt: new Date(record.updatedAtMs).toISOString(),
    archived: record.archivedAtMs !== undefined,
    ...(record.archivedAtMs !== undefined && { archivedAt: new Date(record.archivedAtMs).toISOString() }),
  }
}
