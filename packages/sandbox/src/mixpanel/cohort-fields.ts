import { definitionFlaw, type CohortDefinition } from './cohort-definition.ts'
import { cohortMembers } from './cohort-evaluate.ts'
import { isObject } from './ingest-input.ts'
import type { Project } from './project.ts'
import type { StoredCohort } from './state.ts'

export type CohortFields = Omit<StoredCohort, 'id' | 'createdAtMs' | 'editedAtMs'>

const known = [
  'name',
  'description',
  'data_group_id',
  'is_locked',
  'is_visible',
  'deleted',
  'selector',
  'behaviors',
]

/** The fields after a create (no `before`) or a partial update; a text says what is wrong. */
export function readCohortFields(body: unknown, before: StoredCohort | undefined): CohortFields | string {
  if (!isObject(body)) return 'request body must be a JSON object'
  if ('groups' in body) return 'groups: the shape of this form is unverified, use selector and behaviors'
  const unknown = Object.keys(body).find((name) => !known.includes(name))
  if (unknown !== undefined) return `${unknown}: unknown field`
  const {
    name = before?.name,
    description = before?.description ?? '',
    data_group_id = before?.data_group_id ?? null,
  } = body
  const { is_locked = before?.is_locked ?? false, is_visible = before?.is_visible ?? true } = body
  if (typeof name !== 'string' || name === '') return 'name: field required'
  if (typeof description !== 'string') return 'description: must be a string'
  if (typeof is_locked !== 'boolean' || typeof is_visible !== 'boolean')
    return 'is_locked and is_visible: must be booleans'
  const { selector = before?.selector, behaviors = before?.behaviors ?? {} } = body
  const flaw = definitionFlaw(selector, behaviors)
  if (flaw !== undefined) return flaw
  const definition = { selector, behaviors } as CohortDefinition
  if (data_group_id !== null && typeof data_group_id !== 'string' && typeof data_group_id !== 'number') {
    return 'data_group_id: must be a string'
  }
  const group = data_group_id === null ? null : String(data_group_id)
  return { name, description, is_locked, is_visible, data_group_id: group, ...definition }
}

/** The result object of the App API. */
export const cohortBody = (project: Project, cohort: StoredCohort): object => ({
  id: cohort.id,
  name: cohort.name,
  description: cohort.description,
  count: cohortMembers(project, cohort).size,
  is_visible: cohort.is_visible,
  is_locked: cohort.is_locked,
  data_group_id: cohort.data_group_id,
  selector: cohort.selector,
  behaviors: cohort.behaviors,
  last_edited: new Date(cohort.editedAtMs).toISOString(),
  created_by: null,
  referenced_by: [],
  verified: false,
  last_queried: null,
  active_integrations: [],
})
