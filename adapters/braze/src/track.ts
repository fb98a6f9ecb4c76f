import { sentFrom, type Batch, type Operation, type Sent, type Session, type Verdict } from '@tripline/kit'
import type { BrazeClient } from './client.ts'
import { pointsOfAttributes } from './data-points.ts'
import { maxOf } from './limits.ts'

export type TrackArray = 'attributes' | 'events' | 'purchases'
/** What one item puts into a `/users/track` request. */
export interface TrackValue {
  readonly array: TrackArray
  /** One or more entries (an order of several products). */
  readonly entries: readonly object[]
  /** Same person, same key: attribute entries with it are folded into one. */
  readonly person: string
  /** Data points that Braze bills. https://www.braze.com/docs/user_guide/data/data_points/ */
  readonly dataPoints: number
}
interface TrackError {
  readonly type?: unknown
  readonly input_array?: unknown
  readonly index?: unknown
}

/** The one operation for events, attributes, purchases, memberships and consent. */
export function createTrackOperation(client: BrazeClient): Operation<TrackValue> {
  return {
    endpoint: 'POST /users/track',
    ability: 'event',
    repeat: 'doubles',
    maxItems: maxOf('track.items'),
    maxBytes: maxOf('body.bytes'),
    maxItemBytes: maxOf('event.bytes'),
    frameBytes: '{"attributes":[],"events":[],"purchases":[]}'.length,
    parallel: 16,
    foldOf: (value) => (value.array === 'attributes' ? value.person : undefined),
    fold(earlier, later) {
      const entry = foldAttributes(earlier.entries[0], later.entries[0])
      return { ...later, entries: [entry], dataPoints: pointsOfAttributes(entry) }
    },
    weigh: (value) => value.entries.length,
    encode: (value) =>
      value.entries.length === 1
        ? JSON.stringify(value.entries[0])
        : value.entries.map((entry) => JSON.stringify(entry)).join(','),
    send: (batch, session) => sendTrack(client, batch, session),
  }
}

interface SubscriptionGroup {
  readonly subscription_group_id: string
}
/** The later value wins, but for what adds to a list: both parts of that must be told. */
function foldAttributes(earlier: object = {}, later: object = {}): object {
  const folded: Record<string, unknown> = { ...earlier }
  for (const [name, value] of Object.entries(later)) folded[name] = foldValue(name, folded[name], value)
  return folded
}
function foldValue(name: string, earlier: unknown, later: unknown): unknown {
  if (name === 'subscription_groups' && Array.isArray(earlier) && Array.isArray(later)) {
    const groups = (earlier as readonly SubscriptionGroup[]).concat(later as readonly SubscriptionGroup[])
    return [...new Map(groups.map((group) => [group.subscription_group_id, group])).values()]
  }
  const [before, after] = [addedBy(earlier), addedBy(later)]
  return before && after ? { add: [...before, ...after] } : later
}
const addedBy = (value: unknown): readonly unknown[] | undefined =>
  typeof value === 'object' && value !== null && 'add' in value && Array.isArray(value.add)
    ? value.add
    : undefined

async function sendTrack(client: BrazeClient, batch: Batch<TrackValue>, session: Session): Promise<Sent> {
  const onlyAttributes = batch.values.every((value) => value.array === 'attributes')
  const body = trackBody(batch)
  const request = client.request('POST /users/track', {
    purpose: 'write',
    repeat: onlyAttributes ? 'natural' : 'doubles',
    body,
  })
  const result = await session.request(request)
  const sent = sentFrom(result, (answer, maybeTwice) => ({
    kind: 'verdicts',
    verdicts: readVerdicts(batch, answer.json(), maybeTwice),
  }))
  if (sent.kind === 'verdicts') countDataPoints(batch, sent.verdicts, session)
  if (sent.kind === 'ended' && sent.outcome.status === 'unknown')
    return spareAttributes(batch, sent.outcome, session)
  return sent
}

export function trackBody({ values, json }: Batch<TrackValue>): string {
  const parts: string[] = []
  for (const array of ['attributes', 'events', 'purchases'] as const) {
    const entries = json.filter((_, index) => values[index]?.array === array)
    if (entries.length > 0) parts.push(`"${array}":[${entries.join(',')}]`)
  }
  return `{${parts.join(',')}}`
}

/** Braze names a bad entry by its array and its place in that array as sent. */
function readVerdicts(
  { values }: Batch<TrackValue>,
  body: unknown,
  maybeTwice: { readonly maybeTwice?: true },
): readonly Verdict[] {
  const errors = ((body as { errors?: readonly (TrackError | string)[] } | undefined)?.errors ?? []).filter(
    (error) => typeof error === 'object',
  )
  const refused = new Map<string, string>()
  for (const error of errors)
    refused.set(`${String(error.input_array)} ${String(error.index)}`, String(error.type))
  const places: Record<TrackArray, number> = { attributes: 0, events: 0, purchases: 0 }
  return values.map((value): Verdict => {
    let because: string | undefined
    for (let entry = 0; entry < value.entries.length; entry++)
      because ??= refused.get(`${value.array} ${places[value.array]++}`)
    if (because !== undefined)
      return { outcome: { status: 'dead', fault: { code: 'invalid', message: because, status: 201 } } }
    return { outcome: { status: 'sent', proof: 'accepted', ...(value.array !== 'attributes' && maybeTwice) } }
  })
}

function countDataPoints(
  { values }: Batch<TrackValue>,
  verdicts: readonly Verdict[],
  session: Session,
): void {
  for (const [index, verdict] of verdicts.entries())
    if (verdict.outcome.status === 'sent') session.addCost(values[index]?.dataPoints ?? 0)
}

/**
 * A repeated attribute does no harm: those of a lost request may be sent again. In this call only where the request had
 * one try, because its answer is to be reported; otherwise it has had all of them, which a time says to the kit.
 */
function spareAttributes(
  { values }: Batch<TrackValue>,
  outcome: Extract<Verdict['outcome'], { status: 'unknown' }>,
  { onUnknown, clock }: Session,
): Sent {
  const notBefore = onUnknown === 'repeat' ? { notBefore: new Date(clock.now()).toISOString() } : {}
  const spared = { outcome: { status: 'retry', fault: outcome.fault, ...notBefore } } as const
  return {
    kind: 'verdicts',
    verdicts: values.map((value) => (value.array === 'attributes' ? spared : { outcome })),
  }
}
