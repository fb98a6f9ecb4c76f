import type { Route, SimReply } from '../../core/index.ts'
import { type Context, toIso } from '../context.ts'
import { publicInvalid, publicNotFound } from '../errors.ts'
import { listOf, page } from '../paging.ts'
import { ok, publicRoute, publicWrite } from '../public-route.ts'
import { regulationStatus, regulationTypes } from '../regulations.ts'
import { newId } from '../state.ts'
import type { Json, Regulation } from '../store-types.ts'
import type { Shape } from '../validate-input.ts'

const keptMs = 90 * 86_400_000
const maxSubjects = 5_000
const createShape: Shape = {
  regulationType: { type: 'string', required: true, oneOf: regulationTypes },
  subjectType: { type: 'string', required: true, oneOf: ['OBJECT_ID', 'USER_ID'] },
  subjectIds: { type: 'strings', required: true, maxItems: maxSubjects },
}

/** Deletion and suppression, by userId only. https://docs.segmentapis.com/tag/Deletion-and-Suppression */
export const regulationRoutes = (state: Context): Route[] => [
  publicRoute(state, 'GET /regulations', (request) => {
    const status = request.query.get('status')
    const types = listOf(request.query, 'regulationTypes')
    const found = [...state.store.regulations.values()].filter(
      (regulation) =>
        isKept(state, regulation) &&
        (status === null || regulationStatus(regulation) === status) &&
        (types.length === 0 || types.includes(regulation.regulationType)),
    )
    return page(request, 'regulations', found, listEntry)
  }),
  publicWrite(state, 'POST /regulations', createShape, (_request, body) => create(state, body)),
  publicRoute(state, 'GET /regulations/{regulateId}', (request) => {
    const regulation = state.store.regulations.get(request.params.regulateId ?? '')
    if (!regulation || !isKept(state, regulation)) return publicNotFound()
    return ok({ regulation: detail(state, regulation) })
  }),
  publicRoute(state, 'GET /suppressions', (request) =>
    page(request, 'suppressed', [...state.store.suppressed], (userId) => ({
      subjectType: 'USER_ID',
      subjectIds: [userId],
    })),
  ),
]

const isKept = ({ clock }: Context, { createdAtMs }: Regulation): boolean =>
  clock.now() - createdAtMs < keptMs

function create({ store, account, clock }: Context, body: Json): SimReply {
  // object ids belong to the regulations of cloud sources
  if (body.subjectType !== 'USER_ID')
    return publicInvalid([{ field: 'subjectType', message: 'must be USER_ID for a workspace' }])
  const subjectIds = body.subjectIds as readonly string[]
  if (subjectIds.length === 0) return publicInvalid([{ field: 'subjectIds', message: 'must not be empty' }])
  const nowMs = clock.now()
  const regulation: Regulation = {
    id: newId(store, 'reg_'),
    regulationType: String(body.regulationType),
    subjectType: 'USER_ID',
    subjectIds,
    createdAtMs: nowMs,
    suppressAtMs: nowMs + account.suppressionLagMs,
    finishAtMs: nowMs + account.regulationMs,
    suppressed: false,
    finished: false,
  }
  store.regulations.set(regulation.id, regulation)
  return ok({ regulateId: regulation.id })
}

const finishedAt = (regulation: Regulation): object =>
  regulation.finished ? { finishedAt: toIso(regulation.finishAtMs) } : {}

const listEntry = (regulation: Regulation): object => ({
  id: regulation.id,
  subjectType: regulation.subjectType,
  subjects: regulation.subjectIds,
  status: regulationStatus(regulation),
  regulationType: regulation.regulationType,
  createdAt: toIso(regulation.createdAtMs),
  ...finishedAt(regulation),
})

const detail = ({ account }: Context, regulation: Regulation): object => ({
  id: regulation.id,
  workspaceId: account.workspace.id,
  overallStatus: regulationStatus(regulation),
  createdAt: toIso(regulation.createdAtMs),
  ...finishedAt(regulation),
  streamStatus: [],
})
