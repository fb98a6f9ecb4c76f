import type { HttpResult, Session } from '@tripline/kit'
import { TriplineError, type Ability, type Call, type CheckReport, type Fault } from '@tripline/model'
import { segmentCapabilities } from './capabilities.ts'
import type { SegmentClient, SegmentEndpoint } from './client.ts'
import { isMissingProfile } from './errors.ts'
import type { SegmentOptions } from './options.ts'
import { isFeatureOff } from './public-api.ts'

type Confidence = 'verified' | 'inferred' | 'assumed'
const writes = [
  'event',
  'profile',
  'link',
  'group',
  'membership',
  'consent',
  'start',
] as const satisfies Ability[]
/** A user that nobody has: the look-up is refused with "not found" when the token is good. */
const nobody = 'user_id:tripline-check-no-such-user'

/** Harmless reads that show what the account may do. */
const probes: readonly {
  readonly endpoint: SegmentEndpoint
  readonly abilities: readonly Ability[]
  /** Abilities that a success does not show by itself: making an audience needs a right of its own. */
  readonly infers?: readonly Ability[]
  readonly query?: Readonly<Record<string, string>>
}[] = [
  {
    endpoint: 'GET /v1/spaces/{spaceId}/collections/{collection}/profiles/{id}/metadata',
    abilities: ['read.ids', 'members.ids'],
  },
  {
    endpoint: 'GET /spaces/{spaceId}/audiences',
    abilities: ['segments.list', 'segments.ensure'],
    infers: ['segments.ensure'],
    query: { 'pagination[count]': '1' },
  },
  { endpoint: 'GET /spaces/{spaceId}/traits', abilities: ['schema'], query: { 'pagination[count]': '1' } },
]

/** What the probes found out. */
interface Findings {
  readonly sure: Map<Ability, Confidence>
  /** Why an ability is not there. */
  readonly without: Map<Ability, string>
  readonly faults: Fault[]
  workspace: Readonly<Record<string, unknown>> | undefined
  clockSkewMs: number | undefined
}

/**
 * A write key cannot be verified without writing: Segment answers 200 to any, so what is written stays `assumed`. An OAuth
 * application, the Profile API token and the Public API token are tried; a Public API token that works also proves the
 * region.
 */
export function createCheck(
  options: SegmentOptions,
  client: SegmentClient,
): (call?: Call) => Promise<CheckReport> {
  return async (call) => {
    const findings: Findings = {
      sure: new Map(),
      without: new Map(),
      faults: [],
      workspace: undefined,
      clockSkewMs: undefined,
    }
    await probeWorkspace(client, call, findings)
    for (const probe of probes) await runProbe(options, client, call, probe, findings)
    if (client.accessToken && !call?.dryRun) await probeOAuth(client.accessToken, findings)
    return report(options, findings)
  }
}

async function inSession<Result>(
  client: SegmentClient,
  call: Call | undefined,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = client.transport.session(call)
  try {
    return await use(session)
  } finally {
    session.close()
  }
}

async function probeWorkspace(
  client: SegmentClient,
  call: Call | undefined,
  findings: Findings,
): Promise<void> {
  await inSession(client, call, async (session) => {
    const result = await session.request(client.request('GET /', { purpose: 'lookup', repeat: 'read' }))
    if (session.dryRun) return
    noteClock(result, session, findings)
    if (result.kind !== 'ok') return void findings.faults.push(result.fault)
    const { data } = result.answer.json() as { readonly data?: { readonly workspace?: unknown } }
    findings.workspace = (data?.workspace ?? {}) as Readonly<Record<string, unknown>>
  })
}

async function runProbe(
  { spaceId }: SegmentOptions,
  client: SegmentClient,
  call: Call | undefined,
  { endpoint, abilities, infers = [], query }: (typeof probes)[number],
  findings: Findings,
): Promise<void> {
  const refuse = (because: string): void => {
    for (const ability of abilities) findings.without.set(ability, because)
  }
  if (spaceId === undefined) return refuse('no space is given (option spaceId)')
  await inSession(client, call, async (session) => {
    const parameters = { spaceId, collection: 'users', id: nobody }
    const result = await session.request(
      client.request(endpoint, { purpose: 'lookup', repeat: 'read', parameters, ...(query && { query }) }),
    )
    if (session.dryRun) return
    noteClock(result, session, findings)
    if (result.kind === 'ok' || (result.kind === 'refused' && isMissingProfile(result.fault))) {
      for (const ability of abilities)
        findings.sure.set(ability, infers.includes(ability) ? 'inferred' : 'verified')
      return
    }
    const { fault } = result
    const isPublic = !endpoint.includes('/v1/')
    if (isPublic && findings.workspace && (await isFeatureOff(client, session, fault)))
      return refuse(`this workspace does not have it by API, or the space is unknown: ${fault.message}`)
    if (!findings.faults.some(({ message }) => message === fault.message)) findings.faults.push(fault)
    if (fault.code === 'auth' || fault.code === 'forbidden' || fault.code === 'not-found')
      refuse(fault.message)
  })
}

async function probeOAuth(
  accessToken: (expired: boolean) => Promise<string>,
  { sure, without, faults }: Findings,
): Promise<void> {
  try {
    await accessToken(false)
    for (const ability of writes) sure.set(ability, 'inferred')
  } catch (error) {
    if (!TriplineError.is(error)) throw error
    faults.push(error.fault)
    if (error.fault.code === 'auth') for (const ability of writes) without.set(ability, error.fault.message)
  }
}

function noteClock(result: HttpResult, session: Session, findings: Findings): void {
  const answer = result.kind === 'ok' || result.kind === 'refused' ? result.answer : undefined
  const dateMs = Date.parse(answer?.headers.get('date') ?? '')
  if (!Number.isNaN(dateMs)) findings.clockSkewMs ??= dateMs - session.clock.now()
}

function report({ region = 'us' }: SegmentOptions, findings: Findings): CheckReport {
  const { sure, without, faults, workspace, clockSkewMs } = findings
  const abilities = Object.fromEntries(
    Object.entries(segmentCapabilities).map(([name, capability]) => {
      const ability = name as Ability
      const because = without.get(ability)
      if (because === undefined) {
        const isKnown = capability.support === 'unsupported' ? 'verified' : 'assumed'
        return [ability, { ...capability, confidence: sure.get(ability) ?? isKnown }]
      }
      const support = ability === 'segments.ensure' && findings.workspace ? 'manual' : 'unsupported'
      return [ability, { ...capability, support, because, confidence: 'verified' }]
    }),
  ) as CheckReport['abilities']
  return {
    account: {
      ...textOf('id', workspace),
      ...textOf('name', workspace),
      ...(workspace && { region }),
    },
    abilities,
    faults,
    ...(clockSkewMs !== undefined && { clockSkewMs }),
  }
}
const textOf = (
  name: 'id' | 'name',
  from: Findings['workspace'],
): { readonly id?: string; readonly name?: string } => {
  const value = from?.[name]
  return typeof value === 'string' ? { [name]: value } : {}
}
