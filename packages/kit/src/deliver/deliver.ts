import type { ItemBase, Report } from '@tripline/model'
import type { Session } from '../http/session.ts'
import type { Mapped } from './operation.ts'
import { holdBack, isOpen, startProgress, toResult, type Progress } from './progress.ts'
import { laneHeld, runWave } from './run-wave.ts'
import { nextWave } from './waves.ts'

/**
 * Delivers items: each is mapped to writes, and the writes leave in waves that keep the order of every lane, packed to
 * the limits. Always answers with one result per item, in order; throws only what is a defect of the adapter.
 */
export async function deliverItems<Given extends ItemBase>(
  items: readonly Given[],
  map: (item: Given) => Mapped,
  session: Session,
): Promise<Report> {
  const all: Progress[] = items.map((item) => startProgress(item, map(item)))
  const held = new Set<string>()
  let open = all.filter(isOpen)
  while (open.length > 0) {
    await runWave(nextWave(open), held, session)
    const left: Progress[] = []
    for (const progress of open) {
      if (!isOpen(progress)) continue
      if (held.has(progress.item.lane)) holdBack(progress, laneHeld)
      else left.push(progress)
    }
    open = left
  }
  const halt = session.halted()
  return {
    results: all.map((progress) => toResult(progress, session.dryRun)),
    calls: session.calls(),
    ...(halt && { halt }),
  }
}
