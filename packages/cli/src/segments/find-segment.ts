import { TriplineError, type Connector, type ListedSegment, type SegmentRef } from '@tripline/model'
import { CliError } from '../cli-error.ts'

export const segmentForms = [
  'list',
  'tag',
  'attribute',
  'cohort',
  'audience',
  'segment',
] as const satisfies readonly SegmentRef['form'][]

export interface FindOptions {
  readonly connector: Connector
  /** Id or name. */
  readonly given: string
  /** Says that the id is right, also when the vendor does not list such segments (Braze attributes). */
  readonly form: SegmentRef['form'] | undefined
  readonly signal: AbortSignal
}

/** The segment of that id, else of that name. @throws {CliError} there is none, or several */
export async function findSegment({ connector, given, form, signal }: FindOptions): Promise<SegmentRef> {
  if (form !== undefined) return { form, id: given }
  const listed = await listAll(connector, signal)
  const found = listed.filter(({ id }) => id === given)
  const named = found.length > 0 ? found : listed.filter((each) => isNamed(each, given))
  const [one, ...more] = named
  if (one && more.length === 0) return reference(one)
  const vendor = connector.vendor
  if (one) {
    const forms = named.map(({ form: each, id }) => `${each} ${id}`).join(', ')
    throw new CliError(`${vendor} has several segments "${given}" (${forms}); give the id, and its form`)
  }
  throw new CliError(
    `${vendor} lists no segment "${given}"; "tripline segments list" shows them, or say its form`,
  )
}

export async function listAll(connector: Connector, signal: AbortSignal): Promise<readonly ListedSegment[]> {
  const all: ListedSegment[] = []
  for await (const page of connector.segments.list({ signal })) all.push(...page.items)
  return all
}

/** Vendors without room for segments of ours keep them under a prefix: the tag `seg:VIP`. */
export function isNamed({ name, writable }: ListedSegment, given: string): boolean {
  return name === given || (writable && name === `seg:${given}`)
}

/** True for "this vendor or form cannot do that", which is no failure of the read. */
export const isUnsupported = (error: unknown): boolean =>
  TriplineError.is(error) && error.fault.code === 'unsupported'

const reference = ({ form, id, name }: ListedSegment): SegmentRef =>
  name === undefined ? { form, id } : { form, id, name }
