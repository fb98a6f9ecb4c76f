import type { Ability, Call, CheckReport, Fault } from '@tripline/model'
import { intercomCapabilities } from './capabilities.ts'
import type { IntercomClient, IntercomEndpoint } from './client.ts'
import { maxOf } from './limits.ts'
import type { IntercomOptions } from './options.ts'
import type { Writers } from './writers.ts'

type Confidence = 'verified' | 'inferred' | 'assumed'
/**
 * Harmless reads that show whether the token may do a thing. Intercom lists no permissions; writes have permissions of
 * their own, so the ones that go with a read are inferred.
 */
const probes: readonly {
  readonly endpoint: IntercomEndpoint
  readonly query?: string
  readonly proves: readonly Ability[]
  /** Other reads with the same permission: they go with it, but were not tried. */
  readonly reads?: readonly Ability[]
  readonly infers: readonly Ability[]
}[] = [
  {
    endpoint: 'GET /contacts',
    query: 'per_page=1',
    proves: ['read.all'],
    reads: ['read.ids', 'read.since', 'members.all'],
    infers: ['profile', 'link', 'event', 'group'],
  },
  { endpoint: 'GET /tags', proves: [], reads: ['members.ids'], infers: ['membership', 'segments.ensure'] },
  { endpoint: 'GET /segments', proves: ['segments.list'], infers: [] },
  { endpoint: 'GET /subscription_types', proves: [], infers: ['consent'] },
  { endpoint: 'GET /data_attributes', proves: ['schema'], infers: [] },
]

interface Me {
  readonly app?: {
    readonly id_code?: unknown
    readonly name?: unknown
    readonly region?: unknown
    readonly timezone?: unknown
  }
}
interface Found {
  readonly sure: Map<Ability, Confidence>
  readonly refused: Set<Ability>
  readonly faults: Fault[]
}

/** Who the token belongs to, where, and what it may read. */
export function createCheck(
  options: IntercomOptions,
  client: IntercomClient,
  { track }: Writers,
): (call?: Call) => Promise<CheckReport> {
  return async (call) => {
    const found: Found = { sure: new Map(), refused: new Set(), faults: [] }
    const session = client.transport.session(call)
    try {
      const ask = { purpose: 'lookup', repeat: 'read' } as const
      const result = await session.request(client.request('GET /me', { ...ask, ability: 'read.all' }))
      if (result.kind !== 'ok') return report(found, track.namesSeen, { faults: [result.fault] })
      const { app = {} } = result.answer.json() as Me
      const date = Date.parse(result.answer.headers.get('date') ?? '')
      const clockSkewMs = Number.isNaN(date) ? undefined : date - session.clock.now()
      if (!session.dryRun) found.faults.push(...accountFaults(options, app))
      for (const probe of probes) await tryProbe(client, call, probe, found)
      if (session.dryRun) return report(found, track.namesSeen, { faults: [] })
      return report(found, track.namesSeen, {
        faults: found.faults,
        account: accountOf(app),
        ...(clockSkewMs !== undefined && { clockSkewMs }),
      })
    } finally {
      session.close()
    }
  }
}

/** Each in a session of its own: a refusal halts the session's ability. */
async function tryProbe(
  client: IntercomClient,
  call: Call | undefined,
  { endpoint, query, proves, reads = [], infers }: (typeof probes)[number],
  { sure, refused, faults }: Found,
): Promise<void> {
  const session = client.transport.session(call)
  try {
    const [ability = reads[0] ?? infers[0] ?? 'read.all'] = proves
    const ask = { purpose: 'lookup', repeat: 'read', ability, ...(query !== undefined && { query }) } as const
    const result = await session.request(client.request(endpoint, ask))
    if (session.dryRun) return
    if (result.kind === 'ok') {
      for (const each of proves) sure.set(each, 'verified')
      for (const each of [...reads, ...infers]) sure.set(each, 'inferred')
      return
    }
    faults.push(result.fault)
    if (result.fault.code === 'forbidden') for (const each of [...proves, ...reads]) refused.add(each)
  } finally {
    session.close()
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
function accountOf(app: NonNullable<Me['app']>): NonNullable<CheckReport['account']> {
  const [id, name, region, timeZone] = [app.id_code, app.name, app.region, app.timezone].map(text)
  return {
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    ...(region !== undefined && { region: region.toLowerCase() }),
    ...(timeZone !== undefined && { timeZone }),
  }
}

function accountFaults(options: IntercomOptions, app: NonNullable<Me['app']>): readonly Fault[] {
  const faults: Fault[] = []
  const region = text(app.region)?.toLowerCase()
  // With a base URL of one's own (a proxy, the sandbox) only a region that is named is compared.
  const wanted = options.region ?? (options.baseUrl === undefined ? 'us' : undefined)
  if (region !== undefined && wanted !== undefined && region !== wanted)
    faults.push({
      code: 'invalid',
      message: `the workspace lives in region ${region}, and the option region says ${wanted}: set it to "${region}"`,
      path: 'options.region',
    })
  const id = text(app.id_code)
  if (options.workspaceId !== undefined && id !== undefined && id !== options.workspaceId)
    faults.push({
      code: 'conflict',
      message: `the token belongs to the workspace ${id}, and the option workspaceId says ${options.workspaceId}`,
      path: 'options.workspaceId',
    })
  return faults
}

function report(
  { sure, refused }: Found,
  namesSeen: number,
  rest: Omit<CheckReport, 'abilities'>,
): CheckReport {
  const abilities = Object.fromEntries(
    Object.entries(intercomCapabilities).map(([name, capability]) => {
      const ability = name as Ability
      if (refused.has(ability)) {
        const because = 'the app lacks the permission'
        return [ability, { ...capability, support: 'unsupported', because, confidence: 'verified' }]
      }
      const counted = `${namesSeen} of ${maxOf('event.names')} event names sent by this connector so far`
      const because = ability === 'event' ? `${capability.because}; ${counted}` : capability.because
      return [ability, { ...capability, because, confidence: sure.get(ability) ?? 'assumed' }]
    }),
  ) as CheckReport['abilities']
  return { ...rest, abilities }
}
