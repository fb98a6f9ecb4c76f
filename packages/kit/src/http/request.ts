import type { Ability, CallCount, Fault, Instant } from '@tripline/model'

/** What a repeat of the request does at the vendor; `read` changes nothing. */
export type Repeat = 'read' | 'natural' | 'keyed' | 'doubles'

/** One request, before credentials. */
export interface HttpRequest {
  /** Name in reports and in the limits table, e.g. `POST /users/track`. */
  readonly endpoint: string
  readonly purpose: CallCount['purpose']
  readonly repeat: Repeat
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute. */
  readonly url: string
  /** Names in any case; those of `authorize` win. */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * A function is asked anew for each try, just before it leaves, when all waiting is over: for a vendor that reads a
   * time of sending in the body (Segment's `sentAt`).
   */
  readonly body?: string | Uint8Array | (() => string)
  /** Units to take from a rate limit, by limit id. @default 1 */
  readonly weights?: Readonly<Record<string, number>>
  /** Time for the whole answer of one try, in ms. @default the transport's */
  readonly timeoutMs?: number
  /**
   * `stream` hands over the unread answer: the time-out covers its headers only, and its body ends with an error when
   * the session closes. Answers that are not 2xx are read as text. @default 'text'
   */
  readonly readAs?: 'text' | 'bytes' | 'stream'
}
/** A vendor's answer, as `judge` sees it. */
export interface Answer {
  readonly request: HttpRequest
  readonly status: number
  readonly headers: Headers
  /** Empty for `bytes` and `stream`. */
  readonly text: string
  /** The text as JSON, undefined when it is none. */
  json(): unknown
  readonly bytes?: Uint8Array
  readonly stream?: ReadableStream<Uint8Array>
}
/** What an adapter makes of an answer. */
export type Judgement =
  | { readonly kind: 'ok' }
  /** Permanent for this request as it is; a batch is halved. */
  | { readonly kind: 'refused'; readonly fault: Fault }
  /** Certainly not done; repeated after `waitMs` (default: back-off). */
  | { readonly kind: 'busy'; readonly fault: Fault; readonly waitMs?: number }
  /** May have been done; repeated, or `unknown`, as the call wants it. */
  | { readonly kind: 'doubtful'; readonly fault: Fault; readonly waitMs?: number }
  /** Not done, and not worth waiting for inside this call (a daily limit). */
  | { readonly kind: 'later'; readonly fault: Fault; readonly notBefore: Instant }
  /** The credential was refused: it is asked for once more, then `halt` of the connector. */
  | { readonly kind: 'unauthorized'; readonly fault: Fault }
  /** Someone must act before this connector or ability works again. */
  | { readonly kind: 'halt'; readonly what: 'connector' | Ability; readonly fault: Fault }

/** How one request ended, after all retries. */
export type HttpResult =
  | { readonly kind: 'ok'; readonly answer: Answer; readonly maybeTwice: boolean }
  | { readonly kind: 'refused'; readonly answer?: Answer; readonly fault: Fault }
  /** Not done, or repeatable without harm. */
  | { readonly kind: 'retry'; readonly fault: Fault; readonly notBefore?: Instant }
  /** May have been done, and a repeat would double it. */
  | { readonly kind: 'unknown'; readonly fault: Fault }
