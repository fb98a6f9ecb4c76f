import type { Limit } from '@tripline/model'
import type { IntercomOptions } from './options.ts'

const description = 'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml'
const rates = 'https://developers.intercom.com/docs/references/rest-api/errors/rate-limiting'
const secondsPerMinute = 60
const windowMs = 10_000

/** What Intercom allows; every endpoint's name is the one in `Report.calls`. */
export const intercomLimits = [
  {
    // 10,000 a minute, dealt out in windows of ten seconds; the option `callsPerMinute` changes it.
    id: 'app.rate',
    kind: 'rate',
    max: 1_667,
    perMs: windowMs,
    window: 'fixed',
    sharedBy: 'app',
    endpoints: ['*'],
    source: rates,
    verified: true,
  },
  {
    id: 'workspace.rate',
    kind: 'rate',
    max: 25_000,
    perMs: 60_000,
    window: 'fixed',
    sharedBy: 'account',
    endpoints: ['*'],
    source: rates,
    verified: true,
  },
  {
    id: 'tags.items',
    kind: 'size',
    of: 'items',
    max: 50,
    over: 'refused',
    endpoints: ['POST /tags'],
    source: `${description} POST /tags (no number is given, 50 is ours)`,
    verified: false,
  },
  {
    id: 'event.keys',
    kind: 'size',
    of: 'keys',
    max: 10,
    over: 'dropped',
    endpoints: ['POST /events'],
    source: `${description} POST /events`,
    verified: true,
  },
  {
    id: 'event.names',
    kind: 'size',
    of: 'names',
    max: 120,
    over: 'refused',
    endpoints: ['POST /events'],
    source: 'https://www.intercom.com/help/en/articles/5245634',
    verified: true,
  },
  {
    id: 'attribute.names',
    kind: 'size',
    of: 'names',
    max: 250,
    over: 'refused',
    endpoints: ['POST /data_attributes'],
    source: 'https://www.intercom.com/help/en/articles/179',
    verified: true,
  },
  {
    // Whether longer text is cut or refused is not documented: it is cut here.
    id: 'attribute.chars',
    kind: 'size',
    of: 'valueChars',
    max: 255,
    over: 'truncated',
    endpoints: ['POST /contacts', 'PUT /contacts/{contact_id}', 'POST /companies'],
    source: 'https://www.nbostech.com (older documentation of custom attributes)',
    verified: false,
  },
  {
    id: 'contact.companies',
    kind: 'size',
    of: 'items',
    max: 1_000,
    over: 'refused',
    endpoints: ['POST /contacts/{contact_id}/companies'],
    source: `${description} POST /contacts/{id}/companies`,
    verified: true,
  },
  {
    id: 'page.items',
    kind: 'size',
    of: 'items',
    max: 150,
    over: 'refused',
    endpoints: ['GET /contacts', 'POST /contacts/search'],
    source: 'https://github.com/intercom/Intercom-OpenAPI/pull/639',
    verified: true,
  },
] as const satisfies readonly Limit[]

export type IntercomLimitId = (typeof intercomLimits)[number]['id']
/** The number of a limit. */
export const maxOf = (id: IntercomLimitId): number =>
  intercomLimits.find((limit) => limit.id === id)?.max ?? Infinity

/** The limits as they are for this account. */
export function limitsFor({ callsPerMinute }: IntercomOptions): readonly Limit[] {
  if (callsPerMinute === undefined) return intercomLimits
  const max = Math.ceil((callsPerMinute * windowMs) / (secondsPerMinute * 1_000))
  return intercomLimits.map((limit) => (limit.id === 'app.rate' ? { ...limit, max } : limit))
}
