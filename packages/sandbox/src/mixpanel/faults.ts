import type { FaultKind, SimReply, SimRequest } from '../core/index.ts'
import { familyOf } from './authenticate.ts'
import { appError, badGateway } from './errors.ts'
import { ingestionRateReply } from './ingest-gate.ts'
import { ingestReply } from './ingest-reply.ts'
import type { Project } from './project.ts'
import { exportRateReply, queryRateReply } from './query-gate.ts'

type ShownFault = Extract<FaultKind, 'rate-limited' | 'server-error' | 'partial' | 'silent'>

/**
 * The vendor's own form of a fault. `partial` has none: a record that `/import` refuses is refused for good, and no
 * answer of any call marks single records as "try again".
 */
export function showFault(
  project: Project,
  kind: ShownFault,
  request: SimRequest,
  proceed: (request: SimRequest) => Promise<SimReply>,
): SimReply | Promise<SimReply> | undefined {
  if (kind === 'rate-limited') return showRateLimit(project, request)
  if (kind === 'server-error') return badGateway()
  return kind === 'silent' ? showSilence(request, proceed) : undefined
}

function showRateLimit(project: Project, request: SimRequest): SimReply {
  const family = familyOf(request.path)
  if (family === 'import' || family === 'ingestion') return ingestionRateReply(project, request)
  if (family === 'query') return queryRateReply(project, request, project.clock.now() + 60_000)
  return family === 'export' ? exportRateReply(60) : appError(429, 'Rate limit exceeded')
}

/** HTTP 200 with `0` from the ingestion side; an export that breaks off in the middle of the stream. */
function showSilence(
  request: SimRequest,
  proceed: (request: SimRequest) => Promise<SimReply>,
): SimReply | Promise<SimReply> | undefined {
  const family = familyOf(request.path)
  if (family === 'export') return terminateEarly(request, proceed)
  const quiet = family === 'ingestion' || (family === 'import' && request.query.get('strict') !== '1')
  return quiet ? ingestReply(request.query, false, 'internal error') : undefined
}

/** A last line that is no JSON: mixpanel/mixpanel-utils#5. */
async function terminateEarly(
  request: SimRequest,
  proceed: (request: SimRequest) => Promise<SimReply>,
): Promise<SimReply> {
  const reply = await proceed({ ...request, headers: { ...request.headers, 'accept-encoding': 'identity' } })
  if (reply.status !== 200 || typeof reply.body !== 'string') return reply
  const lines = reply.body.split('\n')
  const kept = lines.slice(0, Math.floor(lines.length / 2))
  return { ...reply, body: [...kept, 'export terminated early', ''].join('\n') }
}
