import type { Answer } from '@tripline/kit'
import type { HubSpotError } from './errors.ts'
import { rowsOf, type ContactRow } from './lookup.ts'

/** What became of the inputs of a batch upsert, by trace id. The order of HubSpot's results means nothing. */
export interface UpsertAnswer {
  readonly rows: Map<string, ContactRow>
  readonly errors: Map<string, HubSpotError>
}

/** An input that is in neither map was not mentioned: nothing is known of it. */
export function readUpsert(answer: Answer): UpsertAnswer {
  const rows = new Map<string, ContactRow>()
  const errors = new Map<string, HubSpotError>()
  for (const row of rowsOf(answer) as readonly (ContactRow & { readonly objectWriteTraceId?: string })[])
    if (row.objectWriteTraceId !== undefined) rows.set(row.objectWriteTraceId, row)
  const body = answer.json() as { readonly errors?: readonly HubSpotError[] } | undefined
  for (const error of body?.errors ?? [])
    for (const trace of error.context?.['objectWriteTraceId'] ?? []) errors.set(trace, error)
  return { rows, errors }
}
