import {
  TriplineError,
  type Call,
  type CallCount,
  type Clock,
  type Fault,
  type IdCache,
} from '@tripline/model'
import { createBridge, type Bridge, type BridgedCall } from './bridge.ts'
import { createCallLog, type CallLog } from './call-log.ts'
import { pretendRequest } from './pretend.ts'
import type { Answer, HttpRequest, HttpResult } from './request.ts'
import { sendRequest } from './send-request.ts'
import type { Halt, TransportSettings } from './transport.ts'

/** The state of one call of a connector: its deadline, its abort, its requests counted, what it was halted by. */
export interface Session {
  readonly clock: Clock
  readonly cache: IdCache
  readonly dryRun: boolean
  readonly onUnknown: 'repeat' | 'report'
  /** Aborted by the caller, by the deadline, or by `close`. */
  readonly signal: AbortSignal
  /** ms since 1970; Infinity without one. */
  readonly deadlineMs: number
  readonly log: CallLog
  /** What stopped in this call, if anything. */
  halted(): Halt | undefined
  /** The rest of what it names comes back as `retry`. */
  halt(halt: Halt): void
  /** One request with all its tries; in a dry run it is only shown. Rejects for defects only. */
  request(request: HttpRequest): Promise<HttpResult>
  /** For reads: the answer, or a throw. @throws {TriplineError} with the fault */
  read(request: HttpRequest): Promise<Answer>
  /** A fetch for one call of a vendor's SDK, over the same pipeline. */
  bridge(call: BridgedCall): Bridge
  /** For `Report.calls`. */
  calls(): readonly CallCount[]
  /** Counts what the vendor bills (Braze data points). */
  addCost(amount: number): void
  cost(): number
  /** Ends the call: what is under way settles as `retry` or `unknown`, timers and listeners are gone. */
  close(): void
}

/** @throws {TriplineError} code `invalid`: the deadline is not an instant */
export function openSession(
  settings: TransportSettings,
  call: Call,
  defaults: { readonly onUnknown?: 'repeat' | 'report' } = {},
): Session {
  const { host, vendor } = settings
  const stop = new AbortController()
  const abort = (): void => stop.abort(call.signal?.reason)
  const deadlineMs = readDeadline(vendor, call.deadline)
  const log = createCallLog()
  let halt: Halt | undefined
  let cost = 0
  if (call.signal?.aborted) abort()
  else call.signal?.addEventListener('abort', abort, { once: true })
  const leftMs = deadlineMs - host.clock.now()
  const expire = (): void => stop.abort(new Error('the deadline passed'))
  if (leftMs <= 0) expire()
  else if (leftMs !== Infinity) host.clock.sleep(leftMs, stop.signal).then(expire, () => undefined)
  const session: Session = {
    clock: host.clock,
    cache: host.cache,
    dryRun: call.dryRun ?? false,
    onUnknown: call.onUnknown ?? defaults.onUnknown ?? 'repeat',
    signal: stop.signal,
    deadlineMs,
    log,
    halted: () => halt,
    halt: (next) => {
      // A halt of the whole connector is never weakened to one of an ability.
      if (halt?.what !== 'connector') halt = next
    },
    request: (request) =>
      session.dryRun ? pretendRequest(settings, session, request) : sendRequest(settings, session, request),
    async read(request) {
      const result = await session.request(request)
      if (result.kind === 'ok') return result.answer
      throw new TriplineError(vendor, withEndpoint(result.fault, request))
    },
    bridge: (bridged) => createBridge(session, bridged),
    calls: () => log.all(),
    addCost(amount) {
      cost += amount
    },
    cost: () => cost,
    close() {
      call.signal?.removeEventListener('abort', abort)
      stop.abort(new Error('the call has ended'))
    },
  }
  return session
}

function readDeadline(vendor: string, deadline: string | undefined): number {
  const deadlineMs = deadline === undefined ? Infinity : Date.parse(deadline)
  if (!Number.isNaN(deadlineMs)) return deadlineMs
  const message = `the deadline is not an instant: write it as ${new Date(0).toISOString()}`
  throw new TriplineError(vendor, { code: 'invalid', message, path: 'call.deadline' })
}

const withEndpoint = (fault: Fault, request: HttpRequest): Fault => ({
  ...fault,
  message: `${request.endpoint}: ${fault.message}`,
})
