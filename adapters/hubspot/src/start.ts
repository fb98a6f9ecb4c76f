import {
  dead,
  deliverItems,
  faultOfValues,
  skipped,
  uuidV5,
  write,
  writes,
  type Mapped,
  type Operation,
  type Sent,
  type Session,
} from '@tripline/kit'
import type { Call, Fault, Loss, Report, StartItem } from '@tripline/model'
import { noInstant, notAhead } from './mapping/events.ts'
import { anonymousNote, isFault, targetOf } from './mapping/identifier.ts'
import { createMembershipOperation } from './memberships.ts'
import { createEventOperation } from './send-events.ts'
import type { HubSpotTools } from './tools.ts'

/** How long a workflow is taken to be as it was seen. */
const liveTtlMs = 60_000

/**
 * Sends the event, or adds to the list, that a workflow listens to. HubSpot has no call that starts one. Whether a
 * workflow is live is only known where the option `workflows` names it and the token may read it (a Service Key may
 * not); otherwise `sent` says that the event or the member was accepted, and no more.
 */
export function createStart(
  tools: HubSpotTools,
): (items: readonly StartItem[], call?: Call) => Promise<Report> {
  const { options, events, client } = tools
  const event = onlyLive(tools, createEventOperation(tools, 'start'), ({ name }) => name)
  const list = onlyLive(tools, createMembershipOperation(tools, 'start'), ({ listId }) => listId)
  const map = (item: StartItem): Mapped => {
    const refused = faultOfValues(item)
    if (refused) return dead(refused)
    const { kind, id } = item.via
    if (kind !== 'event' && kind !== 'segment')
      return skipped('unsupported', `HubSpot’s workflows start by an event or a list, not by a ${kind}`)
    const target = targetOf(item.who, options)
    if (target === undefined) return skipped('unsupported', anonymousNote)
    if (isFault(target)) return dead(target)
    const losses: Loss[] = []
    if (kind === 'event') {
      const occurredAt = notAhead(item.at, client.transport.host.clock.now(), losses)
      if (occurredAt === undefined) return dead(noInstant)
      const properties = events.toProperties(id, item.data ?? {}, losses, 'data')
      const uuid = uuidV5('hubspot', item.key)
      const name = isFullName(id) ? id : events.eventName({ type: 'track', event: id })
      return writes(
        [
          write(
            event,
            { name, occurredAt, uuid, properties, given: item.data ?? {}, target, path: 'data' },
            'event',
          ),
        ],
        losses,
      )
    }
    if (target.by === 'utk') return skipped('unsupported', anonymousNote)
    if (!/^\d+$/.test(id))
      return dead({ code: 'invalid', message: 'a list id is digits as text', path: 'via.id' })
    for (const name of Object.keys(item.data ?? {}))
      losses.push({
        path: `data.${name}`,
        kind: 'dropped',
        because: 'joining a list carries no data: write it to the profile before',
        source: 'https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide',
      })
    return writes([write(list, { contact: target, listId: id, member: true }, 'list')], losses)
  }
  return async (items, call) => {
    const session = client.transport.session(call, { onUnknown: 'report' })
    try {
      return await deliverItems(items, map, session)
    } finally {
      session.close()
    }
  }
}
/** `pe123_name` and `6-123` are HubSpot’s own and stay as they are. */
const isFullName = (id: string): boolean => /^pe\d+_/.test(id) || /^6-\d+$/.test(id)

/** The operation, but nothing is sent for a workflow that is known to be switched off. */
function onlyLive<Value>(
  tools: HubSpotTools,
  operation: Operation<Value>,
  idOf: (value: Value) => string,
): Operation<Value> {
  const workflows = new Map(
    Object.entries(tools.options.workflows ?? {}).flatMap(([id, flowId]) => [
      [id, flowId],
      [tools.events.eventName({ type: 'track', event: id }), flowId],
    ]),
  )
  return {
    ...operation,
    groupOf: (value) => idOf(value),
    async send(batch, session): Promise<Sent> {
      const [first] = batch.values
      const flowId = first && workflows.get(idOf(first))
      const fault = flowId === undefined ? undefined : await notLive(tools, flowId, session)
      if (!fault) return operation.send(batch, session)
      return { kind: 'verdicts', verdicts: batch.values.map(() => ({ outcome: { status: 'dead', fault } })) }
    },
  }
}

/** Why this workflow starts nothing; undefined: it is live, or nobody can tell. */
async function notLive(
  { client, options }: HubSpotTools,
  flowId: string,
  session: Session,
): Promise<Fault | undefined> {
  const key = `hubspot:${options.portalId ?? ''}:live:${flowId}`
  const known = (await session.cache.get([key])).get(key)
  const state = known ?? (await readState())
  if (known === undefined && !session.dryRun) await session.cache.set(new Map([[key, state]]), liveTtlMs)
  if (state !== 'off' && state !== 'gone') return undefined
  const message =
    state === 'off'
      ? `workflow ${flowId} is switched off: turn it on in HubSpot`
      : `workflow ${flowId} does not exist: correct the option workflows`
  return { code: 'not-live', message, path: 'via.id' }

  async function readState(): Promise<'on' | 'off' | 'gone' | 'unknown'> {
    const result = await session.request(
      client.request('GET /automation/flows/{flowId}', {
        purpose: 'lookup',
        repeat: 'read',
        parameters: { flowId },
      }),
    )
    if (result.kind === 'refused' && result.fault.code === 'not-found') return 'gone'
    if (result.kind !== 'ok') return 'unknown'
    return (result.answer.json() as { readonly isEnabled?: unknown }).isEnabled === true ? 'on' : 'off'
  }
}
