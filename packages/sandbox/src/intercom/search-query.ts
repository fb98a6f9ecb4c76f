import { isObject, refuse, refuseParameter } from './errors.ts'
import { intercomLimits } from './limits.ts'
import { fieldType, searchOperators, type SearchType } from './search-fields.ts'
import type { IndexedContact, SearchIndex } from './search-index.ts'
import { dayAround } from './time-zone.ts'
import type { Segment } from './stored.ts'

/** A query made ready to run. */
export interface Filter {
  readonly test: (document: IndexedContact) => boolean
  /** Ids among which all matches are; undefined: everybody has to be looked at. */
  readonly candidates: () => ReadonlySet<string> | undefined
}
export interface SearchSurroundings {
  readonly timeZone: string
  readonly index: SearchIndex
  /** The type of a live custom attribute of contacts. */
  attributeType(name: string): SearchType | undefined
  segment(id: string): Segment | undefined
}

/**
 * Checks a search query and makes it runnable.
 *
 * Limits: 2 levels of groups, 15 filters in a group. A group holds filters or groups, not both: the description says so.
 * Text is compared as it is stored, case included (e-mail addresses are stored in lower case).
 * Error texts are assumed but for `invalid_sort_order`; the codes are among those Intercom lists.
 */
export function compileQuery(query: unknown, around: SearchSurroundings, level = 1): Filter {
  if (!isObject(query)) return refuse(400, 'parameter_not_found', 'query is a required parameter')
  const { field, operator, value } = query
  if (field !== undefined) return compileFilter(field, operator, value, around)
  if (operator !== 'AND' && operator !== 'OR')
    return refuseParameter(`Invalid operator '${String(operator)}'`)
  if (level > intercomLimits.searchLevels.max) return refuseParameter('Exceeded maximum of 2 nested filters')
  if (!Array.isArray(value) || value.length === 0) return refuseParameter('value must be a list of filters')
  if (value.length > intercomLimits.searchFilters.max)
    return refuseParameter('Exceeded maximum of 15 filters for each AND or OR group')
  const groups = value.filter((item) => isObject(item) && item['field'] === undefined).length
  if (groups !== 0 && groups !== value.length)
    return refuseParameter('A group holds either filters or groups')
  const parts = value.map((item) => compileQuery(item, around, level + 1))
  return operator === 'AND' ? allOf(parts) : anyOf(parts)
}

function allOf(parts: readonly Filter[]): Filter {
  return {
    test: (document) => parts.every((part) => part.test(document)),
    candidates() {
      let smallest: ReadonlySet<string> | undefined
      for (const part of parts) {
        const ids = part.candidates()
        if (ids && (!smallest || ids.size < smallest.size)) smallest = ids
      }
      return smallest
    },
  }
}

function anyOf(parts: readonly Filter[]): Filter {
  return {
    test: (document) => parts.some((part) => part.test(document)),
    candidates() {
      const union = new Set<string>()
      for (const part of parts) {
        const ids = part.candidates()
        if (!ids) return undefined
        for (const id of ids) union.add(id)
      }
      return union
    },
  }
}

function compileFilter(
  field: unknown,
  operator: unknown,
  value: unknown,
  around: SearchSurroundings,
): Filter {
  if (typeof field !== 'string') return refuse(400, 'invalid_field', `Invalid field '${String(field)}'`)
  const custom = field.startsWith('custom_attributes.') ? field.slice('custom_attributes.'.length) : undefined
  const type = custom === undefined ? fieldType(field) : around.attributeType(custom)
  if (!type) return refuse(400, 'invalid_field', `Invalid field '${field}'`)
  if (typeof operator !== 'string' || !searchOperators[type].includes(operator))
    return refuseParameter(`Operator '${String(operator)}' is not supported for field '${field}'`)
  if (operator === 'IN' || operator === 'NIN') {
    if (!Array.isArray(value)) return refuseParameter(`Value of '${field}' must be an array for ${operator}`)
    const parts = value.map((item) => compileFilter(field, '=', item, around))
    return operator === 'IN' ? anyOf(parts) : not(anyOf(parts))
  }
  if (operator === '!=') return not(compileFilter(field, '=', value, around))
  if (operator === '!~') return not(compileFilter(field, '~', value, around))
  if (value === null && operator === '=') return unknownValue(field, type)
  return compileComparison(field, type, operator, value, around)
}
/** `= null` passes the schema; that it means "has no value" is assumed. */
function unknownValue(field: string, type: SearchType): Filter {
  if (type === 'tag' || type === 'segment') return refuseParameter(`Value of '${field}' cannot be null`)
  return scan((document) => document.fields[field] === undefined)
}
const scan = (test: Filter['test']): Filter => ({ test, candidates: () => undefined })
/** Also true of contacts without the value (assumed; Preview says it of dates). */
const not = (part: Filter): Filter => scan((document) => !part.test(document))

function compileComparison(
  field: string,
  type: SearchType,
  operator: string,
  value: unknown,
  around: SearchSurroundings,
): Filter {
  if (type === 'date') return compileDate(field, operator, value, around.timeZone)
  if (type === 'integer') return compileNumber(field, operator, value)
  if (type === 'boolean') {
    const wanted =
      value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined
    if (wanted === undefined) return wrongType(field, 'boolean')
    return scan((document) => document.fields[field] === wanted)
  }
  if (typeof value !== 'string') return wrongType(field, 'string')
  if (type === 'role' && value !== 'user' && value !== 'lead') return wrongType(field, 'user or lead')
  if (type === 'segment') return compileSegment(value, around)
  if (type === 'tag')
    return {
      test: (document) => document.tagIds.has(value),
      candidates: () => around.index.idsWith('tag_id', value),
    }
  return compileText(field, operator, value, around.index)
}
const wrongType = (field: string, type: string): never =>
  refuseParameter(`Value of '${field}' must be ${type}`)

function compileText(field: string, operator: string, value: string, index: SearchIndex): Filter {
  const having = (test: (text: string) => boolean): Filter =>
    scan((document) => {
      const stored = document.fields[field]
      return typeof stored === 'string' && test(stored)
    })
  if (operator === '~') return having((stored) => stored.includes(value))
  if (operator === '^') return having((stored) => stored.startsWith(value))
  if (operator === '$') return having((stored) => stored.endsWith(value))
  return {
    test: (document) => document.fields[field] === value,
    candidates: () => (field === 'id' ? new Set([value]) : index.idsWith(field, value)),
  }
}

function toNumber(field: string, type: string, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : wrongType(field, type)
}

function compileNumber(field: string, operator: string, value: unknown): Filter {
  const wanted = toNumber(field, 'a number', value)
  const tests: Readonly<Record<string, (stored: number) => boolean>> = {
    '=': (stored) => stored === wanted,
    '<': (stored) => stored < wanted,
    '>': (stored) => stored > wanted,
    '<=': (stored) => stored <= wanted,
    '>=': (stored) => stored >= wanted,
  }
  return comparing(field, tests[operator])
}

/** Timestamps are compared by calendar day in the workspace's time zone: `>` starts with the next day. */
function compileDate(field: string, operator: string, value: unknown, timeZone: string): Filter {
  const { start, next } = dayAround(timeZone, toNumber(field, 'a UNIX timestamp', value))
  const tests: Readonly<Record<string, (stored: number) => boolean>> = {
    '=': (stored) => stored >= start && stored < next,
    '<': (stored) => stored < start,
    '>': (stored) => stored >= next,
  }
  return comparing(field, tests[operator])
}
function comparing(field: string, test: ((stored: number) => boolean) | undefined): Filter {
  return scan((document) => {
    const stored = document.fields[field]
    return typeof stored === 'number' && test !== undefined && test(stored)
  })
}

function compileSegment(id: string, around: SearchSurroundings): Filter {
  const segment = around.segment(id)
  if (!segment) return { test: () => false, candidates: () => new Set<string>() }
  const role = segment.person_type === 'user' ? 'user' : 'lead'
  if (segment.rule) {
    const rule = compileQuery(segment.rule, { ...around, segment: () => undefined })
    return {
      test: (document) => document.fields['role'] === role && rule.test(document),
      candidates: () => rule.candidates(),
    }
  }
  return { test: (document) => segment.members.has(document.id), candidates: () => segment.members }
}
