import type { Chaos } from './chaos.ts'
import type { SandboxClock } from './clock.ts'
import type { FaultKind, SimReply, SimRequest, Simulator } from './simulator.ts'

/** What becomes of a request: an answer, or a connection that is reset at once or left without an answer. */
export type Outcome = { readonly shown?: FaultKind } & (
  | { readonly reply: SimReply; readonly cut?: never }
  | { readonly cut: 'reset' | 'hang'; readonly reply?: never }
)
interface Given {
  readonly simulator: Simulator
  readonly clock: SandboxClock
  readonly chaos: Chaos
  readonly request: SimRequest
  readonly run: (request: SimRequest) => Promise<SimReply>
  /** Dealt to the request; shown only when authentication and limits let it pass and the vendor has a form of it. */
  readonly fault: FaultKind | undefined
  /** Aborts when the server closes. */
  readonly closing: AbortSignal
}

/** Runs one request with the fault it was dealt. */
export async function respond(given: Given): Promise<Outcome> {
  const { simulator, request, run, fault } = given
  const finish = (reply: SimReply): SimReply => simulator.after?.(request, reply) ?? reply
  const refused = simulator.before?.(request)
  if (refused) return { reply: finish(refused) }
  switch (fault) {
    case undefined:
      return { reply: finish(await run(request)) }
    case 'reset-before':
      return { cut: 'reset', shown: fault }
    case 'hang-before':
      return { cut: 'hang', shown: fault }
    case 'slow':
      if (!(await waited(given))) return { cut: 'reset', shown: fault }
      return { reply: finish(await run(request)), shown: fault }
    case 'rate-limited':
    case 'server-error':
    case 'partial':
    case 'silent': {
      const form = await simulator.fault(fault, request, run)
      return form ? { reply: finish(form), shown: fault } : { reply: finish(await run(request)) }
    }
    default:
      return afterCommit(given, fault, finish)
  }
}

async function afterCommit(
  { simulator, request, run }: Given,
  fault: 'reset-after' | 'hang-after' | 'server-error-after',
  finish: (reply: SimReply) => SimReply,
): Promise<Outcome> {
  const reply = finish(await run(request))
  if (fault !== 'server-error-after') return { cut: fault === 'reset-after' ? 'reset' : 'hang', shown: fault }
  const failed = await simulator.fault('server-error', request, run)
  return failed ? { reply: finish(failed), shown: fault } : { reply }
}

/** False when the server closed meanwhile. */
const waited = ({ clock, chaos, closing }: Given): Promise<boolean> =>
  clock.unheld(() =>
    clock.sleep(chaos.slowMs, closing).then(
      () => true,
      () => false,
    ),
  )
