import type { SimReply, SimRequest } from '../../core/index.ts'
import { readBody, readFields } from '../body.ts'
import { invalid } from '../errors.ts'
import { hubspotSizes } from '../limits.ts'
import { objectStore, type Portal } from '../portal.ts'
import { comparable, showRecord } from '../records.ts'
import type { RouteRow } from '../route-row.ts'
import type { IndexedRecord, ObjectStore } from '../store.ts'
import { objectScopes } from './object-scopes.ts'
import { checkSearchFilter, comparableValue, passesFilter, type SearchFilter } from './search-filters.ts'

/** Search over what the index knows by now; archived records never appear. */
export function objectSearchRoutes(portal: Portal): readonly RouteRow[] {
  return [
    {
      resource: 'objects',
      method: 'POST',
      path: '/{objectType}/search',
      scopes: objectScopes('read'),
      limit: 'search',
      handle: (request) => search(portal, request),
    },
  ]
}

interface Query {
  readonly groups: readonly (readonly SearchFilter[])[]
  readonly sort: { readonly property: string; readonly direction: 1 | -1 }
  readonly text?: string
  readonly properties: readonly string[]
  readonly limit: number
  readonly offset: number
}

function search(portal: Portal, request: SimRequest): SimReply {
  const store = objectStore(portal, request.params['objectType'] ?? '')
  const query = readQuery(portal, store, request)
  const found = candidates(store, query.groups)
    .filter(
      (entry) =>
        entry.record.archivedAtMs === undefined && store.records.get(entry.record.id) === entry.record,
    )
    .filter((entry) => matches(store, entry, query))
    .sort(bySort(store, query.sort))
  const page = found.slice(query.offset, query.offset + query.limit)
  const next = query.offset + page.length
  return {
    status: 200,
    body: {
      total: Math.min(found.length, hubspotSizes.searchWindow),
      results: page.map(({ record, properties, updatedAtMs }) => ({
        ...showRecord(store, record, { properties: query.properties, values: properties }),
        updatedAt: new Date(updatedAtMs).toISOString(),
      })),
      ...(next < found.length && { paging: { next: { after: String(next) } } }),
    },
  }
}

/** A unique value that is known needs no scan; everything else looks at all, five times a second at most. */
function candidates(store: ObjectStore, groups: Query['groups']): IndexedRecord[] {
  const only = groups.length === 1 ? groups[0] : undefined
  const exact = only?.find(
    (filter) =>
      filter.operator === 'EQ' &&
      (store.unique.has(filter.propertyName) || filter.propertyName === 'hs_object_id'),
  )
  if (exact?.value === undefined) return [...store.indexed.values()]
  const value = comparable(exact.propertyName, exact.value)
  const id =
    exact.propertyName === 'hs_object_id' ? exact.value : store.unique.get(exact.propertyName)?.get(value)
  const entry = id === undefined ? undefined : store.indexed.get(id)
  return entry === undefined ? [...store.indexed.values()] : [entry]
}

function matches(store: ObjectStore, entry: IndexedRecord, { groups, text }: Query): boolean {
  if (
    text !== undefined &&
    !Object.values(entry.properties).some((value) => value.toLowerCase().includes(text))
  )
    return false
  if (groups.length === 0) return true
  return groups.some((filters) =>
    filters.every((filter) =>
      passesFilter(entry.properties[filter.propertyName], filter, store.properties.get(filter.propertyName)),
    ),
  )
}

/** Records without the value come last; equal ones in the order of their ids. */
function bySort(
  store: ObjectStore,
  { property, direction }: Query['sort'],
): (one: IndexedRecord, other: IndexedRecord) => number {
  const definition = store.properties.get(property)
  return (one, other) => {
    const [left, right] = [one.properties[property], other.properties[property]]
    if (left === undefined || right === undefined) {
      if (left !== right) return left === undefined ? 1 : -1
    } else {
      const [a, b] = [comparableValue(definition, left), comparableValue(definition, right)]
      if (a !== b) return a < b ? -direction : direction
    }
    return Number(one.record.id) - Number(other.record.id)
  }
}

function readQuery(portal: Portal, store: ObjectStore, request: SimRequest): Query {
  if (request.body.toString('utf8').length > hubspotSizes.searchBodyChars)
    throw invalid(`The request body exceeds the limit of ${hubspotSizes.searchBodyChars} characters`)
  const body = readBody(portal.account, request, {
    filterGroups: 'array?',
    filters: 'array?',
    sorts: 'array?',
    properties: 'strings?',
    query: 'string?',
    limit: 'number?',
    after: 'any?',
  })
  const groups = readGroups(
    portal,
    store,
    body.filterGroups ?? (body.filters ? [{ filters: body.filters }] : []),
  )
  const limit = body.limit ?? 10
  if (!Number.isInteger(limit) || limit < 0 || limit > hubspotSizes.searchPage)
    throw invalid(`The limit must be between 0 and ${hubspotSizes.searchPage}`)
  const offset = Number(body.after ?? 0)
  if (!Number.isInteger(offset) || offset < 0) throw invalid(`Invalid paging cursor: ${String(body.after)}`)
  if (offset + limit > hubspotSizes.searchWindow)
    throw invalid(
      `The paging value exceeds ${hubspotSizes.searchWindow}: the search endpoint returns no more results of one query`,
    )
  return {
    groups,
    sort: readSort(portal, store, body.sorts ?? []),
    properties: body.properties ?? [],
    limit,
    offset,
    ...(body.query !== undefined && { text: body.query.toLowerCase() }),
  }
}

function readGroups(portal: Portal, store: ObjectStore, filterGroups: readonly unknown[]): Query['groups'] {
  const { searchGroups, searchFiltersPerGroup, searchFilters } = hubspotSizes
  if (filterGroups.length > searchGroups) throw invalid(`The number of filterGroups exceeds ${searchGroups}`)
  const shape = {
    propertyName: 'string',
    operator: 'string',
    value: 'string?',
    values: 'strings?',
    highValue: 'string?',
  } as const
  const groups = filterGroups.map((group) => {
    const { filters } = readFields(portal.account, group, { filters: 'array' }, 'filterGroups.')
    if (filters.length > searchFiltersPerGroup)
      throw invalid(`The number of filters in a group exceeds ${searchFiltersPerGroup}`)
    return filters.map((filter): SearchFilter => readFields(portal.account, filter, shape, 'filters.'))
  })
  if (groups.flat().length > searchFilters) throw invalid(`The number of filters exceeds ${searchFilters}`)
  for (const filter of groups.flat()) checkSearchFilter(filter, store.properties.get(filter.propertyName))
  return groups
}

function readSort(portal: Portal, store: ObjectStore, sorts: readonly unknown[]): Query['sort'] {
  if (sorts.length > hubspotSizes.searchSorts)
    throw invalid(`Only ${hubspotSizes.searchSorts} sort may be set`)
  const [sort] = sorts
  if (sort === undefined) return { property: 'createdate', direction: 1 }
  if (typeof sort === 'string') return checkSort(store, sort.replace(/^-/, ''), sort.startsWith('-') ? -1 : 1)
  const { propertyName, direction } = readFields(
    portal.account,
    sort,
    { propertyName: 'string', direction: 'string?' },
    'sorts.',
  )
  if (direction !== undefined && direction !== 'ASCENDING' && direction !== 'DESCENDING')
    throw invalid(
      `Invalid input JSON on line 1, column 1: Cannot deserialize value of \`direction\` ${direction}`,
    )
  return checkSort(store, propertyName, direction === 'DESCENDING' ? -1 : 1)
}

function checkSort(store: ObjectStore, property: string, direction: 1 | -1): Query['sort'] {
  if (!store.properties.has(property))
    throw invalid(`There was a problem with the request: property ${property} does not exist`)
  return { property, direction }
}
