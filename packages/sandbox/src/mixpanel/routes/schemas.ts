import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { serviceOf } from '../authenticate.ts'
import { appError } from '../errors.ts'
import { isObject, parse } from '../ingest-input.ts'
import type { Project } from '../project.ts'
import type { Properties, StoredSchema } from '../state.ts'
import { schemaFlaw } from '../validate-schema.ts'

const root = '/api/app/projects/{projectId}/schemas'

/** Lexicon. https://developer.mixpanel.com/reference/lexicon-schemas-api */
export const schemaRoutes = (project: Project): readonly Route[] => [
  route(project, 'GET', root, listAll),
  route(project, 'POST', root, upload),
  route(project, 'DELETE', root, deleteSome),
  route(project, 'GET', `${root}/{entityType}`, listAll),
  route(project, 'DELETE', `${root}/{entityType}`, deleteSome),
  route(project, 'GET', `${root}/{entityType}/{name}`, readOne),
  route(project, 'POST', `${root}/{entityType}/{name}`, uploadOne),
  route(project, 'DELETE', `${root}/{entityType}/{name}`, deleteSome),
]

type Handler = (project: Project, request: SimRequest) => SimReply

function route(project: Project, method: Route['method'], path: string, handler: Handler): Route {
  return { method, path, handle: (request) => guard(project, request, method) ?? handler(project, request) }
}

/** 5 calls a minute per organization; writes need owner or admin. */
function guard(project: Project, request: SimRequest, method: Route['method']): SimReply | undefined {
  const { meters } = project
  if (!meters.schemaCalls.hit().allowed) return appError(429, 'Rate limit exceeded')
  const role = serviceOf(project, request)?.role
  if (method !== 'GET' && role !== 'owner' && role !== 'admin') return appError(403, 'Permission denied')
  const type = request.params['entityType']
  return type === undefined || type === 'event' || type === 'profile'
    ? undefined
    : appError(400, `unknown entity type ${type}`)
}

const keyOf = (entityType: unknown, name: unknown): string => JSON.stringify([entityType, name])
const ok = (results: unknown): SimReply => ({ status: 200, body: { status: 'ok', results } })

function chosen({ state }: Project, request: SimRequest): readonly StoredSchema[] {
  const { entityType } = request.params
  const name = request.params['name'] ?? request.query.get('entity_name') ?? undefined
  return [...state.schemas.values()].filter(
    (schema) =>
      (entityType === undefined || schema.entityType === entityType) &&
      (name === undefined || schema.name === name),
  )
}

const listAll: Handler = (project, request) => ok(chosen(project, request))

/** The specification answers with the bare schema here, without the envelope. */
const readOne: Handler = (project, request) => {
  const found = chosen(project, request)[0]
  return found ? { status: 200, body: found.schemaJson } : appError(404, 'Schema not found')
}

const deleteSome: Handler = (project, request) => {
  const gone = chosen(project, request)
  for (const schema of gone) project.state.schemas.delete(keyOf(schema.entityType, schema.name))
  return ok({ delete_count: gone.length })
}

const upload: Handler = (project, request) => {
  const body = parse(request.body.toString('utf8'))
  if (!isObject(body) || !Array.isArray(body['entries'])) return appError(400, 'entries: field required')
  const unknown = Object.keys(body).find((name) => name !== 'entries' && name !== 'truncate')
  if (unknown !== undefined) return appError(400, `${unknown}: unknown field`)
  const entries = body['entries'] as readonly unknown[]
  const flaw = entries.map(entryFlaw).find((one) => one !== undefined)
  if (flaw !== undefined) return appError(400, flaw)
  const { state, meters, account } = project
  const deleted = body['truncate'] === true ? state.schemas.size : 0
  if (deleted > account.limits.schemaTruncations)
    return appError(400, `cannot truncate more than ${account.limits.schemaTruncations} entities`)
  if (!meters.schemaEntities.hit(entries.length).allowed) return appError(429, 'Rate limit exceeded')
  if (deleted > 0) state.schemas.clear()
  for (const entry of entries as readonly StoredSchema[]) put(project, entry)
  return ok({ added: entries.length, deleted })
}

function entryFlaw(entry: unknown): string | undefined {
  if (!isObject(entry)) return 'entries must hold objects'
  const { entityType, name, schemaJson, ...rest } = entry
  if (entityType !== 'event' && entityType !== 'profile') return 'entityType must be event or profile'
  if (typeof name !== 'string' || name === '') return 'name: field required'
  if (entityType === 'profile' && name !== '$user') return 'the name of a profile schema must be $user'
  const unknown = Object.keys(rest)[0]
  return unknown === undefined ? schemaFlaw(schemaJson) : `${unknown}: unknown field`
}

const uploadOne: Handler = (project, request) => {
  const { entityType, name } = request.params
  const entry = { entityType, name, schemaJson: parse(request.body.toString('utf8')) }
  const flaw = entryFlaw(entry)
  if (flaw !== undefined) return appError(400, flaw)
  if (!project.meters.schemaEntities.hit().allowed) return appError(429, 'Rate limit exceeded')
  put(project, entry as StoredSchema)
  return { status: 200, body: { status: 'ok' } }
}

/** Replaces the schema; metadata is merged, and null takes an entry away. */
function put({ state }: Project, { entityType, name, schemaJson }: StoredSchema): void {
  const key = keyOf(entityType, name)
  const before = ownMetadata(state.schemas.get(key)?.schemaJson)
  const merged = Object.entries({ ...before, ...ownMetadata(schemaJson) }).filter(
    ([, value]) => value !== null,
  )
  const metadata = merged.length === 0 ? {} : { metadata: { 'com.mixpanel': Object.fromEntries(merged) } }
  const { metadata: _metadata, ...rest } = schemaJson
  state.schemas.set(key, { entityType, name, schemaJson: { ...rest, ...metadata } })
}

function ownMetadata(schema: Properties | undefined): Properties {
  const metadata = schema?.['metadata']
  const own = isObject(metadata) ? metadata['com.mixpanel'] : undefined
  return isObject(own) ? own : {}
}
