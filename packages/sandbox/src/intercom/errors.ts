import type { Route, SimReply, SimRequest } from '../core/index.ts'

/** Intercom's error list. `request_id` is filled in when the answer leaves, so that it equals `X-Request-Id`. */
export function errorReply(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): SimReply {
  return { status, headers, body: { type: 'error.list', request_id: null, errors: [{ code, message }] } }
}

/** A refusal on its way out of a handler. */
export class IntercomRefusal extends Error {
  override readonly name: string = 'IntercomRefusal'
  readonly reply: SimReply
  constructor(reply: SimReply) {
    super('refused')
    this.reply = reply
  }
}

export function refuse(
  status: number,
  code: string,
  message: string,
  headers?: Readonly<Record<string, string>>,
): never {
  throw new IntercomRefusal(errorReply(status, code, message, headers))
}
export const refuseParameter = (message: string): never => refuse(400, 'parameter_invalid', message)
export const userNotFound = (): never => refuse(404, 'not_found', 'User Not Found')
export const resourceNotFound = (): never => refuse(404, 'not_found', 'Resource Not Found')
export const companyNotFound = (): never => refuse(404, 'company_not_found', 'Company Not Found')

/** A route whose handler may throw an `IntercomRefusal`. Bad JSON is a 400; its exact body is assumed. */
export function route(
  method: Route['method'],
  path: string,
  handle: (request: SimRequest) => SimReply,
): Route {
  return {
    method,
    path,
    handle(request) {
      try {
        return handle(request)
      } catch (error) {
        if (error instanceof IntercomRefusal) return error.reply
        if (error instanceof SyntaxError)
          return errorReply(400, 'bad_request', 'Invalid JSON in request body')
        throw error
      }
    },
  }
}
export const ok = (body: unknown): SimReply => ({ status: 200, body })

/** The body as an object; a missing one counts as empty. */
export function readObject(request: SimRequest): Readonly<Record<string, unknown>> {
  const body = request.json() ?? {}
  if (!isObject(body)) return refuse(400, 'bad_request', 'Invalid JSON in request body')
  return body
}
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undescribed names are refused as `POST /companies` is described to do: `bad 'test' parameter`. Elsewhere that is assumed. */
export function refuseUnknown(body: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): void {
  for (const name of Object.keys(body))
    if (!known.has(name)) refuse(400, 'bad_request', `bad '${name}' parameter`)
}
