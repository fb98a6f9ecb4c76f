import { type Context, toIso } from '../context.ts'
import { newId } from '../state.ts'
import type { Audience, AudienceOptions, Space } from '../store-types.ts'
import type { Condition } from './ast.ts'
import { describeQuery } from './cadence.ts'
import { defaultExternalIds, planComputes } from './compute.ts'
import { QueryError } from './lexer.ts'
import { parseAudience } from './parse.ts'

export interface ParsedQuery {
  readonly condition: Condition
  readonly cadence: 'REALTIME' | 'BATCH'
  readonly timeDependent: boolean
  readonly reads: ReadonlySet<string>
}

/** Parses a definition, or says in words why it is none. */
export function readQuery(
  { account }: Context,
  query: string,
  audienceType: 'USERS' | 'ACCOUNTS',
): ParsedQuery | { readonly problem: string } {
  try {
    const condition = parseAudience(query, audienceType, account.audienceBooleans)
    const { batch, timeDependent, reads } = describeQuery(condition, account.audienceWindows)
    return {
      condition,
      cadence: batch || audienceType === 'ACCOUNTS' ? 'BATCH' : 'REALTIME',
      timeDependent,
      reads,
    }
  } catch (error) {
    if (error instanceof QueryError) return { problem: error.message }
    throw error
  }
}

export interface NewAudience {
  readonly name: string
  readonly description: string
  readonly enabled: boolean
  readonly query: string
  readonly audienceType: 'USERS' | 'ACCOUNTS'
  readonly options: AudienceOptions
  readonly parsed: ParsedQuery
}

export function createAudience(
  { store, account, clock }: Context,
  space: Space,
  given: NewAudience,
): Audience {
  const nowMs = clock.now()
  const { parsed, ...own } = given
  const audience: Audience = {
    ...own,
    id: newId(store, 'aud_'),
    key: newKey(space, given.name),
    condition: parsed.condition,
    cadence: parsed.cadence,
    timeDependent: parsed.timeDependent,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    readyAtMs: nowMs + account.audienceBackfillMs,
    backfilled: false,
    edited: false,
    nextBatchAtMs: Number.POSITIVE_INFINITY,
    members: new Set(),
  }
  space.audiences.set(audience.id, audience)
  space.usedKeys.add(audience.key)
  planComputes(space)
  return audience
}

/** Made from the name, never reused: also not after the audience is gone. The suffix of a repeated name is assumed. */
function newKey(space: Space, name: string): string {
  const base =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^_+|_+$/g, '') || 'audience'
  let key = base
  for (let number = 2; space.usedKeys.has(key); number++) key = `${base}_${number}`
  return key
}

/** Whether an audience that reads these traits would, through other audiences, read itself. */
export function cycleThrough(space: Space, audience: Audience, reads: ReadonlySet<string>): boolean {
  const byKey = new Map([...space.audiences.values()].map((other) => [other.key, other]))
  const visited = new Set<string>()
  const reaches = (keys: ReadonlySet<string>): boolean =>
    [...keys].some((key) => {
      if (key === audience.key) return true
      const other = byKey.get(key)
      if (!other || visited.has(key)) return false
      visited.add(key)
      return reaches(describeQuery(other.condition, 'realtime').reads)
    })
  return reaches(reads)
}

function status(audience: Audience): string {
  if (!audience.enabled) return 'Disabled'
  return audience.backfilled ? 'Live' : audience.edited ? 'Locked' : 'Backfilling'
}

/** `summary` is what create and update answer; `full` adds cadence and size, as get and list do. */
export function audienceBody(
  { account }: Context,
  space: Space,
  audience: Audience,
  detail: 'summary' | 'full',
  schedules: boolean,
): object {
  const size = {
    count: audience.members.size,
    type: audience.audienceType,
    uniqueCount: audience.members.size,
  }
  return {
    id: audience.id,
    spaceId: space.id,
    name: audience.name,
    description: audience.description,
    key: audience.key,
    enabled: audience.enabled,
    definition: { query: audience.query, targetEntity: null },
    status: status(audience),
    createdBy: account.workspace.id,
    updatedBy: account.workspace.id,
    createdAt: toIso(audience.createdAtMs),
    updatedAt: toIso(audience.updatedAtMs),
    audienceType: audience.audienceType,
    options:
      detail === 'full' ? { filterByExternalIds: defaultExternalIds, ...audience.options } : audience.options,
    ...(detail === 'full' && { computeCadence: { type: audience.cadence } }),
    ...(detail === 'full' && audience.backfilled && { size }),
    ...(schedules && { schedules: [] }),
  }
}
