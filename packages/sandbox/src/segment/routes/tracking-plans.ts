import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { type Context, toIso } from '../context.ts'
import { publicInvalid, publicNotFound } from '../errors.ts'
import { page } from '../paging.ts'
import { ok, publicRoute, publicWrite } from '../public-route.ts'
import { newId } from '../state.ts'
import type { Json, TrackingPlan, TrackingRule } from '../store-types.ts'
import type { Shape } from '../validate-input.ts'

const planTypes = ['ENGAGE', 'LIVE', 'PROPERTY_LIBRARY', 'RULE_LIBRARY', 'TEMPLATE'] as const
const ruleTypes = ['COMMON', 'GROUP', 'IDENTIFY', 'PAGE', 'SCREEN', 'TRACK'] as const
/** Some workspaces have 2,000. segmentio/terraform-provider-segment#27, #198 */
const maxRulesPerCall = 200
const ruleShape: Shape = {
  type: { type: 'string', required: true, oneOf: ruleTypes },
  key: { type: 'string' },
  jsonSchema: { type: 'any', required: true },
  version: { type: 'number', required: true },
}
const rulesShape = (items: Shape): Shape => ({
  rules: { type: 'array', required: true, items, maxItems: maxRulesPerCall },
})
const createShape: Shape = {
  name: { type: 'string', required: true },
  description: { type: 'string' },
  type: { type: 'string', required: true, oneOf: planTypes },
}

/** Tracking plans as a catalogue; they are not enforced on messages. */
export const trackingPlanRoutes = (state: Context): Route[] => [
  publicRoute(state, 'GET /tracking-plans', (request) => {
    const type = request.query.get('type')
    const plans = [...state.store.trackingPlans.values()].filter(
      (plan) => type === null || plan.type === type,
    )
    return page(request, 'trackingPlans', plans, describe)
  }),
  publicWrite(state, 'POST /tracking-plans', createShape, (_request, body) => create(state, body)),
  publicRoute(state, 'GET /tracking-plans/{trackingPlanId}', (request) =>
    withPlan(state, request, (plan) => ok({ trackingPlan: describe(plan) })),
  ),
  publicWrite(
    state,
    'PATCH /tracking-plans/{trackingPlanId}',
    { name: { type: 'string' }, description: { type: 'string' } },
    (request, body) => withPlan(state, request, (plan) => update(state, plan, body)),
  ),
  publicRoute(state, 'DELETE /tracking-plans/{trackingPlanId}', (request) =>
    withPlan(state, request, (plan) => {
      state.store.trackingPlans.delete(plan.id)
      return success
    }),
  ),
  publicRoute(state, 'GET /tracking-plans/{trackingPlanId}/rules', (request) =>
    withPlan(state, request, (plan) => page(request, 'rules', [...plan.rules.values()], (rule) => rule)),
  ),
  publicWrite(state, 'PUT /tracking-plans/{trackingPlanId}/rules', rulesShape(ruleShape), (request, body) =>
    withPlan(state, request, (plan) => {
      plan.rules.clear()
      return putRules(state, plan, body)
    }),
  ),
  publicWrite(
    state,
    'PATCH /tracking-plans/{trackingPlanId}/rules',
    rulesShape({ ...ruleShape, newKey: { type: 'string' } }),
    (request, body) => withPlan(state, request, (plan) => putRules(state, plan, body)),
  ),
]
const success = ok({ status: 'SUCCESS' })

const describe = ({ rules: _rules, ...plan }: TrackingPlan): object => plan
const ruleId = (type: unknown, key: unknown, version: unknown): string =>
  JSON.stringify([type, key ?? '', version])

function withPlan(state: Context, request: SimRequest, handle: (plan: TrackingPlan) => SimReply): SimReply {
  const plan = state.store.trackingPlans.get(request.params.trackingPlanId ?? '')
  return plan ? handle(plan) : publicNotFound()
}

function create({ store, clock }: Context, body: Json): SimReply {
  const now = toIso(clock.now())
  const name = String(body.name)
  const plan: TrackingPlan = {
    id: newId(store, 'tp_'),
    name,
    slug: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    description: typeof body.description === 'string' ? body.description : '',
    type: String(body.type),
    createdAt: now,
    updatedAt: now,
    rules: new Map(),
  }
  store.trackingPlans.set(plan.id, plan)
  return ok({ trackingPlan: describe(plan) })
}

function update({ clock }: Context, plan: TrackingPlan, body: Json): SimReply {
  if (typeof body.name === 'string') plan.name = body.name
  if (typeof body.description === 'string') plan.description = body.description
  plan.updatedAt = toIso(clock.now())
  return success
}

function putRules({ clock }: Context, plan: TrackingPlan, body: Json): SimReply {
  const now = toIso(clock.now())
  const given = body.rules as readonly Json[]
  const keyless = given.findIndex((rule) => rule.type === 'TRACK' && typeof rule.key !== 'string')
  if (keyless !== -1)
    return publicInvalid([{ field: `rules.${keyless}.key`, message: 'is required for TRACK' }])
  for (const { type, key, newKey, jsonSchema, version } of given) {
    const old = plan.rules.get(ruleId(type, key, version))
    plan.rules.delete(ruleId(type, key, version))
    const name = newKey ?? key
    const rule: TrackingRule = {
      type: String(type),
      ...(typeof name === 'string' && { key: name }),
      jsonSchema,
      version: Number(version),
      createdAt: old?.createdAt ?? now,
      updatedAt: now,
    }
    plan.rules.set(ruleId(type, name, version), rule)
  }
  plan.updatedAt = now
  return success
}
