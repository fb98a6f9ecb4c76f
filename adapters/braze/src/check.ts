import type { Ability, Call, CheckReport, Fault } from '@tripline/model'
import { brazeCapabilities } from './capabilities.ts'
import type { BrazeClient, BrazeEndpoint } from './client.ts'

type Confidence = 'verified' | 'inferred' | 'assumed'
/**
 * Harmless requests that show whether the key may do a thing. Braze has no call that lists a key's permissions; an empty
 * body is refused with 400 when the key is allowed and with 403 when it is not, before anything is stored.
 */
const probes: readonly {
  readonly endpoint: BrazeEndpoint
  readonly abilities: readonly Ability[]
  readonly body?: string
}[] = [
  { endpoint: 'GET /segments/list', abilities: ['segments.list'] },
  {
    endpoint: 'POST /users/track',
    abilities: ['event', 'profile', 'group', 'membership', 'consent'],
    body: '{}',
  },
  { endpoint: 'POST /users/identify', abilities: ['link'], body: '{}' },
  { endpoint: 'POST /users/export/ids', abilities: ['read.ids', 'members.ids'], body: '{}' },
  { endpoint: 'POST /users/export/segment', abilities: ['read.all', 'members.all'], body: '{}' },
  { endpoint: 'GET /custom_attributes', abilities: ['schema'] },
  // Either of the two is enough to start something.
  { endpoint: 'POST /canvas/trigger/send', abilities: ['start'], body: '{}' },
  { endpoint: 'POST /campaigns/trigger/send', abilities: ['start'], body: '{}' },
]

/** Braze tells neither account nor plan; abilities are probed one by one. */
export function createCheck(client: BrazeClient): (call?: Call) => Promise<CheckReport> {
  return async (call) => {
    const sure = new Map<Ability, Confidence>()
    const refused = new Set<Ability>()
    const faults: Fault[] = []
    let clockSkewMs: number | undefined
    for (const { endpoint, abilities, body } of probes) {
      const session = client.transport.session(call)
      try {
        const result = await session.request(
          client.request(endpoint, {
            purpose: 'lookup',
            repeat: 'read',
            ...(body !== undefined && { body }),
          }),
        )
        if (session.dryRun) continue // nobody was asked
        const answer = result.kind === 'ok' || result.kind === 'refused' ? result.answer : undefined
        const date = Date.parse(answer?.headers.get('date') ?? '')
        if (!Number.isNaN(date)) clockSkewMs ??= date - session.clock.now()
        if (result.kind === 'ok') for (const ability of abilities) sure.set(ability, 'verified')
        // Only the refusal of an empty body shows that the key is allowed; a wrong address refuses, too.
        else if (body !== undefined && result.kind === 'refused' && result.fault.code === 'invalid')
          for (const ability of abilities) sure.set(ability, 'inferred')
        else {
          faults.push(result.fault)
          if (result.fault.code === 'auth') return report(sure, refused, [result.fault], clockSkewMs)
          if (result.fault.code === 'forbidden') for (const ability of abilities) refused.add(ability)
        }
      } finally {
        session.close()
      }
    }
    return report(sure, refused, faults, clockSkewMs)
  }
}

function report(
  sure: ReadonlyMap<Ability, Confidence>,
  refused: ReadonlySet<Ability>,
  faults: readonly Fault[],
  clockSkewMs: number | undefined,
): CheckReport {
  const abilities = Object.fromEntries(
    Object.entries(brazeCapabilities).map(([name, capability]) => {
      const ability = name as Ability
      if (!refused.has(ability) || sure.has(ability))
        return [ability, { ...capability, confidence: sure.get(ability) ?? 'assumed' }]
      return [
        ability,
        {
          ...capability,
          support: 'unsupported',
          because: 'the key lacks the permission',
          confidence: 'verified',
        },
      ]
    }),
  ) as CheckReport['abilities']
  return { abilities, faults, ...(clockSkewMs !== undefined && { clockSkewMs }) }
}
