import type { Session } from '@tripline/kit'
import type { Ability, Call, CheckReport, Fault } from '@tripline/model'
import { mixpanelCapabilities } from './capabilities.ts'
import type { MixpanelClient, MixpanelEndpoint } from './client.ts'
import type { MixpanelOptions, MixpanelRegion } from './options.ts'

type Confidence = 'verified' | 'inferred' | 'assumed'
/**
 * Harmless requests that show whether the service account may do a thing. An empty list is refused by `/import` with 400
 * when the account may import, and with 401 or 403 when it may not. Listing cohorts costs one of 60 queries an hour.
 */
const probes: readonly {
  readonly endpoint: MixpanelEndpoint
  /** What a success shows to work; without it the abilities only follow from it. */
  readonly proves?: readonly Ability[]
  readonly abilities: readonly Ability[]
  readonly json?: string
  readonly form?: Readonly<Record<string, string>>
}[] = [
  { endpoint: 'POST /import', abilities: ['event', 'link', 'start'], json: '[]' },
  {
    endpoint: 'POST /api/query/cohorts/list',
    proves: ['segments.list'],
    abilities: ['read.all', 'read.ids', 'segments.list', 'members.all', 'members.ids'],
    form: {},
  },
  { endpoint: 'GET /api/app/projects/{projectId}/schemas', proves: ['schema'], abilities: ['schema'] },
]

interface Findings {
  readonly sure: Map<Ability, Confidence>
  readonly refused: Map<Ability, string>
  readonly faults: Fault[]
  account?: NonNullable<CheckReport['account']>
  clockSkewMs?: number
}

/** Who the service account is, whether the token belongs to the project, and what plan and role allow. */
export function createCheck(
  options: MixpanelOptions,
  client: MixpanelClient,
): (call?: Call) => Promise<CheckReport> {
  return async (call) => {
    const findings: Findings = { sure: new Map(), refused: new Map(), faults: [] }
    await withSession(client, call, (session) => askAccount(options, client, session, findings))
    if (!findings.faults.some(({ code }) => code === 'auth')) {
      await withSession(client, call, (session) => askToken(options, client, session, findings))
      // A session of its own each: what halts one ability says nothing of the others.
      for (const probe of probes)
        await withSession(client, call, (session) => ask(client, session, probe, findings))
      await withSession(client, call, (session) => askGroupKeys(options, client, session, findings))
    }
    return reportOf(findings)
  }
}

async function withSession(
  client: MixpanelClient,
  call: Call | undefined,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const session = client.transport.session(call)
  try {
    await work(session)
  } finally {
    session.close()
  }
}

interface Me {
  readonly results?: {
    readonly projects?: Readonly<
      Record<string, { readonly name?: unknown; readonly timezone?: unknown; readonly domain?: unknown }>
    >
  }
}
const domains: Readonly<Record<string, MixpanelRegion>> = {
  'mixpanel.com': 'us',
  'eu.mixpanel.com': 'eu',
  'in.mixpanel.com': 'in',
}

async function askAccount(
  { projectId, region }: MixpanelOptions,
  client: MixpanelClient,
  session: Session,
  findings: Findings,
): Promise<void> {
  const result = await session.request(
    client.request('GET /api/app/me', { purpose: 'lookup', repeat: 'read' }),
  )
  if (result.kind !== 'ok') return void findings.faults.push(result.fault)
  const date = Date.parse(result.answer.headers.get('date') ?? '')
  if (!Number.isNaN(date)) findings.clockSkewMs = date - session.clock.now()
  if (session.dryRun) return
  const project = (result.answer.json() as Me).results?.projects?.[projectId]
  if (!project) {
    const message = `the service account does not see the project ${projectId}: add it there, or correct projectId`
    return void findings.faults.push({ code: 'forbidden', message, path: 'projectId' })
  }
  const lives = domains[String(project.domain)]
  findings.account = {
    id: projectId,
    ...(typeof project.name === 'string' && { name: project.name }),
    ...(typeof project.timezone === 'string' && { timeZone: project.timezone }),
    ...(lives && { region: lives }),
  }
  if (lives && lives !== region)
    findings.faults.push({
      code: 'invalid',
      message: `the project lives in the region "${lives}", the option region says "${region}"`,
      path: 'region',
    })
}

/** `/engage` and `/groups` say yes to any token, so it is asked for here. */
async function askToken(
  { projectToken }: MixpanelOptions,
  client: MixpanelClient,
  session: Session,
  { sure, refused, faults }: Findings,
): Promise<void> {
  const abilities: readonly Ability[] = ['profile', 'group', 'membership', 'consent']
  const result = await session.request(
    client.request('POST /api/app/validate-project-credentials/', {
      purpose: 'lookup',
      repeat: 'read',
      json: JSON.stringify({ project_token: projectToken }),
    }),
  )
  if (session.dryRun) return
  if (result.kind === 'ok') for (const ability of abilities) sure.set(ability, 'inferred')
  else if (result.kind === 'refused') {
    const message = 'the project token belongs to no project here: profiles would be lost silently'
    faults.push({ ...result.fault, code: 'auth', message, path: 'projectToken' })
    for (const ability of abilities) refused.set(ability, 'the project token is wrong')
  } else faults.push(result.fault)
}

async function ask(
  client: MixpanelClient,
  session: Session,
  { endpoint, abilities, proves = [], ...body }: (typeof probes)[number],
  { sure, refused, faults }: Findings,
): Promise<void> {
  const result = await session.request(
    client.request(endpoint, { purpose: 'lookup', repeat: 'read', ...body }),
  )
  if (session.dryRun) return
  const isEmptyRefused =
    body.json !== undefined && result.kind === 'refused' && result.fault.code === 'invalid'
  if (result.kind === 'ok' || isEmptyRefused)
    for (const ability of abilities) sure.set(ability, proves.includes(ability) ? 'verified' : 'inferred')
  else {
    faults.push(result.fault)
    if (result.fault.code === 'forbidden')
      for (const ability of abilities) refused.set(ability, result.fault.message)
  }
}

/** Profiles of a key that the project does not have are lost silently. */
async function askGroupKeys(
  { groupKeys = [] }: MixpanelOptions,
  client: MixpanelClient,
  session: Session,
  { sure, refused, faults }: Findings,
): Promise<void> {
  if (groupKeys.length === 0) return
  const result = await session.request(
    client.request('GET /api/app/projects/{projectId}/data-groups', { purpose: 'lookup', repeat: 'read' }),
  )
  if (result.kind !== 'ok') {
    faults.push(result.fault)
    if ('fault' in result && result.fault.code === 'forbidden') refused.set('group', result.fault.message)
    return
  }
  const { results = [] } = result.answer.json() as {
    results?: readonly { readonly property_name?: unknown }[]
  }
  const known = new Set(results.map(({ property_name }) => property_name))
  if (session.dryRun) return
  const lacking = groupKeys.filter((key) => !known.has(key))
  for (const key of lacking)
    faults.push({ code: 'not-found', message: `the project has no group key "${key}"`, path: 'groupKeys' })
  if (lacking.length === 0 && !refused.has('group')) sure.set('group', 'inferred')
}

function reportOf({ sure, refused, faults, account, clockSkewMs }: Findings): CheckReport {
  const abilities = Object.fromEntries(
    Object.entries(mixpanelCapabilities).map(([name, capability]) => {
      const because = refused.get(name as Ability)
      if (because === undefined)
        return [name, { ...capability, confidence: sure.get(name as Ability) ?? 'assumed' }]
      return [name, { ...capability, support: 'unsupported', because, confidence: 'verified' }]
    }),
  ) as CheckReport['abilities']
  return { abilities, faults, ...(account && { account }), ...(clockSkewMs !== undefined && { clockSkewMs }) }
}
