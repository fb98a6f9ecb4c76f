import { isObject, refuse, refuseParameter } from './errors.ts'
import { compileQuery, type Filter, type SearchSurroundings } from './search-query.ts'
import { fieldType, type SearchType } from './search-fields.ts'
import type { IndexedContact } from './search-index.ts'
import type { IntercomContext, IntercomStore } from './state.ts'
import type { AttributeType, Scalar } from './stored.ts'

export interface Order {
  readonly field: string
  readonly ascending: boolean
}
/** Sorted by the value, contacts without one last, equal values by id. */
export interface Position {
  readonly value: Scalar | null
  readonly id: string
}
const searchTypes: Readonly<Record<AttributeType, SearchType>> = {
  string: 'string',
  integer: 'integer',
  float: 'integer',
  boolean: 'boolean',
  date: 'date',
}

export function surroundings(context: IntercomContext): SearchSurroundings {
  const store = context.store()
  return {
    timeZone: context.account().timeZone,
    index: store.index,
    segment: (id) => store.segments.get(id),
    attributeType(name) {
      const attribute = store.attributeByName.get(name)
      return attribute?.model === 'contact' && !attribute.archived
        ? searchTypes[attribute.data_type]
        : undefined
    },
  }
}

/** Until 2.15 an unknown order was quietly taken as `descending`; 2.16 refuses it. The default field is not documented. */
export function readOrder(sort: unknown, strict: boolean): Order {
  if (sort === undefined || sort === null) return { field: 'created_at', ascending: false }
  if (!isObject(sort)) return refuseParameter('sort must be an object')
  const { field = 'created_at', order = 'descending' } = sort
  if (strict && order !== 'ascending' && order !== 'descending')
    refuse(
      400,
      'invalid_sort_order',
      `Invalid sort order '${String(order)}'. Must be one of: ascending, descending`,
    )
  if (typeof field !== 'string' || !(fieldType(field) || field.startsWith('custom_attributes.')))
    return refuse(400, 'invalid_field', `Invalid field '${String(field)}'`)
  return { field, ascending: order === 'ascending' }
}

export function matching(filter: Filter, context: IntercomContext): IndexedContact[] {
  const { index } = context.store()
  const ids = filter.candidates()
  const found: IndexedContact[] = []
  if (!ids) {
    for (const document of index.all()) if (filter.test(document)) found.push(document)
    return found
  }
  for (const id of ids) {
    const document = index.get(id)
    if (document && filter.test(document)) found.push(document)
  }
  return found
}

export const positionOf = (document: IndexedContact, order: Order): Position => ({
  value: document.fields[order.field] ?? null,
  id: document.id,
})

export function compare(left: Position, right: Position, { ascending }: Order): number {
  if (left.value !== right.value) {
    if (left.value === null) return 1
    if (right.value === null) return -1
    return left.value < right.value === ascending ? -1 : 1
  }
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0
}

export interface Searcher {
  /** All matches in order. The last answer is kept, so that reading page after page does not search anew. */
  run(query: unknown, order: Order): readonly IndexedContact[]
}
export function createSearcher(context: IntercomContext): Searcher {
  let kept:
    | { readonly key: string; readonly store: IntercomStore; readonly found: readonly IndexedContact[] }
    | undefined
  return {
    run(query, order) {
      const store = context.store()
      store.index.settle()
      const filter = compileQuery(query, surroundings(context))
      const key = JSON.stringify([store.index.version(), context.account().timeZone, query, order])
      if (kept?.key !== key || kept.store !== store) {
        const found = matching(filter, context).sort((left, right) =>
          compare(positionOf(left, order), positionOf(right, order), order),
        )
        kept = { key, store, found }
      }
      return kept.found
    },
  }
}

/** The first index in `found` that comes after `position`. */
export function indexAfter(found: readonly IndexedContact[], position: Position, order: Order): number {
  let low = 0
  let high = found.length
  while (low < high) {
    const middle = (low + high) >> 1
    const document = found[middle]
    if (document && compare(positionOf(document, order), position, order) <= 0) low = middle + 1
    else high = middle
  }
  return low
}
