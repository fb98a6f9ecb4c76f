import { TriplineError, type Call, type Fault } from '@tripline/model'
import { createBridge } from './bridge.ts'
import { createCallLog } from './call-log.ts'
import type { Halt, Session, TransportSettings } from './contracts.ts'
import { pretendRequest } from './pretend.ts'
import type { HttpRequest } from './request.ts'
import { sendRequest } from './send-request.ts'

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
