import {
  sentFrom,
  type Answer,
  type Batch,
  type Operation,
  type Sent,
  type Session,
  type Verdict,
} from '@tripline/kit'
import type { Fault } from '@tripline/model'
import type { MixpanelClient } from './client.ts'
import { faultOf } from './errors.ts'
import { maxOf } from './limits.ts'
import type { MixpanelEvent } from './mapping/events.ts'

/** The one operation for events, links and starts by event. */
export function createImportOperation(client: MixpanelClient, maxBytes: number): Operation<MixpanelEvent> {
  return {
    endpoint: 'POST /import',
    ability: 'event',
    repeat: 'keyed',
    maxItems: maxOf('import.items'),
    maxBytes,
    maxItemBytes: Math.min(maxOf('event.bytes'), maxBytes - 2),
    frameBytes: '[]'.length,
    parallel: 10, // the docs advise 10 to 20
    send: (batch, session) => sendEvents(client, batch, session),
  }
}

async function sendEvents(
  client: MixpanelClient,
  batch: Batch<MixpanelEvent>,
  session: Session,
): Promise<Sent> {
  const count = batch.values.length
  const request = client.request('POST /import', {
    purpose: 'write',
    repeat: 'keyed',
    json: `[${batch.json.join(',')}]`,
    weights: { 'import.rate': count, 'ingestion.byteRate': batch.bytes },
  })
  const result = await session.request(client.compress(request, session))
  const answer = result.kind === 'ok' || result.kind === 'refused' ? result.answer : undefined
  const verdicts = answer && readVerdicts(answer, count)
  return verdicts ? { kind: 'verdicts', verdicts } : sentFrom(result, (said) => miscounted(said))
}

interface ImportAnswer {
  readonly num_records_imported?: unknown
  readonly failed_records?: unknown
}
interface FailedRecord {
  readonly index?: unknown
  readonly field?: unknown
  readonly message?: unknown
}

/**
 * A 400 names the bad events by their place; the good ones are stored all the same and must not be sent again.
 * @returns undefined when the answer does not add up to the events that were sent (then the batch is refused as a whole)
 */
function readVerdicts(answer: Answer, count: number): readonly Verdict[] | undefined {
  const { num_records_imported: stored, failed_records = [] } = (answer.json() ?? {}) as ImportAnswer
  if (!Array.isArray(failed_records)) return undefined
  const refused = new Map<number, Fault>()
  for (const record of failed_records as readonly unknown[]) {
    const { index, field, message } = (
      typeof record === 'object' && record !== null ? record : {}
    ) as FailedRecord
    if (typeof index !== 'number' || index < 0 || index >= count) return undefined
    const fault = { code: 'invalid', message: String(message), status: answer.status } as const
    refused.set(index, typeof field === 'string' ? { ...fault, path: field } : fault)
  }
  const good = verdictOfGood(answer, stored, count - refused.size, refused.size > 0)
  if (!good) return undefined
  return Array.from({ length: count }, (_, index): Verdict => {
    const fault = refused.get(index)
    return fault ? { outcome: { status: 'dead', fault } } : good
  })
}

/** What became of the events that the answer does not name. */
function verdictOfGood(
  answer: Answer,
  stored: unknown,
  expected: number,
  isPartial: boolean,
): Verdict | undefined {
  if (stored === expected && (answer.status === 200 || isPartial))
    return { outcome: { status: 'sent', proof: 'stored' } }
  // Nothing was kept, so the good ones may go again without those that are named.
  return isPartial && stored === 0
    ? { outcome: { status: 'retry', fault: faultOf(answer, 'unavailable') } }
    : undefined
}

/** A 200 with another number than was sent: a repeat does no harm, the key stays the same. */
const miscounted = (answer: Answer): Sent => ({
  kind: 'ended',
  outcome: {
    status: 'retry',
    fault: faultOf(answer, 'unavailable', ': the answer counts other events than were sent'),
  },
})
