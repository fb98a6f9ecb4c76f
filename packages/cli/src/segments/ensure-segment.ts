import type { Connector, EnsuredSegment } from '@tripline/model'
import { listAll } from './find-segment.ts'

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
  if (!dryRun || !/^\{.*\}$/.test(ensured.segment.id)) return { ...ensured, isNew: ensured.created }
  const listed = await listAll(connector, signal)
  const there = listed.find(
    (each) => each.name === name && each.form === ensured.segment.form && each.writable,
  )
  if (!there) return { ...ensured, created: true, isNew: true }
  return { ...ensured, segment: { form: there.form, id: there.id, name }, created: false, isNew: false }
}
