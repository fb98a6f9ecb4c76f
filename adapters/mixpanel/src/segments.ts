import { paginate, type Session } from '@tripline/kit'
import {
  TriplineError,
  type Call,
  type Connector,
  type EnsuredSegment,
  type ListedSegment,
  type Member,
  type Page,
  type Query,
  type SegmentRef,
} from '@tripline/model'
import type { MixpanelClient } from './client.ts'
import type { Expression } from './expression.ts'
import { identityOf } from './mapping/identifier.ts'
import { flagCohort, segmentAttribute } from './mapping/segments.ts'
import type { MixpanelOptions } from './options.ts'
import { maxIdsPerQuery, readAllPages, readByIds, type QueriedProfile } from './profile-query.ts'
import { createDistinctIds } from './read-profiles.ts'

/** Cohorts are read; what we write is a flag on the profile, on which a cohort can be built. */
export function createSegments(options: MixpanelOptions, client: MixpanelClient): Connector['segments'] {
  return {
    async *list(call?: Call): AsyncGenerator<Page<ListedSegment>, void, undefined> {
      const session = client.transport.session(call)
      try {
        const request = { purpose: 'lookup', repeat: 'read', form: {} } as const
        const answer = await session.read(client.request('POST /api/query/cohorts/list', request))
        yield { items: (answer.json() as readonly ListedCohort[]).map(toListed), last: true }
      } finally {
        session.close()
      }
    },
    async ensure(name, call) {
      const id = segmentAttribute(name)
      if (id === segmentAttribute(''))
        throw misuse('invalid', 'a segment needs a name with a letter or digit')
      const segment = { form: 'attribute', id, name } as const
      const made = options.experimentalCohorts ? await ensureCohort(client, id, name, call) : undefined
      return {
        segment,
        created: made?.created ?? false,
        manual: made?.exists ? [] : recipe(id, name, made?.because),
      }
    },
    members: (segment, query, call) => readMembers(options, client, segment, query, call),
  }
}

interface ListedCohort {
  readonly id?: unknown
  readonly name?: unknown
  readonly count?: unknown
}
const toListed = ({ id, name, count }: ListedCohort): ListedSegment => ({
  form: 'cohort',
  id: String(id),
  name: String(name),
  writable: false,
  ...(typeof count === 'number' && { size: count }),
})

const recipe = (attribute: string, name: string, because?: string): EnsuredSegment['manual'] => [
  `In Mixpanel, Users → Cohorts → Create Cohort: users where the profile property "${attribute}" is true; save it as ` +
    `"${name}" to use it in reports and cohort syncs.${because === undefined ? '' : ` (By API: ${because}.)`}`,
]

interface EnsuredCohort {
  readonly exists: boolean
  readonly created: boolean
  readonly because?: string
}
/** Nothing keeps names apart and there is no key, so ours is in the description: list first, then make. */
async function ensureCohort(
  client: MixpanelClient,
  attribute: string,
  name: string,
  call: Call | undefined,
): Promise<EnsuredCohort> {
  const session = client.transport.session(call)
  const definition = flagCohort(attribute, name)
  try {
    const listed = await session.request(
      client.request('GET /api/app/projects/{projectId}/cohorts', { purpose: 'lookup', repeat: 'read' }),
    )
    if (listed.kind !== 'ok') return { exists: false, created: false, because: listed.fault.message }
    const { results = [] } = listed.answer.json() as {
      readonly results?: readonly { readonly description?: unknown }[]
    }
    if (results.some(({ description }) => description === definition.description))
      return { exists: true, created: false }
    const made = await session.request(
      client.request('POST /api/app/projects/{projectId}/cohorts', {
        purpose: 'write',
        repeat: 'doubles',
        json: JSON.stringify(definition),
      }),
    )
    if (made.kind !== 'ok') return { exists: false, created: false, because: made.fault.message }
    return { exists: true, created: !session.dryRun }
  } finally {
    session.close()
  }
}

async function* readMembers(
  options: MixpanelOptions,
  client: MixpanelClient,
  segment: SegmentRef,
  query: Query,
  call: Call | undefined,
): AsyncGenerator<Page<Member>, void, undefined> {
  const mode = options.identityMode ?? 'simplified'
  const toMember = ({ distinctId }: QueriedProfile): Member => ({
    who: identityOf(distinctId, mode),
    member: true,
  })
  const session = client.transport.session(call)
  try {
    if (query.mode === 'all') {
      const chosen = { outputProperties: [], ...filterOf(segment) }
      yield* readAllPages(client, session, chosen, query.resume, toMember)
    } else if (query.mode === 'ids' && segment.form === 'attribute')
      yield* readFlags(options, client, session, segment.id, query)
    else {
      const message = 'Mixpanel reads all members of a cohort or flag, and the flag of given ids'
      throw misuse('unsupported', message)
    }
  } finally {
    session.close()
  }
}

function filterOf({ form, id }: SegmentRef): { readonly cohortId: string } | { readonly where: Expression } {
  if (form === 'attribute')
    return {
      where: {
        kind: 'equals',
        left: { kind: 'property', name: id },
        right: { kind: 'literal', value: true },
      },
    }
  if (form !== 'cohort') throw misuse('unsupported', `Mixpanel has cohorts and flags (attribute), no ${form}`)
  if (!/^\d+$/.test(id)) throw misuse('invalid', 'the id of a cohort is a number as text')
  return { cohortId: id }
}

async function* readFlags(
  options: MixpanelOptions,
  client: MixpanelClient,
  session: Session,
  flag: string,
  query: Extract<Query, { mode: 'ids' }>,
): AsyncGenerator<Page<Member>, void, undefined> {
  const distinctIdOf = createDistinctIds(options)
  const readPage = async (from: number) => {
    const who = query.who.slice(from, from + maxIdsPerQuery)
    const asked = [...new Set(who.flatMap((one) => distinctIdOf(one) ?? []))]
    const found = await readByIds(client, session, asked, [flag])
    const items = who.map((one): Member => ({
      who: one,
      member: found.get(distinctIdOf(one) ?? '')?.[flag] === true,
    }))
    const next = from + maxIdsPerQuery
    return { items, next: next < query.who.length ? next : undefined }
  }
  yield* paginate<Member, number>(0, readPage, { signal: session.signal })
}

const misuse = (code: 'invalid' | 'unsupported', message: string): TriplineError =>
  new TriplineError('mixpanel', { code, message })
