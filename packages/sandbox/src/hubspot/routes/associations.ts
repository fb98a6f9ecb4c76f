import type { SimReply, SimRequest } from '../../core/index.ts'
import { readBody, readFields, readJson } from '../body.ts'
import { invalid, notFound, type ItemError } from '../errors.ts'
import { hubspotSizes } from '../limits.ts'
import { objectStore, type Portal } from '../portal.ts'
import { findRecord } from '../records.ts'
import type { RouteRow } from '../route-row.ts'
import { objectTypes, type CrmRecord, type ObjectType } from '../store.ts'
import { batchInputs, batchReply } from './batch.ts'
import { objectScopes } from './object-scopes.ts'

/**
 * Association types both ways; the pair of a type is the type seen from the other side.
 * @see https://developers.hubspot.com/docs (associations guide)
 */
const linkTypes = {
  contacts: { companies: { unlabelled: 279, all: { 279: 280, 1: 2 } } },
  companies: { contacts: { unlabelled: 280, all: { 280: 279, 2: 1 } } },
} as const
interface LinkType {
  readonly unlabelled: number
  readonly all: Readonly<Record<number, number>>
}
const linkType = (from: ObjectType, to: ObjectType): LinkType => {
  const types: Readonly<Partial<Record<ObjectType, LinkType>>> = linkTypes[from]
  const type = types[to]
  if (type === undefined) throw invalid(`No association types exist between ${from} and ${to}`)
  return type
}
export interface Link {
  readonly to: CrmRecord
  readonly typeIds: readonly number[]
}

export function associationRoutes(portal: Portal): readonly RouteRow[] {
  const batch = { resource: 'associations', method: 'POST', limit: 'associations' } as const
  const one = { resource: 'objectAssociations', method: 'PUT', scopes: objectScopes('write') } as const
  const pair = '/{fromObjectType}/{toObjectType}/batch'
  return [
    {
      ...batch,
      path: `${pair}/create`,
      scopes: objectScopes('write'),
      handle: (request) => createBatch(portal, request),
    },
    {
      ...batch,
      path: `${pair}/read`,
      scopes: objectScopes('read'),
      handle: (request) => readBatch(portal, request),
    },
    {
      ...one,
      path: '/{objectType}/{objectId}/associations/default/{toObjectType}/{toObjectId}',
      handle: (request) => putDefault(portal, request),
    },
    {
      ...one,
      path: '/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}',
      handle: (request) => putLabelled(portal, request),
    },
  ]
}

const key = (from: CrmRecord, to: ObjectType): string => `${from.type} ${from.id} ${to}`

/** Writes a link in both directions. */
export function associate(portal: Portal, from: CrmRecord, to: CrmRecord, typeIds: readonly number[]): void {
  const pairs = linkType(from.type, to.type).all
  for (const typeId of typeIds) {
    add(portal, from, to, typeId)
    add(portal, to, from, pairs[typeId] ?? 0)
  }
}
function add({ store }: Portal, from: CrmRecord, to: CrmRecord, typeId: number): void {
  const links = store.associations.get(key(from, to.type)) ?? new Map<string, Set<number>>()
  store.associations.set(key(from, to.type), links.set(to.id, (links.get(to.id) ?? new Set()).add(typeId)))
}

function live(portal: Portal, type: ObjectType, id: string): CrmRecord {
  const record = findRecord(portal.store.objects[type], id, undefined)
  if (record === undefined || record.archivedAtMs !== undefined)
    throw notFound(`${objectTypes[type].singular} ${id} does not exist or is archived`)
  return record
}

function readTypes(portal: Portal, from: ObjectType, to: ObjectType, types: unknown): readonly number[] {
  if (!Array.isArray(types) || types.length === 0)
    throw invalid('types must hold at least one association type')
  return types.map((type: unknown) => {
    const { associationTypeId } = readFields(
      portal.account,
      type,
      { associationCategory: 'string', associationTypeId: 'number' },
      'types.',
    )
    if (linkType(from, to).all[associationTypeId] === undefined)
      throw invalid(`${associationTypeId} is no association type from ${from} to ${to}`)
    return associationTypeId
  })
}

/** The `associations` of a create. */
export function readLinks(
  portal: Portal,
  from: ObjectType,
  associations: readonly unknown[] | undefined,
): readonly Link[] {
  const target: ObjectType = from === 'contacts' ? 'companies' : 'contacts'
  return (associations ?? []).map((entry) => {
    const { to, types } = readFields(portal.account, entry, { to: 'object', types: 'array' }, 'associations.')
    return {
      to: live(portal, target, readFields(portal.account, to, { id: 'string' }, 'to.').id),
      typeIds: readTypes(portal, from, target, types),
    }
  })
}

/** The `associations` part of a read, for the object types asked for. */
export function associationsOf(
  portal: Portal,
  record: CrmRecord,
  names: readonly string[],
): object | undefined {
  const entries = names.flatMap((name) => {
    const to = objectStore(portal, name).type
    const links = portal.store.associations.get(key(record, to))
    if (links === undefined || links.size === 0) return []
    return [
      [to, { results: [...links.keys()].map((id) => ({ id, type: `${record.type}_to_${to}` })) }] as const,
    ]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

const types = (portal: Portal, request: SimRequest): readonly [ObjectType, ObjectType] => [
  objectStore(portal, request.params['fromObjectType'] ?? request.params['objectType'] ?? '').type,
  objectStore(portal, request.params['toObjectType'] ?? '').type,
]

function createBatch(portal: Portal, request: SimRequest): SimReply {
  const [from, to] = types(portal, request)
  const body = readBody(portal.account, request, { inputs: 'array?' })
  const links = batchInputs(body.inputs, hubspotSizes.associationWrites).map((row) => {
    const fields = readFields(
      portal.account,
      row,
      { from: 'object', to: 'object', types: 'array' },
      'inputs.',
    )
    return {
      one: live(portal, from, readFields(portal.account, fields.from, { id: 'string' }, 'from.').id),
      other: live(portal, to, readFields(portal.account, fields.to, { id: 'string' }, 'to.').id),
      typeIds: readTypes(portal, from, to, fields.types),
    }
  })
  for (const { one, other, typeIds } of links) associate(portal, one, other, typeIds)
  const results = links.map(({ one, other }) => ({
    fromObjectTypeId: objectTypes[from].id,
    fromObjectId: one.id,
    toObjectTypeId: objectTypes[to].id,
    toObjectId: other.id,
    labels: [],
  }))
  return batchReply(portal, results, [], 201)
}

function readBatch(portal: Portal, request: SimRequest): SimReply {
  const [from, to] = types(portal, request)
  linkType(from, to)
  const body = readBody(portal.account, request, { inputs: 'array?' })
  const results: object[] = []
  const errors: ItemError[] = []
  for (const row of batchInputs(body.inputs, hubspotSizes.associationReads)) {
    const { id } = readFields(portal.account, row, { id: 'string', after: 'string?' }, 'inputs.')
    const record = findRecord(portal.store.objects[from], id, undefined)
    const links = record && portal.store.associations.get(key(record, to))
    if (links === undefined || links.size === 0) errors.push(noneFound(id, from, to))
    else
      results.push({
        from: { id },
        to: [...links].map(([toObjectId, typeIds]) => ({ toObjectId, associationTypes: showTypes(typeIds) })),
      })
  }
  return batchReply(portal, results, errors)
}

const showTypes = (typeIds: ReadonlySet<number>): readonly object[] =>
  [...typeIds].map((typeId) => ({
    category: 'HUBSPOT_DEFINED',
    typeId,
    label: typeId <= 2 ? 'Primary' : null,
  }))

/** Not verified: integrators report this form for a record without links. */
const noneFound = (id: string, from: ObjectType, to: ObjectType): ItemError => ({
  category: 'OBJECT_NOT_FOUND',
  subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
  message: `No ${objectTypes[to].singular.toLowerCase()} is associated with ${objectTypes[from].singular.toLowerCase()} ${id}.`,
  context: { fromObjectId: [id], fromObjectType: [objectTypes[from].id], toObjectType: [objectTypes[to].id] },
})

function ends(portal: Portal, request: SimRequest): readonly [CrmRecord, CrmRecord] {
  const [from, to] = types(portal, request)
  linkType(from, to)
  return [
    live(portal, from, request.params['objectId'] ?? ''),
    live(portal, to, request.params['toObjectId'] ?? ''),
  ]
}

function putDefault(portal: Portal, request: SimRequest): SimReply {
  const [one, other] = ends(portal, request)
  const { unlabelled, all } = linkType(one.type, other.type)
  associate(portal, one, other, [unlabelled])
  const result = (from: string, to: string, associationTypeId: number): object => ({
    from: { id: from },
    to: { id: to },
    associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId },
  })
  return batchReply(portal, [
    result(one.id, other.id, unlabelled),
    result(other.id, one.id, all[unlabelled] ?? 0),
  ])
}

function putLabelled(portal: Portal, request: SimRequest): SimReply {
  const [one, other] = ends(portal, request)
  associate(portal, one, other, readTypes(portal, one.type, other.type, readJson(request)))
  return {
    status: 201,
    body: {
      fromObjectTypeId: objectTypes[one.type].id,
      fromObjectId: one.id,
      toObjectTypeId: objectTypes[other.type].id,
      toObjectId: other.id,
      labels: [],
    },
  }
}
