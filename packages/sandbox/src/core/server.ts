import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { createChaos, type Chaos } from './chaos.ts'
import type { SandboxClock } from './clock.ts'
import { controlRoutes } from './control.ts'
import { createJournal, type Journal } from './journal.ts'
import { createRouter } from './router.ts'
import type { FaultKind, SimReply, SimRequest, Simulator } from './simulator.ts'

export interface RunningServer {
  readonly url: string
  readonly chaos: Chaos
  readonly journal: Journal
  close(): Promise<void>
}
interface Context {
  readonly simulator: Simulator
  readonly clock: SandboxClock
  readonly chaos: Chaos
  readonly journal: Journal
}

/** Serves a simulator over real HTTP on loopback, with faults and a control interface under `/__sandbox/`. */
export async function serveSimulator(
  simulator: Simulator,
  clock: SandboxClock,
  options: { readonly port?: number } = {},
): Promise<RunningServer> {
  const context: Context = { simulator, clock, chaos: createChaos(), journal: createJournal() }
  const route = createRouter(simulator.routes)
  const control = createRouter(controlRoutes(context))
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing).catch((error: unknown) => {
      outgoing
        .writeHead(599, { 'content-type': 'text/plain' })
        .end(`sandbox defect: ${String((error as Error).stack)}`)
    })
  })
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://sandbox')
    const method = incoming.method ?? 'GET'
    const controlled = control(method, url.pathname)
    const match = controlled ?? route(method, url.pathname)
    const request = await readRequest(incoming, url, match?.params ?? {})
    const run = async (given: SimRequest): Promise<SimReply> =>
      match ? match.route.handle(given) : simulator.notFound(given)
    if (controlled) return write(outgoing, await run(request))
    const fault = context.chaos.next(`${method} ${url.pathname}`)
    const reply = await respond(context, request, run, fault)
    context.journal.add({
      at: clock.now(),
      method,
      path: url.pathname,
      route: match?.route.path ?? 'unknown',
      status: reply?.status ?? 0,
      bytes: request.body.length,
      fault,
    })
    if (reply) write(outgoing, reply)
    else incoming.socket.destroy()
  }
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  server.keepAliveTimeout = 60_000
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    chaos: context.chaos,
    journal: context.journal,
    close: () => closeServer(server),
  }
}

/** Runs one request with the fault it was dealt. Undefined: cut the connection. */
async function respond(
  { simulator, clock, chaos }: Context,
  request: SimRequest,
  run: (request: SimRequest) => Promise<SimReply>,
  fault: FaultKind | undefined,
): Promise<SimReply | undefined> {
  const finish = (reply: SimReply): SimReply => simulator.after?.(request, reply) ?? reply
  const refused = simulator.before?.(request)
  if (refused) return finish(refused)
  if (fault === undefined) return finish(await run(request))
  if (fault === 'reset-before') return undefined
  if (fault === 'hang-before') return hang(clock)
  if (fault === 'slow') {
    await clock.unheld(() => clock.sleep(chaos.slowMs))
    return finish(await run(request))
  }
  if (fault === 'rate-limited' || fault === 'server-error' || fault === 'partial' || fault === 'silent')
    return finish((await simulator.fault(fault, request, run)) ?? (await run(request)))
  const done = finish(await run(request))
  if (fault === 'reset-after') return undefined
  if (fault === 'hang-after') return hang(clock)
  const failed = await simulator.fault('server-error', request, run)
  return failed ? finish(failed) : done
}

/** Longer than any client waits; then the connection is cut. */
async function hang(clock: SandboxClock): Promise<undefined> {
  await clock.unheld(() => clock.sleep(180_000))
  return undefined
}

async function readRequest(
  incoming: IncomingMessage,
  url: URL,
  params: SimRequest['params'],
): Promise<SimRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const raw = Buffer.concat(chunks)
  const body = incoming.headers['content-encoding'] === 'gzip' ? unzip(raw) : raw
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value)
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body,
    params,
    json: () => (body.length === 0 ? undefined : (JSON.parse(body.toString('utf8')) as unknown)),
  }
}

/** What says gzip and is none stays as it is: the route then answers it like any body it cannot read. */
function unzip(raw: Buffer): Buffer {
  try {
    return gunzipSync(raw)
  } catch {
    return raw
  }
}

function write(outgoing: ServerResponse, reply: SimReply): void {
  const { body } = reply
  const raw =
    body === undefined
      ? undefined
      : typeof body === 'string' || Buffer.isBuffer(body)
        ? body
        : JSON.stringify(body)
  const type =
    typeof body === 'object' && !Buffer.isBuffer(body) ? { 'content-type': 'application/json' } : {}
  outgoing.writeHead(reply.status, { ...type, ...reply.headers }).end(raw)
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
