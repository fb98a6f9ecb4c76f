import {
  sentFrom,
  type Answer,
  type Batch,
  type HttpResult,
  type Operation,
  type Sent,
  type Session,
  type Verdict,
} from '@tripline/kit'
import type { Fault, Value } from '@tripline/model'
import type { MixpanelClient } from './client.ts'
import { faultOf, recordError } from './errors.ts'
import { maxOf } from './limits.ts'
import type { ProfileOwner, ProfileRecord, ProfileRecords } from './profile-records.ts'

/** Changes of one profile that make one or two records, because a record holds one operation. */
export interface ProfileChange {
  readonly set?: Readonly<Record<string, Value>>
  readonly unset?: readonly string[]
  readonly union?: Readonly<Record<string, readonly string[]>>
  /** At most so many bytes as JSON. */
  readonly bytes: number
}
/** What one item, or several of one profile, put into a request. */
export interface ProfileUpdate {
  readonly owner: ProfileOwner
  readonly changes: readonly ProfileChange[]
}

/** Leaves room in a record of `profile.bytes` for token, ids and names. */
export const maxChangeBytes = maxOf('profile.bytes') - 2_000

/** `/engage` or `/groups`. The records are built by the vendor's own library. */
export function createProfileOperation(
  endpoint: 'POST /engage' | 'POST /groups',
  client: MixpanelClient,
  records: () => ProfileRecords,
  maxBytes: number,
): Operation<ProfileUpdate> {
  const isEngage = endpoint === 'POST /engage'
  return {
    endpoint,
    ability: isEngage ? 'profile' : 'group',
    repeat: 'natural',
    maxItems: maxOf(isEngage ? 'engage.items' : 'groups.items'),
    maxBytes,
    frameBytes: '[]'.length,
    parallel: 10,
    foldOf: ({ owner }) =>
      'distinctId' in owner ? owner.distinctId : JSON.stringify([owner.groupKey, owner.groupId]),
    fold: foldUpdates,
    weigh: recordCount,
    encode: (update) =>
      recordsOf(update, records())
        .map((record) => JSON.stringify(record))
        .join(','),
    send: (batch, session) => sendUpdates(endpoint, client, batch, session),
  }
}

const recordCount = ({ changes }: ProfileUpdate): number => {
  let count = 0
  for (const { set, unset, union } of changes) count += (set ? 1 : 0) + (unset ? 1 : 0) + (union ? 1 : 0)
  return count
}

function recordsOf({ owner, changes }: ProfileUpdate, records: ProfileRecords): readonly ProfileRecord[] {
  const made: ProfileRecord[] = []
  for (const { set, unset, union } of changes) {
    if (set) made.push(records.set(owner, set))
    if (unset) made.push(records.unset(owner, unset))
    if (union) made.push(records.union(owner, union))
  }
  return made
}

/** The later change wins, name by name. What would be too long for a record, or adds to a list, stays a record of its own. */
export function foldUpdates(earlier: ProfileUpdate, later: ProfileUpdate): ProfileUpdate {
  const changes = [...earlier.changes]
  for (const change of later.changes) {
    const last = changes.at(-1)
    const bytes = (last?.bytes ?? 0) + change.bytes
    if (!last || last.union || change.union || bytes > maxChangeBytes) changes.push(change)
    else changes.splice(-1, 1, { ...mergeChanges(last, change), bytes })
  }
  return { owner: later.owner, changes }
}

function mergeChanges(earlier: ProfileChange, later: ProfileChange): Omit<ProfileChange, 'bytes'> {
  const set = { ...earlier.set, ...later.set }
  for (const name of later.unset ?? []) delete set[name]
  const gone = new Set([...(earlier.unset ?? []), ...(later.unset ?? [])])
  for (const name of Object.keys(later.set ?? {})) gone.delete(name)
  const isSet = Object.keys(set).length > 0
  return { ...((isSet || gone.size === 0) && { set }), ...(gone.size > 0 && { unset: [...gone] }) }
}

async function sendUpdates(
  endpoint: 'POST /engage' | 'POST /groups',
  client: MixpanelClient,
  batch: Batch<ProfileUpdate>,
  session: Session,
): Promise<Sent> {
  const json = `[${batch.json.join(',')}]`
  const weights = { 'ingestion.byteRate': batch.bytes }
  const result = await session.request(
    client.request(endpoint, { purpose: 'write', repeat: 'natural', json, weights }),
  )
  return readSent(result, batch.values)
}

/** 200 or 400: the records are named by their place, or one of them by its error, or the number of good ones is told. */
function readSent(result: HttpResult, values: readonly ProfileUpdate[]): Sent {
  const answer = result.kind === 'ok' || result.kind === 'refused' ? result.answer : undefined
  const verdicts = answer && readVerdicts(answer, values)
  if (verdicts) return { kind: 'verdicts', verdicts }
  return sentFrom(result, (said) => ({ kind: 'refused', fault: faultOf(said, 'invalid') }))
}

interface EngageAnswer {
  readonly status?: unknown
  readonly num_good_events?: unknown
  readonly failed_records?: unknown
}

/** @returns undefined when the answer does not tell the good records from the bad ones */
function readVerdicts(answer: Answer, values: readonly ProfileUpdate[]): readonly Verdict[] | undefined {
  const body: unknown = answer.json()
  const { status, num_good_events, failed_records } = (
    typeof body === 'object' && body !== null ? body : { status: body }
  ) as EngageAnswer
  let count = 0
  for (const value of values) count += recordCount(value)
  if (Array.isArray(failed_records)) return namedVerdicts(answer, failed_records, values, count)
  const isGood = status === 1 && (num_good_events === undefined || num_good_events === count)
  if (!isGood || recordError(answer) !== undefined) return undefined
  return values.map(() => accepted)
}
/** Any token is answered with success, so nothing proves that the profile was kept. */
const accepted: Verdict = { outcome: { status: 'sent', proof: 'accepted' } }

function namedVerdicts(
  answer: Answer,
  failed: readonly unknown[],
  values: readonly ProfileUpdate[],
  count: number,
): readonly Verdict[] | undefined {
  const messages = new Map<number, string>()
  for (const record of failed) {
    const { index, message } = (typeof record === 'object' && record !== null ? record : {}) as {
      readonly index?: unknown
      readonly message?: unknown
    }
    if (typeof index !== 'number' || index < 0 || index >= count) return undefined
    messages.set(index, String(message))
  }
  let place = 0
  return values.map((value) => {
    let fault: Fault | undefined
    for (let record = recordCount(value); record > 0; record--) {
      const message = messages.get(place++)
      if (message !== undefined) fault ??= { code: 'invalid', message, status: answer.status }
    }
    return fault ? { outcome: { status: 'dead', fault } } : accepted
  })
}
