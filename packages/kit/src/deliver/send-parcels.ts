import type { Fault } from '@tripline/model'
import { backoffMs } from '../http/backoff.ts'
import type { Session } from '../http/session.ts'
import type { Batch, Operation, Sent, Verdict } from './operation.ts'
import type { Parcel } from './pack.ts'
import { settleWrite } from './progress.ts'

/** How often an item that the vendor put off on its own (inside a good answer) is sent again within the call. */
const maxItemRounds = 6

/** Sends one packed request: halves what is refused as a whole, repeats what the vendor put off, settles every item. */
export async function sendParcels(
  operation: Operation<unknown>,
  parcels: readonly Parcel[],
  session: Session,
): Promise<void> {
  let left = parcels
  for (let round = 1; left.length > 0; round++) {
    const verdicts = await judgeParcels(operation, left, session)
    const again: Parcel[] = []
    for (const [index, parcel] of left.entries()) {
      const verdict: JudgedVerdict = verdicts[index] ?? missing
      if (verdict.retryHere && round < maxItemRounds) again.push(parcel)
      else for (const progress of parcel.of) settleWrite(progress, verdict)
    }
    left = again
    if (left.length > 0 && !(await pause(round, session)))
      return settleAll(left, { status: 'retry', fault: endedFault })
  }
}
const endedFault: Fault = { code: 'timeout', message: 'the call ended before this item was accepted' }
const missing: Verdict = {
  outcome: {
    status: 'retry',
    fault: { code: 'unavailable', message: 'the answer does not mention this item' },
  },
}

type JudgedVerdict = Verdict & { readonly retryHere?: boolean }

async function judgeParcels(
  operation: Operation<unknown>,
  parcels: readonly Parcel[],
  session: Session,
): Promise<readonly JudgedVerdict[]> {
  const sent = await send(operation, parcels, session)
  if (sent.kind === 'ended') return parcels.map(() => ({ outcome: sent.outcome }))
  if (sent.kind === 'verdicts')
    return sent.verdicts.map((verdict) =>
      verdict.outcome.status === 'retry' ? { ...verdict, retryHere: !session.halted() } : verdict,
    )
  if (parcels.length === 1) return [{ outcome: { status: 'dead', fault: sent.fault } }]
  const middle = Math.ceil(parcels.length / 2)
  const first = await judgeParcels(operation, parcels.slice(0, middle), session)
  return [...first, ...(await judgeParcels(operation, parcels.slice(middle), session))]
}

function send(
  operation: Operation<unknown>,
  parcels: readonly Parcel[],
  session: Session,
): Promise<Sent> | Sent {
  const halt = session.halted()
  if (halt && (halt.what === 'connector' || halt.what === operation.ability))
    return { kind: 'ended', outcome: { status: 'retry', fault: halt.fault } }
  if (session.signal.aborted) return { kind: 'ended', outcome: { status: 'retry', fault: endedFault } }
  const batch: Batch<unknown> = {
    values: parcels.map((parcel) => parcel.value),
    json: parcels.map((parcel) => parcel.json),
    bytes: parcels.reduce((sum, parcel) => sum + parcel.bytes, 0),
  }
  return operation.send(batch, session)
}

async function pause(round: number, session: Session): Promise<boolean> {
  const waitMs = backoffMs(round, { baseMs: 500, maxMs: 30_000 })
  if (session.clock.now() + waitMs >= session.deadlineMs) return false
  try {
    await session.clock.sleep(waitMs, session.signal)
    return true
  } catch {
    return false
  }
}

function settleAll(parcels: readonly Parcel[], outcome: Verdict['outcome']): void {
  for (const parcel of parcels) for (const progress of parcel.of) settleWrite(progress, { outcome })
}
