import type { Answer, Session } from '@tripline/kit'
import type { Ability, Call, Capability, CheckReport, Fault } from '@tripline/model'
import { hubspotCapabilities } from './capabilities.ts'
import type { HubSpotEndpoint } from './endpoints.ts'
import type { HubSpotTools } from './tools.ts'

type Confidence = 'verified' | 'inferred' | 'assumed'
interface Known {
  readonly sure: Map<Ability, Confidence>
  readonly refused: Map<Ability, string>
  readonly faults: Fault[]
}

/** Any one scope of each list is needed. `HubSpot/HubSpot-public-api-spec-collection`, security of each operation. */
const scopes = {
  event: [['analytics.behavioral_events.send'], ['behavioral_events.event_definitions.read_write']],
  profile: [['crm.objects.contacts.write']],
  group: [['crm.objects.companies.write'], ['crm.objects.contacts.write']],
  membership: [['crm.lists.write'], ['crm.objects.contacts.read']],
  consent: [['communication_preferences.read_write', 'communication_preferences.write']],
  schema: [['crm.schemas.contacts.write']],
  'read.since': [['crm.objects.contacts.read']],
  'read.all': [['crm.objects.contacts.read']],
  'read.ids': [['crm.objects.contacts.read']],
  'segments.list': [['crm.lists.read']],
  'segments.ensure': [['crm.lists.write'], ['crm.lists.read']],
  'members.all': [['crm.lists.read'], ['crm.objects.contacts.read']],
  'members.ids': [['crm.lists.read'], ['crm.objects.contacts.read']],
} as const satisfies { readonly [Name in Ability]?: readonly (readonly string[])[] }

/** Harmless reads that show whether tier and scope are there. */
const probes: readonly {
  readonly endpoint: HubSpotEndpoint
  readonly ability: Ability
  /** `inferred`: the read shows the tier, not that the write is allowed. */
  readonly shows: 'verified' | 'inferred'
  readonly query?: string
}[] = [
  { endpoint: 'GET /events/event-definitions', ability: 'event', shows: 'inferred', query: 'limit=1' },
  { endpoint: 'GET /communication-preferences/definitions', ability: 'consent', shows: 'inferred' },
  { endpoint: 'GET /automation/flows', ability: 'start', shows: 'inferred', query: 'limit=1' },
  { endpoint: 'GET /crm/objects/contacts', ability: 'read.all', shows: 'verified', query: 'limit=1' },
]

/** Asks for the account, the scopes of the token, what the tier allows and whether our id property is there. */
export function createCheck(tools: HubSpotTools): (call?: Call) => Promise<CheckReport> {
  return async (call) => {
    const session = tools.client.transport.session(call)
    try {
      return await check(tools, session, call)
    } finally {
      session.close()
    }
  }
}

async function check(tools: HubSpotTools, session: Session, call: Call | undefined): Promise<CheckReport> {
  const known: Known = { sure: new Map(), refused: new Map(), faults: [] }
  const details = await session.request(
    tools.client.request('GET /account-info/details', { purpose: 'lookup', repeat: 'read' }),
  )
  if (details.kind !== 'ok') return report(known, [details.fault])
  const date = Date.parse(details.answer.headers.get('date') ?? '')
  const skew = Number.isNaN(date) ? {} : { clockSkewMs: date - session.clock.now() }
  await readScopes(tools, session, known)
  await probe(tools, call, known)
  await checkIdProperty(tools, session, known)
  return {
    ...report(known, known.faults),
    ...skew,
    ...(!session.dryRun && { account: accountOf(details.answer) }),
  }
}

interface Details {
  readonly portalId?: unknown
  readonly accountType?: unknown
  readonly timeZone?: unknown
  readonly dataHostingLocation?: unknown
}
/** HubSpot tells neither the name of the account nor its tier. */
function accountOf(answer: Answer): NonNullable<CheckReport['account']> {
  const { portalId, accountType, timeZone, dataHostingLocation } = (answer.json() ?? {}) as Details
  return {
    ...(typeof portalId === 'number' && { id: String(portalId) }),
    ...(typeof accountType === 'string' && { plan: accountType }),
    ...(typeof timeZone === 'string' && { timeZone }),
    ...(typeof dataHostingLocation === 'string' && { region: dataHostingLocation }),
  }
}

/** Only tokens of private apps and Service Keys tell their scopes; then a missing one is certain. */
async function readScopes(
  { client }: HubSpotTools,
  session: Session,
  { sure, refused }: Known,
): Promise<void> {
  const tokenKey = session.dryRun ? '{token}' : await client.token()
  const result = await session.request(
    client.request('POST /oauth/private-apps/get/access-token-info', {
      purpose: 'lookup',
      repeat: 'read',
      body: JSON.stringify({ tokenKey }),
    }),
  )
  if (result.kind !== 'ok') return
  const { scopes: held } = result.answer.json() as { readonly scopes?: readonly string[] }
  if (!held) return
  for (const [name, needed] of Object.entries(scopes)) {
    const lacking = needed.filter((any) => !any.some((scope) => held.includes(scope)))
    if (lacking.length === 0) sure.set(name as Ability, 'inferred')
    else
      refused.set(
        name as Ability,
        `the token lacks the scope ${lacking.map((any) => any.join(' or ')).join(' and ')}`,
      )
  }
}

async function probe({ client }: HubSpotTools, call: Call | undefined, known: Known): Promise<void> {
  for (const { endpoint, ability, shows, query } of probes) {
    const session = client.transport.session(call)
    try {
      const result = await session.request(
        client.request(endpoint, {
          purpose: 'lookup',
          repeat: 'read',
          ...(query !== undefined && { query }),
        }),
      )
      if (session.dryRun) continue
      if (result.kind === 'ok') {
        if (ability !== 'start' && !known.refused.has(ability)) known.sure.set(ability, shows)
        continue
      }
      // A workflow may be started by what listens to it even where this token cannot read it.
      if (result.fault.code === 'forbidden' && ability !== 'start') {
        if (!known.refused.has(ability)) known.refused.set(ability, result.fault.message)
      } else if (result.fault.code !== 'forbidden') known.faults.push(result.fault)
    } finally {
      session.close()
    }
  }
}

async function checkIdProperty(
  { client, idProperty }: HubSpotTools,
  session: Session,
  { faults }: Known,
): Promise<void> {
  const result = await session.request(
    client.request('GET /crm/properties/{objectType}/{propertyName}', {
      purpose: 'schema',
      repeat: 'read',
      parameters: { objectType: 'contacts', propertyName: idProperty },
    }),
  )
  if (session.dryRun) return
  if (result.kind !== 'ok') {
    const message =
      result.fault.code === 'not-found'
        ? `the contact property "${idProperty}" does not exist: create it with \`fields apply\` (schema.ensure)`
        : result.fault.message
    faults.push({ ...result.fault, message })
    return
  }
  const { hasUniqueValue } = result.answer.json() as { readonly hasUniqueValue?: boolean }
  if (hasUniqueValue === true) return
  const message = `the contact property "${idProperty}" is not unique, which cannot be changed: choose another idProperty`
  faults.push({ code: 'conflict', message })
}

function report({ sure, refused }: Known, faults: readonly Fault[]): CheckReport {
  const abilities = Object.fromEntries(
    Object.entries(hubspotCapabilities).map(([name, capability]: [string, Capability]) => {
      const ability = name as Ability
      const because = refused.get(ability)
      if (because === undefined)
        return [ability, { ...capability, confidence: sure.get(ability) ?? 'assumed' }]
      return [ability, { ...capability, support: 'unsupported', because, confidence: 'verified' }]
    }),
  ) as CheckReport['abilities']
  return { abilities, faults }
}
