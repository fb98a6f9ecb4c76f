import type { Fault } from '@tripline/model'
import { backoffMs, type Backoff } from '../http/backoff.ts'
import type { Session } from '../http/contracts.ts'
import type { Batch, Operation, Sent, Verdict } from './operation.ts'
import { encode, type Parcel } from './pack.ts'
import { laneHeld, settleWrite } from './progress.ts'

/** How often an item that the vendor put off on its own (inside a good answer) is sent again within the call. */
const maxItemRounds = 6
const betweenRounds: Backoff = { baseMs: 500, maxMs: 30_000 }

/** `here`: the vendor put off this item alone, so it is sent again within the call. */
type Judged = Verdict & { readonly here?: boolean }

/**
 * Sends one packed request: halves what is refused as a whole, repeats what the vendor put off, takes refused
 * folds apart, settles every item.
 */
export async function sendParcels(
  operation: Operation<unknown>,
  parcels: readonly Parcel[],
  session: Session,
): Promise<void> {
  let left = parcels
  for (let round = 1; left.length > 0; round++) {
    const verdicts = await judgeParcels(operation, left, session)
    const again: { readonly parcel: Parcel; readonly verdict: Judged }[] = []
    const stuck = new Set<string>()
    const apart: Parcel[] = []
    left.forEach((parcel, index) => {
      const verdict: Judged = verdicts[index] ?? missingOf(operation)
      if (verdict.outcome.status === 'dead' && parcel.of.length > 1) apart.push(parcel)
      else if (verdict.here && round < maxItemRounds && !touches(parcel, stuck))
        again.push({ parcel, verdict })
      else settle(parcel, verdict, stuck)
    })
    for (const parcel of apart) await sendApart(operation, parcel, session, stuck)
    if (again.length === 0) return
    if (!(await pause(round, session))) {
      for (const { parcel, verdict } of again) settle(parcel, verdict, stuck)
      return
    }
    left = again.map(({ parcel }) => parcel)
  }
}

/** Items folded into one value share its verdict: refused, each is sent alone, so that a bad one takes no other along. */
async function sendApart(
  operation: Operation<unknown>,
  { of }: Parcel,
  session: Session,
  stuck: Set<string>,
): Promise<void> {
  for (const progress of of) {
    const { lane } = progress.item
    const single = encode(operation, { value: progress.writes[progress.next]?.value, of: [progress] })
    if (stuck.has(lane)) settle(single, laneHeldVerdict, stuck)
    else await sendParcels(operation, [single], session)
    if (progress.outcome?.status === 'retry') stuck.add(lane)
  }
}

/** Why nothing more of this operation may leave in this call; undefined: it may. */
export function stopOf(
  operation: Operation<unknown>,
  session: Session,
): Extract<Verdict['outcome'], { status: 'retry' }> | undefined {
  const halt = session.halted()
  if (halt && (halt.what === 'connector' || halt.what === operation.ability))
    return { status: 'retry', fault: halt.fault }
  return session.signal.aborted ? { status: 'retry', fault: endedFault } : undefined
}
const endedFault: Fault = { code: 'timeout', message: 'the call ended before this item was sent' }
const laneHeldVerdict: Judged = { outcome: { status: 'retry', fault: laneHeld }, here: true }

function missingOf(operation: Operation<unknown>): Verdict {
  const fault: Fault = { code: 'unavailable', message: 'the answer does not mention this item' }
  return { outcome: { status: operation.repeat === 'doubles' ? 'unknown' : 'retry', fault } }
}

/** One verdict per parcel, in order. */
async function judgeParcels(
  operation: Operation<unknown>,
  parcels: readonly Parcel[],
  session: Session,
): Promise<readonly Judged[]> {
  const sent = await send(operation, parcels, session)
  if (sent.kind === 'ended') return parcels.map(() => ({ outcome: sent.outcome }))
  if (sent.kind === 'verdicts') {
    const isHalted = session.halted() !== undefined
    return parcels.map((_, index) => {
      const verdict = sent.verdicts[index] ?? missingOf(operation)
      const { outcome } = verdict
      if (outcome.status !== 'retry') return verdict
      return { ...verdict, here: !isHalted && outcome.notBefore === undefined }
    })
  }
  if (parcels.length === 1) return [{ outcome: { status: 'dead', fault: sent.fault } }]
  return judgeHalves(operation, parcels, session)
}

/** The second half goes without the lanes that the first one left behind. */
async function judgeHalves(
  operation: Operation<unknown>,
  parcels: readonly Parcel[],
  session: Session,
): Promise<readonly Judged[]> {
  const middle = Math.ceil(parcels.length / 2)
  const head = parcels.slice(0, middle)
  const first = await judgeParcels(operation, head, session)
  const behind = new Set<string>()
  head.forEach(({ of }, index) => {
    if (first[index]?.outcome.status === 'retry') for (const { item } of of) behind.add(item.lane)
  })
  const tail = parcels.slice(middle)
  const free = tail.filter((parcel) => !touches(parcel, behind))
  const second = free.length === 0 ? [] : await judgeParcels(operation, free, session)
  let place = 0
  return [
    ...first,
    ...tail.map((parcel) =>
      touches(parcel, behind) ? laneHeldVerdict : (second[place++] ?? missingOf(operation)),
    ),
  ]
}

function send(
  operation: Operation<unknown>,
  parcels: readonly Parcel[],
  session: Session,
): Promise<Sent> | Sent {
  const stop = stopOf(operation, session)
  if (stop) return { kind: 'ended', outcome: stop }
  const values: unknown[] = []
  const json: string[] = []
  let bytes = 0
  for (const parcel of parcels) {
    values.push(parcel.value)
    json.push(parcel.json)
    bytes += parcel.bytes
  }
  const batch: Batch<unknown> = { values, json, bytes }
  return operation.send(batch, session)
}

async function pause(round: number, session: Session): Promise<boolean> {
  const waitMs = backoffMs(round, betweenRounds)
  if (session.clock.now() + waitMs >= session.deadlineMs) return false
  try {
    await session.clock.sleep(waitMs, session.signal)
    return true
  } catch {
    return false
  }
}

const touches = (parcel: Parcel, lanes: ReadonlySet<string>): boolean =>
  lanes.size > 0 && parcel.of.some(({ item }) => lanes.has(item.lane))

/** A `retry` holds the later items of its lane. */
function settle(parcel: Parcel, verdict: Verdict, stuck: Set<string>): void {
  for (const progress of parcel.of) {
    settleWrite(progress, verdict)
    if (verdict.outcome.status === 'retry') stuck.add(progress.item.lane)
  }
}
