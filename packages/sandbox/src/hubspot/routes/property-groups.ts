import type { SimReply, SimRequest } from '../../core/index.ts'
import { readBody } from '../body.ts'
import { notFound, Refusal } from '../errors.ts'
import { objectStore, type Portal } from '../portal.ts'
import type { RouteRow } from '../route-row.ts'
import { schemaScopes } from './object-scopes.ts'

/** Groups that properties belong to. */
export function propertyGroupRoutes(portal: Portal): readonly RouteRow[] {
  const row = { resource: 'properties' } as const
  const groups = (request: SimRequest): ReturnType<typeof objectStore>['groups'] =>
    objectStore(portal, request.params['objectType'] ?? '').groups
  return [
    {
      ...row,
      method: 'GET',
      path: '/{objectType}/groups',
      scopes: schemaScopes('read'),
      handle: (request) => ({ status: 200, body: { results: [...groups(request).values()] } }),
    },
    {
      ...row,
      method: 'GET',
      path: '/{objectType}/groups/{groupName}',
      scopes: schemaScopes('read'),
      handle: (request) => {
        const group = groups(request).get(request.params['groupName'] ?? '')
        if (group === undefined) throw notFound()
        return { status: 200, body: group }
      },
    },
    {
      ...row,
      method: 'POST',
      path: '/{objectType}/groups',
      scopes: schemaScopes('write'),
      handle: (request) => create(portal, request),
    },
  ]
}

function create(portal: Portal, request: SimRequest): SimReply {
  const { groups } = objectStore(portal, request.params['objectType'] ?? '')
  const {
    name,
    label,
    displayOrder = -1,
  } = readBody(portal.account, request, { name: 'string', label: 'string', displayOrder: 'number?' })
  if (groups.has(name))
    throw new Refusal(409, `A property group named '${name}' already exists.`, {
      category: 'OBJECT_ALREADY_EXISTS',
    })
  const group = { name, label, displayOrder, archived: false }
  groups.set(name, group)
  return { status: 201, body: group }
}
