import type { Connector, EnsuredSegment, SegmentRef } from '@tripline/model'
import { isNamed, listAll } from './find-segment.ts'

/** `isNew`: nobody can be in it yet. */
export type ReadySegment = EnsuredSegment & { readonly isNew: boolean }

/**
 * The segment of that name in the form that the vendor can write, made when it is not there. A dry run makes nothing:
 * an adapter then answers with an id in braces where the vendor gives the id, so the name is looked up here.
 */
export async function ensureSegment(
  connector: Connector,
  name: string,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<ReadySegment> {
  const ensured = await connector.segments.ensure(name, { signal, dryRun })
  if (!dryRun || !isPlaceholder(ensured.segment)) return { ...ensured, isNew: ensured.created }
  const listed = await listAll(connector, signal)
  const { form } = ensured.segment
  const there = listed.find((each) => each.writable && each.form === form && isNamed(each, name))
  if (!there) return { ...ensured, created: true, isNew: true }
  return { ...ensured, segment: { form, id: there.id, name }, created: false, isNew: false }
}

/** The id that a dry run answers with in place of the vendor's. */
export const isPlaceholder = ({ id }: SegmentRef): boolean => /^\{.*\}$/.test(id)
