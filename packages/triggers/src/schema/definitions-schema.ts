import { readDefinitions } from '../definition/read/definitions.ts'
import { createSchemaNames, type JsonSchema } from './json-schema.ts'

/**
 * The JSON Schema (draft 2020-12) of definitions as they are written, made from the very tables by which they are read.
 * The package holds it as `@tripline/triggers/definitions.schema.json`. `$defs` has what stands alone: `Trigger`,
 * `Segment`, `TrackingPlan`, `Policy`, `Occasion`, `Condition`, `Step`.
 *
 * What it takes can still be refused by `parseDefinitions`: names of time zones, fields of cron expressions, durations
 * over 100 years, addresses, regular expressions, quiet hours of no length, references (segments, required
 * properties), ids that stand twice, `by` and anchors where there is no event, arms without any weight, and what the
 * tracking plan does not declare. What it refuses is always refused.
 */
export function definitionsSchema(): JsonSchema {
  const names = createSchemaNames()
  const root = readDefinitions.describe(names) as object
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Tripline definitions',
    ...root,
    $defs: names.found,
  }
}
