import { mulberry32, type SimReply } from '../../core/index.ts'
import { isObject, type JsonObject } from '../body.ts'
import { invalid, standardError, type ItemError, type Refusal } from '../errors.ts'
import { hubspotSizes } from '../limits.ts'
import type { Portal } from '../portal.ts'

/** HubSpot's batch answer: results in an order of its own, errors beside them. */
export function batchReply(
  portal: Portal,
  results: readonly object[],
  errors: readonly ItemError[] = [],
  status: 200 | 201 = 200,
): SimReply {
  const at = portal.nowIso()
  return {
    status: errors.length > 0 ? 207 : status,
    body: {
      status: 'COMPLETE',
      results: shuffled(results),
      startedAt: at,
      completedAt: at,
      ...(errors.length > 0 && { numErrors: errors.length, errors: errors.map(standardError) }),
    },
  }
}

/** The same input is shuffled the same way; an input of two or more never stays in order. */
function shuffled(results: readonly object[]): readonly object[] {
  const random = mulberry32(results.length)
  const mixed = [...results]
  for (let index = mixed.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * index)
    const [one, two] = [mixed[index], mixed[other]]
    if (one && two) [mixed[index], mixed[other]] = [two, one]
  }
  return mixed
}

/** The rows of a batch; no `inputs` at all is an empty batch. */
export function batchInputs(inputs: unknown, max: number = hubspotSizes.batchInputs): readonly JsonObject[] {
  if (inputs === undefined) return []
  if (!Array.isArray(inputs)) throw invalid('Invalid input JSON on line 1, column 1: `inputs` is no list')
  if (inputs.length > max)
    throw invalid(`The maximum number of inputs supported in a batch request is ${max}`)
  return inputs.map((row: unknown) => {
    if (!isObject(row))
      throw invalid('Invalid input JSON on line 1, column 1: an entry of `inputs` is no object')
    return row
  })
}

/** @throws {Refusal} 400 when an id comes twice. */
export function refuseDuplicates(ids: readonly string[]): void {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const id of ids) {
    if (seen.has(id)) twice.add(id)
    seen.add(id)
  }
  if (twice.size > 0)
    throw invalid(`Duplicate IDs found in batch input: [${[...twice].join(', ')}]. IDs must be unique`, {
      context: { ids: [...twice] },
    })
}

/** A refusal of one row as an entry of `errors`. */
export function itemError(refusal: Refusal, context: Readonly<Record<string, readonly string[]>>): ItemError {
  const { category = 'VALIDATION_ERROR', ...details } = refusal.details
  return { ...details, message: refusal.message, category, context: { ...details.context, ...context } }
}
