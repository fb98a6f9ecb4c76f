import type { HttpResult, Sent, Verdict } from '@tripline/kit'
import type { Fault } from '@tripline/model'

export type Outcome = Verdict['outcome']

/** What becomes of a request that no special case knows. */
export function outcomeOf(result: Exclude<HttpResult, { kind: 'ok' }>): Outcome {
  switch (result.kind) {
    case 'refused':
      return { status: 'dead', fault: result.fault }
    case 'retry':
      return {
        status: 'retry',
        fault: result.fault,
        ...(result.notBefore && { notBefore: result.notBefore }),
      }
    case 'unknown':
      return { status: 'unknown', fault: result.fault }
  }
}
export const stored = (vendorId: string, maybeTwice = false): Outcome => ({
  status: 'sent',
  proof: 'stored',
  vendorId,
  ...(maybeTwice && { maybeTwice: true }),
})
/** What was written to a lead that may be there twice is as sure as the lead. */
export const asSureAs = (found: { readonly maybeTwice?: true }, outcome: Outcome): Outcome =>
  found.maybeTwice && outcome.status === 'sent' ? { ...outcome, maybeTwice: true } : outcome
export const deadBy = (code: Fault['code'], message: string, path?: string): Outcome => ({
  status: 'dead',
  fault: { code, message, ...(path !== undefined && { path }) },
})
export const notFound = (who: string): Outcome =>
  deadBy('not-found', `${who}: deliver a profile of this person first, or set createMissingContacts`, 'who')

/** The answer for a request of one value. Its retries are over when it says `retry`: it is not sent again in this call. */
export const sentOne = (outcome: Outcome): Sent =>
  outcome.status === 'retry' ? { kind: 'ended', outcome } : { kind: 'verdicts', verdicts: [{ outcome }] }
/** There was no value. */
export const sentNothing: Sent = { kind: 'verdicts', verdicts: [] }
