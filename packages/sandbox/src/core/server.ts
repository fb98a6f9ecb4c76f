import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { createChaos, type Chaos } from './chaos.ts'
import type { SandboxClock } from './clock.ts'
import { controlPrefix, controlRoutes } from './control.ts'
import { addressOf, readRequest, writeReply } from './http-message.ts'
import { createJournal, type Journal } from './journal.ts'
import { requestHeader } from './jump-guard.ts'
import { respond, type Outcome } from './respond.ts'
import { createRouter } from './router.ts'
import type { SimReply, SimRequest, Simulator } from './simulator.ts'

export interface RunningServer {
  readonly url: string
  readonly chaos: Chaos
  readonly journal: Journal
  /** Cuts every connection, also those left hanging; resolves when the port is free. May be called twice. */
  close(): Promise<void>
}
/** Longer than any client waits, in ms of sandbox time; then a hanging connection is cut. */
const hangMs = 180_000

/**
 * Serves a simulator over real HTTP on loopback, with faults and a control interface under `/__sandbox/`. A route that
 * throws is answered with 599 and the stack: a defect of the sandbox must not pass for an answer of the vendor.
 * @throws Error of the system when the port is taken
 */
export async function serveSimulator(
  simulator: Simulator,
  clock: SandboxClock,
  options: { readonly port?: number } = {},
): Promise<RunningServer> {
  const chaos = createChaos()
  const journal = createJournal()
  const closing = new AbortController()
  const answer = createAnswerer({ simulator, clock, chaos, journal, closing: closing.signal })
  const server = createServer((incoming, outgoing) => {
    const tracked = incoming.headers[requestHeader]
    clock
      .serving(typeof tracked === 'string' ? tracked : undefined, () => answer(incoming, outgoing))
      .catch((error: unknown) => writeDefect(outgoing, error))
  })
  server.keepAliveTimeout = 60_000
  await listen(server, options.port ?? 0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    chaos,
    journal,
    close: () => {
      closing.abort()
      return closeServer(server)
    },
  }
}

interface Context {
  readonly simulator: Simulator
  readonly clock: SandboxClock
  readonly chaos: Chaos
  readonly journal: Journal
  /** Aborts when the server closes. */
  readonly closing: AbortSignal
}
type Answerer = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>

function createAnswerer(context: Context): Answerer {
  const { simulator, clock, chaos, journal } = context
  const route = createRouter(simulator.routes)
  const control = createRouter(controlRoutes(context))
  return async (incoming, outgoing) => {
    const url = addressOf(incoming)
    const method = incoming.method ?? 'GET'
    if (url.pathname.startsWith(controlPrefix)) {
      const match = control(method, url.pathname)
      const request = await readRequest(incoming, url, {})
      return writeReply(outgoing, match ? await match.route.handle(request) : noControl)
    }
    const match = route(method, url.pathname)
    const request = await readRequest(incoming, url, match?.params ?? {})
    const run = async (given: SimRequest): Promise<SimReply> =>
      match ? match.route.handle(given) : simulator.notFound(given)
    const fault = chaos.next(`${method} ${url.pathname}`)
    const note = (outcome: Outcome): void => {
      if (outcome.shown) chaos.count(outcome.shown)
      journal.add({
        at: clock.now(),
        method,
        path: url.pathname,
        route: match?.route.path ?? 'unknown',
        status: outcome.reply?.status ?? 0,
        bytes: request.body.length,
        fault: outcome.shown,
      })
    }
    const outcome = await respond({ ...context, request, run, fault }).catch((error: unknown) => {
      note({ reply: { status: 599 } })
      throw error
    })
    note(outcome)
    if (outcome.reply) return writeReply(outgoing, outcome.reply)
    if (outcome.cut === 'hang') await hang(clock, outgoing)
    incoming.socket.resetAndDestroy()
  }
}
const noControl: SimReply = { status: 404, body: { error: 'the sandbox has no such route' } }

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Waits until the client has gone, at most `hangMs`: its wait would otherwise go on in a clock that others live on. */
async function hang(clock: SandboxClock, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  if (outgoing.destroyed || outgoing.closed) return
  await clock.unheld(() => clock.sleep(hangMs, gone.signal).catch(() => undefined))
}

function writeDefect(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent) outgoing.destroy()
  else outgoing.writeHead(599, { 'content-type': 'text/plain' }).end(`sandbox defect: ${inspect(error)}`)
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
