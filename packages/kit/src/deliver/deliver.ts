import type { ItemBase, Report } from '@tripline/model'
import type { Session } from '../http/contracts.ts'
import type { Mapped } from './operation.ts'
import { startProgress, toResult } from './progress.ts'
import { runWave } from './run-wave.ts'
import { advance, lanesOf, nextWave } from './waves.ts'

/**
 * Delivers items: each is mapped to writes, and the writes leave in waves that keep the order of every lane, packed to
 * the limits. Always answers with one result per item, in order. Does not close the session.
 * @param map is asked once per item, before anything is sent
 * @throws only what is a defect of the adapter: a throw in `map`, or in an operation. Requests under way settle first;
 *   what they did is then unknown to the caller, who may deliver again with the same keys
 * @example const report = await deliverItems(items, (item) => writes([write(track, toEvent(item), 'track')]), session)
 */
export async function deliverItems<Given extends ItemBase>(
  items: readonly Given[],
  map: (item: Given) => Mapped,
  session: Session,
): Promise<Report> {
  const all = items.map((item) => startProgress(item, map(item)))
  const held = new Set<string>()
  let lanes = lanesOf(all)
  for (;;) {
    lanes = lanes.filter((lane) => advance(lane, held))
    if (lanes.length === 0) break
    await runWave(nextWave(lanes), held, session)
  }
  const halt = session.halted()
  return {
    results: all.map((progress) => toResult(progress, session.dryRun)),
    calls: session.calls(),
    ...(halt && { halt }),
  }
}
