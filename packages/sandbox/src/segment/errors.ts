import type { SimReply } from '../core/index.ts'

/** Tracking API errors. Shape: segmentio/analytics-next:packages/node/src/__tests__ (`invalid_request`). */
export const trackingErrors = {
  malformed: {
    status: 400,
    body: { success: false, message: 'malformed JSON', code: 'invalid_request' },
  },
  // https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#max-request-size
  tooLarge: {
    status: 400,
    body: { success: false, message: 'Exceed payload limit', code: 'invalid_request' },
  },
  // statuses the documents leave open; bodies follow the shape above
  wrongRegion: {
    status: 400,
    body: { success: false, message: 'wrong region for this workspace', code: 'invalid_request' },
  },
  unauthorized: { status: 401, body: { success: false, message: 'unauthorized', code: 'unauthorized' } },
} as const satisfies Record<string, SimReply>

/** Both headers carry seconds. https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#rate-limits */
export const trackingRateLimited = (waitMs: number): SimReply => {
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1_000)))
  return {
    status: 429,
    headers: { 'retry-after': seconds, 'x-ratelimit-reset': seconds },
    body: { success: false, message: 'too many requests', code: 'too_many_requests' },
  }
}

export type ProfileErrorCode =
  | 'authentication_error'
  | 'invalid_request_error'
  | 'validation_error'
  | 'not_found'
  | 'rate_limit_error'
  | 'internal_error'
const profileStatus: Readonly<Record<ProfileErrorCode, number>> = {
  authentication_error: 401,
  invalid_request_error: 400,
  validation_error: 400,
  not_found: 404,
  rate_limit_error: 429,
  internal_error: 500,
}
/** https://segment.com/docs/unify/profile-api/#errors ; a 429 carries no documented Retry-After. */
export const profileError = (code: ProfileErrorCode, message: string): SimReply => ({
  status: profileStatus[code],
  body: { error: { code, message } },
})

/** One entry of a Public API error list. https://docs.segmentapis.com */
export interface PublicError {
  readonly type: string
  readonly message?: string
  readonly field?: string
  readonly data?: unknown
  readonly status?: number
}
const publicErrors = (status: number, errors: readonly PublicError[]): SimReply => ({
  status,
  body: { errors },
})
export const publicUnauthorized = (): SimReply =>
  publicErrors(401, [{ type: 'RequestError', message: 'Unauthorized', status: 401 }])
export const publicNotFound = (): SimReply =>
  publicErrors(404, [{ type: 'NotFound', message: 'Resource not found' }])
/** A workspace without the feature; which of these statuses the vendor gives is not documented. */
export const publicFeatureOff = (status: 401 | 404 | 422): SimReply =>
  status === 401
    ? publicUnauthorized()
    : status === 404
      ? publicNotFound()
      : publicErrors(422, [
          { type: 'ValidationFailure', message: 'This workspace does not have the feature' },
        ])
export const publicConflict = (message: string): SimReply =>
  publicErrors(409, [{ type: 'RequestError', message }])
export const publicMalformed = (): SimReply =>
  publicErrors(400, [{ type: 'RequestError', message: 'Malformed JSON', status: 400 }])
export const publicServerError = (): SimReply =>
  publicErrors(500, [{ type: 'RequestError', message: 'Internal server error', status: 500 }])
export const publicInvalid = (
  problems: readonly { readonly field: string; readonly message: string }[],
): SimReply =>
  publicErrors(
    422,
    problems.map(({ field, message }) => ({ type: 'input-validation', message, field })),
  )
/** Wait `msBeforeNext`; the reset header is a date, and there is no Retry-After. */
export const publicRateLimited = (msBeforeNext: number, consumedPoints: number): SimReply =>
  publicErrors(429, [
    {
      type: 'RequestError',
      message: 'Too many requests',
      data: { remainingPoints: 0, msBeforeNext, consumedPoints },
    },
  ])
export const oauthError = (status: 400 | 401 | 415, error: string, description: string): SimReply => ({
  status,
  body: { error, error_description: description },
})
