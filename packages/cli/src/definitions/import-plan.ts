import { resolve } from 'node:path'
import { planFromSchemas, planFromSegment, type EventSchemas, type ImportedPlan } from '@tripline/triggers'
import { CliError } from '../cli-error.ts'
import { readJson } from './read-json.ts'

/** Where a tracking plan comes from: one of the two. */
export interface PlanSource {
  /** Files with the rules of a Segment tracking plan, one for each page of the answer. */
  readonly segment: readonly string[]
  /** A file of JSON Schemas: `{ events: { name: schema }, traits }`. */
  readonly schemas?: string | undefined
  readonly folder: string
}

/** @throws {CliError} none or both are given, a file is not there, or it holds something else */
export async function importPlan({ segment, schemas, folder }: PlanSource): Promise<ImportedPlan> {
  if (segment.length > 0 === (schemas !== undefined)) {
    throw new CliError('say what the plan is made from: --segment FILE or --schemas FILE')
  }
  if (schemas !== undefined) return planFromSchemas(await readSchemas(resolve(folder, schemas)))
  const pages = await Promise.all(segment.map((file) => readJson(resolve(folder, file), 'rules')))
  return planFromSegment(pages)
}

async function readSchemas(path: string): Promise<EventSchemas> {
  const read = await readJson(path, 'schemas')
  if (isObject(read) && isObject(read['events'])) return { events: read['events'], traits: read['traits'] }
  throw new CliError(`${path} holds no schemas: { "events": { "Signed Up": SCHEMA }, "traits": SCHEMA }`)
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
