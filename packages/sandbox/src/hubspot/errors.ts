import { randomUUID } from 'node:crypto'
import type { SimReply } from '../core/index.ts'

export interface ErrorDetails {
  readonly category?: string
  readonly subCategory?: string
  readonly context?: Readonly<Record<string, readonly string[]>>
  readonly errors?: readonly object[]
}
/** One entry of `errors` in a 207 answer. */
export interface ItemError extends ErrorDetails {
  readonly message: string
  readonly category: string
}

/** Thrown by a route, answered by the simulator. */
export class Refusal extends Error {
  readonly status: number
  readonly details: ErrorDetails
  constructor(status: number, message: string, details: ErrorDetails = {}) {
    super(message)
    this.status = status
    this.details = details
  }
  reply(): SimReply {
    return errorReply(this.status, this.message, this.details)
  }
}

export const invalid = (message: string, details: ErrorDetails = {}): Refusal =>
  new Refusal(400, message, { category: 'VALIDATION_ERROR', ...details })

export const notFound = (message = 'resource not found'): Refusal =>
  new Refusal(404, message, { category: 'OBJECT_NOT_FOUND' })

/** The sandbox's own word, never HubSpot's: it cannot do what a real account would. */
export const notSimulated = (what: string): Refusal =>
  new Refusal(501, `The sandbox does not simulate ${what}`)

/** HubSpot's envelope. `https://github.com/HubSpot/HubSpot-public-api-spec-collection`, schema `Error`. */
export function errorReply(status: number, message: string, details: ErrorDetails = {}): SimReply {
  return { status, body: { status: 'error', message, correlationId: randomUUID(), ...details } }
}

/** HubSpot's `StandardError`, the form inside a 207. */
export function standardError(error: ItemError): object {
  return { status: 'error', context: {}, errors: [], links: {}, ...error }
}

export function missingScopes(scopes: readonly string[]): SimReply {
  return errorReply(
    403,
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    {
      category: 'MISSING_SCOPES',
      errors: [
        {
          message: 'One or more of the following scopes are required.',
          context: { requiredGranularScopes: scopes },
        },
      ],
    },
  )
}

export function rateLimited(
  policyName: 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY',
  groupName: string,
): SimReply {
  return {
    status: 429,
    body: {
      status: 'error',
      message: `You have reached your ${policyName.toLowerCase()} limit.`,
      errorType: 'RATE_LIMIT',
      policyName,
      groupName,
      correlationId: randomUUID(),
      requestId: randomUUID(),
    },
  }
}
