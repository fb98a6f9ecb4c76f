import type { SimReply, SimRequest } from '../core/index.ts'
import { addressOf, exportError } from './errors.ts'
import type { Project } from './project.ts'
import { queryParameters } from './query-parameters.ts'

const helpAddress =
  'https://help.mixpanel.com/hc/en-us/articles/115004602563-Rate-Limits-for-Export-API-Endpoints'
/** What a client is told to wait when too many queries run. Live value, mixpanel/mixpanel-headless:tests/unit/test_pacer.py */
const parallelRetrySeconds = 10

/** Takes one of the project's 60 queries an hour; all query families share them. Undefined: let it in. */
export function enterQuery(project: Project, request: SimRequest): SimReply | undefined {
  const { meters, account } = project
  if (meters.running.queries >= account.limits.parallelQueries) return parallelReply(project)
  // A page asked for with a session id is free: mixpanel/mixpanel-headless:src/mixpanel_headless/_internal/pacer.py
  if (request.path === '/api/query/engage' && queryParameters(request).get('session_id')) return undefined
  const { allowed, resetAtMs } = meters.queries.hit()
  if (!allowed) return queryRateReply(project, request, resetAtMs)
  project.state.counters.queriesCounted += 1
  return undefined
}

const policyHeader = ({ account: { limits } }: Project): string =>
  `"project";q=${limits.queriesPerHour};w=3600, "project-concurrency";q=${limits.parallelQueries};qu="concurrent-requests"`

/** The hour is used up. Headers and body as seen live. */
export function queryRateReply(project: Project, request: SimRequest, resetAtMs: number): SimReply {
  const { account, meters, clock } = project
  const { queriesPerHour, parallelQueries } = account.limits
  const seconds = Math.max(1, Math.ceil((resetAtMs - clock.now()) / 1_000))
  const error =
    `Query rate limit exceeded for project_id: ${account.projectId}. This request exceeded the rate limit ` +
    `(${queriesPerHour + 1}/${queriesPerHour} queries running in the last hour). For more information, ` +
    `please consult our documentation at ${helpAddress}`
  const left = parallelQueries - meters.running.queries
  return {
    status: 429,
    headers: {
      'ratelimit-policy': policyHeader(project),
      ratelimit: `"project";r=0;t=${seconds}, "project-concurrency";r=${left}`,
      'retry-after': String(seconds),
    },
    body: { request: addressOf(request), error },
  }
}

function parallelReply(project: Project): SimReply {
  const { account, meters } = project
  const { parallelQueries } = account.limits
  const { remaining } = meters.queries.hit(0)
  const error =
    `Query rate limit exceeded for project_id: ${account.projectId}. This request exceeded the concurrency limit ` +
    `(${parallelQueries + 1}/${parallelQueries} queries running concurrently).`
  return {
    status: 429,
    headers: {
      'ratelimit-policy': policyHeader(project),
      ratelimit: `"project";r=${remaining}, "project-concurrency";r=0;t=${parallelRetrySeconds}`,
      'retry-after': String(parallelRetrySeconds),
    },
    body: { error },
  }
}

/** The raw export has its own limits: 60 an hour, 3 a second, 100 at once. https://developer.mixpanel.com/reference/raw-event-export */
export function enterExport(project: Project): SimReply | undefined {
  const { meters, account } = project
  if (meters.running.exports >= account.limits.parallelExports) return exportRateReply(parallelRetrySeconds)
  const secondly = meters.exportsSecondly.hit()
  if (!secondly.allowed) return exportRateReply(1)
  const hourly = meters.exportsHourly.hit()
  if (hourly.allowed) return undefined
  return exportRateReply(Math.max(1, Math.ceil((hourly.resetAtMs - project.clock.now()) / 1_000)))
}

/** `Retry-After` as quoted by PostHog/posthog#63421; the text is assumed. */
export const exportRateReply = (seconds: number): SimReply =>
  exportError(429, 'Query rate limit exceeded', { 'retry-after': String(seconds) })

/** Runs a query for as long as the account says, holding one of the parallel places. */
export async function runQuery(
  project: Project,
  kind: 'queries' | 'exports',
  work: () => SimReply,
): Promise<SimReply> {
  const { meters, account, clock } = project
  meters.running[kind] += 1
  try {
    if (account.queryDurationMs > 0) await clock.unheld(() => clock.sleep(account.queryDurationMs))
    return work()
  } finally {
    meters.running[kind] -= 1
  }
}
