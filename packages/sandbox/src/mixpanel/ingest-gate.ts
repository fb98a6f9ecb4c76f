import type { SimReply, SimRequest } from '../core/index.ts'
import { importError, ingestionError, ingestionRateText } from './errors.ts'
import type { Project } from './project.ts'

/** False: the client talks to another region's host and what it sends is gone. */
export const isAtHome = ({ account }: Project): boolean => account.hostRegion === account.region

/** 2 GB of uncompressed JSON a minute and 30,000 events a second, per project. A call refused for its content counts too. */
export function overIngestionRate(
  project: Project,
  request: SimRequest,
  events: number,
): SimReply | undefined {
  const { meters } = project
  if (meters.ingestionEvents.hit(events).allowed && meters.ingestionBytes.hit(request.body.length).allowed)
    return undefined
  return ingestionRateReply(project, request)
}

/** `strict=0` has its own body (ak--47/mixpanel-import). Whether `Retry-After` is sent is unverified: an account switch. */
export function ingestionRateReply({ account }: Project, request: SimRequest): SimReply {
  const seconds = account.ingestionRetryAfterSeconds
  const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) }
  if (request.path !== '/import') return { ...ingestionError(429, ingestionRateText), headers }
  const strict = request.query.get('strict') === '1'
  const reply = strict
    ? importError(429, ingestionRateText)
    : { status: 429, body: { error: ingestionRateText, status: 0 } }
  return { ...reply, headers }
}
