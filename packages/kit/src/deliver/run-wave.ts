import { createGate, type Gate } from '../http/transport.ts'
import type { Session } from '../http/session.ts'
import type { Operation } from './operation.ts'
import { pack, type Parcel } from './pack.ts'
import { holdBack, settleWrite } from './progress.ts'
import { sendParcels } from './send-parcels.ts'
import type { WavePart } from './waves.ts'

/** Sends everything of a wave. Requests run side by side, but two that share a lane run one after the other. */
export async function runWave(
  parts: readonly WavePart[],
  held: Set<string>,
  session: Session,
): Promise<void> {
  const gates = new Map<Operation<unknown>, Gate>()
  const lastOfLane = new Map<string, Promise<void>>()
  const running: Promise<void>[] = []
  for (const part of parts) {
    const { operation } = part
    const gate = gates.get(operation) ?? createGate(operation.parallel)
    gates.set(operation, gate)
    const { requests, oversize } = pack(part)
    for (const parcel of oversize) refuseOversize(operation, parcel)
    for (const request of requests)
      running.push(chain(operation, request, { gate, lastOfLane, held, session }))
  }
  await Promise.all(running)
}
interface Chain {
  readonly gate: Gate
  readonly lastOfLane: Map<string, Promise<void>>
  readonly held: Set<string>
  readonly session: Session
}

function chain(
  operation: Operation<unknown>,
  parcels: readonly Parcel[],
  { gate, lastOfLane, held, session }: Chain,
): Promise<void> {
  const lanes = new Set<string>()
  for (const parcel of parcels) for (const progress of parcel.of) lanes.add(progress.item.lane)
  const before = new Set<Promise<void>>()
  for (const lane of lanes) {
    const last = lastOfLane.get(lane)
    if (last) before.add(last)
  }
  const run = async (): Promise<void> => {
    if (before.size > 0) await Promise.all(before)
    const ready = before.size > 0 ? parcels.filter((parcel) => !holdIfHeld(parcel, held)) : parcels
    if (ready.length === 0) return
    const leave = await gate.enter(neverAborts)
    try {
      await sendParcels(operation, ready, session)
    } finally {
      leave()
    }
    for (const parcel of ready)
      for (const progress of parcel.of) if (progress.outcome?.status === 'retry') held.add(progress.item.lane)
  }
  const promise = run()
  for (const lane of lanes) lastOfLane.set(lane, promise)
  return promise
}
// Requests give way by themselves when the session ends; the gate only counts.
const neverAborts = new AbortController().signal

export const laneHeld = 'an earlier item of its lane must go first'
function holdIfHeld(parcel: Parcel, held: ReadonlySet<string>): boolean {
  const isHeld = parcel.of.some((progress) => held.has(progress.item.lane))
  if (isHeld) for (const progress of parcel.of) holdBack(progress, laneHeld)
  return isHeld
}

function refuseOversize(operation: Operation<unknown>, parcel: Parcel): void {
  const maxBytes = Math.min(operation.maxBytes - operation.frameBytes, operation.maxItemBytes ?? Infinity)
  const message = `${parcel.bytes} bytes as JSON, ${operation.endpoint} takes ${maxBytes}: shorten the item`
  for (const progress of parcel.of)
    settleWrite(progress, { outcome: { status: 'dead', fault: { code: 'too-large', message } } })
}
