import { definitionFlaw, type Behavior, type CohortDefinition } from './cohort-definition.ts'
import { ExpressionError } from './expression-lexer.ts'
import { parseExpression, type Expression } from './expression-parser.ts'
import { isObject, parse } from './ingest-input.ts'
import type { Project } from './project.ts'

/** A profile query whose every parameter is understood. */
export interface ProfileQuery {
  readonly page: number
  readonly sessionId: string | undefined
  readonly ids: readonly string[] | undefined
  readonly where: Expression | undefined
  readonly outputProperties: readonly string[] | undefined
  readonly cohort: CohortDefinition | undefined
  readonly includeAllUsers: boolean
  readonly behaviors: ReadonlyMap<string, Behavior>
  readonly groupKey: string | undefined
  /** Behaviors without `as_of_timestamp`: only the first page can be had. */
  readonly needsTime: boolean
  /** Equal for calls that may share a session. */
  readonly fingerprint: string
}
interface BadQuery {
  readonly status: number
  readonly error: string
}
export const isBadQuery = (value: object): value is BadQuery => 'error' in value

const bad = (error: string, status = 400): BadQuery => ({ status, error })

export function readProfileQuery(project: Project, parameters: URLSearchParams): ProfileQuery | BadQuery {
  const page = Number(parameters.get('page') ?? '0')
  const sessionId = parameters.get('session_id') || undefined
  if (!Number.isInteger(page) || page < 0) return bad('page must be a whole number')
  if (page > 0 && sessionId === undefined) return bad('session_id is required when page is above 0')
  const ids = readIds(project, parameters)
  if (ids && !Array.isArray(ids)) return ids as BadQuery
  const outputProperties = parseNames(parameters.get('output_properties'))
  if (outputProperties === null) return bad('output_properties must be a JSON array of names')
  const where = readWhere(parameters.get('where'))
  if (where && isBadQuery(where)) return where
  const cohort = readCohort(project, parameters)
  if (cohort && isBadQuery(cohort)) return cohort
  const behaviors = readBehaviors(parameters.get('behaviors'))
  if (isBadQuery(behaviors)) return behaviors
  if (cohort && behaviors.size > 0) return bad('behaviors and filter_by_cohort are mutually exclusive')
  const groupId = parameters.get('data_group_id')
  const groupKey =
    groupId === null
      ? undefined
      : project.account.groupKeys.find((key) => key.dataGroupId === groupId)?.propertyName
  if (groupId !== null && groupKey === undefined) return bad(`unknown data_group_id ${groupId}`)
  const needsTime = behaviors.size > 0 && !parameters.has('as_of_timestamp')
  const includeAllUsers = parameters.get('include_all_users') !== 'false'
  const fingerprint = fingerprintOf(parameters)
  return {
    page,
    sessionId,
    ids: ids as readonly string[] | undefined,
    where,
    outputProperties,
    cohort,
    includeAllUsers,
    behaviors,
    groupKey,
    needsTime,
    fingerprint,
  }
}

function fingerprintOf(parameters: URLSearchParams): string {
  const rest = [...parameters].filter(
    ([name]) => !['page', 'session_id', 'project_id', 'workspace_id'].includes(name),
  )
  return JSON.stringify(rest.toSorted(([a], [b]) => a.localeCompare(b)))
}

/** Undefined: absent. Null: no JSON list of texts. */
function parseNames(value: string | null): readonly string[] | undefined | null {
  if (value === null) return undefined
  const list = parse(value)
  return Array.isArray(list) && list.every((name) => typeof name === 'string') ? list : null
}

function readIds(
  { account }: Project,
  parameters: URLSearchParams,
): readonly string[] | BadQuery | undefined {
  const one = parameters.get('distinct_id')
  if (one !== null) return [one]
  const many = parseNames(parameters.get('distinct_ids'))
  if (many === null) return bad('distinct_ids must be a JSON array of strings')
  const max = account.limits.distinctIdsPerQuery
  return many && many.length > max ? bad(`distinct_ids must not hold more than ${max} ids`) : many
}

function readWhere(text: string | null): Expression | BadQuery | undefined {
  if (text === null || text === '') return undefined
  try {
    return parseExpression(text)
  } catch (error) {
    if (error instanceof ExpressionError) return bad(`invalid where expression: ${error.message}`)
    throw error
  }
}

/** A saved cohort by id, or a definition evaluated on the spot (`raw_cohort`, undocumented). */
function readCohort(
  { state }: Project,
  parameters: URLSearchParams,
): CohortDefinition | BadQuery | undefined {
  const text = parameters.get('filter_by_cohort')
  if (text === null) return undefined
  const filter = parse(text)
  if (!isObject(filter)) return bad('filter_by_cohort must be a JSON object')
  const raw = filter['raw_cohort']
  if (isObject(raw)) return readRawCohort(raw)
  const id = filter['id']
  const cohort = typeof id === 'number' ? state.cohorts.get(id) : undefined
  return cohort ?? bad(`cohort ${String(id)} does not exist`)
}

function readRawCohort(raw: Record<string, unknown>): CohortDefinition | BadQuery {
  const { selector, behaviors = {} } = raw
  const flaw = definitionFlaw(selector, behaviors)
  if (flaw !== undefined) return bad(`invalid raw_cohort: ${flaw}`)
  const definition = { selector, behaviors } as CohortDefinition
  // A null selector crashes the evaluation: jaredmcfarland/mixpanel_data:src/mixpanel_headless/types.py
  const crashes = Object.values(definition.behaviors).some(
    (one) => one.count.event_selector.selector === null,
  )
  return crashes ? bad('Internal server error', 500) : definition
}

/** The documented minimum: a window in days and one event. */
function readBehaviors(text: string | null): ReadonlyMap<string, Behavior> | BadQuery {
  const behaviors = new Map<string, Behavior>()
  if (text === null) return behaviors
  const list = parse(text)
  if (!Array.isArray(list)) return bad('behaviors must be a JSON array')
  for (const one of list as readonly unknown[]) {
    const window = isObject(one) ? /^(\d+)d$/.exec(String(one['window'])) : null
    const selectors = isObject(one) ? one['event_selectors'] : undefined
    const first: unknown = Array.isArray(selectors) && selectors.length === 1 ? selectors[0] : undefined
    if (
      !window ||
      !isObject(one) ||
      typeof one['name'] !== 'string' ||
      !isObject(first) ||
      typeof first['event'] !== 'string'
    ) {
      return bad('behaviors need window, name and one event selector')
    }
    const count = { event_selector: { event: first['event'] }, type: 'absolute' as const }
    behaviors.set(one['name'], { count, window: { unit: 'day', value: Number(window[1]) } })
  }
  return behaviors
}
