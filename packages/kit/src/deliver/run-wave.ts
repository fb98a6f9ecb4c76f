import type { Session } from '../http/contracts.ts'
import type { Operation, Verdict } from './operation.ts'
import { createPacker, retriedLanes, type Packed, type Packer, type Parcel } from './pack.ts'
import { settleWrite } from './progress.ts'
import { sendParcels, stopOf } from './send-parcels.ts'
import type { WavePart } from './waves.ts'

/**
 * Sends everything of a wave. The requests of an operation run side by side up to its `parallel`; lanes are kept apart by
 * the packer. Lanes with an item that came back `retry` are added to `held`.
 * @throws the first defect (of an operation's `send`, `encode` …), when all that was under way has settled
 */
export async function runWave(
  parts: readonly WavePart[],
  held: Set<string>,
  session: Session,
): Promise<void> {
  const byOperation = new Map<Operation<unknown>, WavePart[]>()
  for (const part of parts) {
    const same = byOperation.get(part.operation)
    if (same) same.push(part)
    else byOperation.set(part.operation, [part])
  }
  const wave: Wave = { held, session, failure: undefined }
  await Promise.all([...byOperation].map(([operation, same]) => new OperationRun(operation, same, wave).done))
  if (wave.failure) throw wave.failure.error
}
interface Wave {
  readonly held: Set<string>
  readonly session: Session
  /** The first defect: nothing more is sent. */
  failure: { readonly error: unknown } | undefined
}
interface Source {
  readonly packer: Packer
  /** It may have a request to give; otherwise it waits for one to come back. */
  listed: boolean
}

/** What one operation sends in a wave. `done` resolves when nothing is under way and nothing is left; never rejects. */
class OperationRun {
  readonly done: Promise<void>
  readonly #operation: Operation<unknown>
  readonly #wave: Wave
  /** The next one to ask is the last. */
  readonly #sources: Source[] = []
  #running = 0

  constructor(operation: Operation<unknown>, parts: readonly WavePart[], wave: Wave) {
    this.#operation = operation
    this.#wave = wave
    this.done = new Promise((resolve) => {
      this.#guard(() => {
        for (const part of parts.toReversed())
          this.#sources.push({ packer: createPacker(part, refuseFor(operation)), listed: true })
      })
      this.#pump(resolve)
    })
  }

  #pump(finish: () => void): void {
    this.#guard(() => {
      const parallel = Math.max(1, this.#operation.parallel)
      while (this.#running < parallel && !this.#wave.failure) {
        const request = this.#take()
        if (!request) break
        this.#running++
        void this.#send(request.source, request.packed).then(() => {
          this.#running--
          this.#pump(finish)
        })
      }
    })
    if (this.#running === 0) finish()
  }
  #take(): { readonly source: Source; readonly packed: Packed } | undefined {
    for (let source = this.#sources.at(-1); source; source = this.#sources.at(-1)) {
      const stop = stopOf(this.#operation, this.#wave.session)
      if (stop) this.#giveUp(source.packer, stop)
      const packed = source.packer.next()
      if (packed) return { source, packed }
      source.listed = false
      this.#sources.pop()
    }
    return undefined
  }
  #giveUp(packer: Packer, outcome: Verdict['outcome']): void {
    for (const progress of packer.drain()) {
      settleWrite(progress, { outcome })
      this.#wave.held.add(progress.item.lane)
    }
  }
  async #send(source: Source, packed: Packed): Promise<void> {
    try {
      await sendParcels(this.#operation, packed.parcels, this.#wave.session)
    } catch (error) {
      this.#wave.failure ??= { error }
    }
    for (const lane of retriedLanes(packed.parcels)) this.#wave.held.add(lane)
    source.packer.release(packed)
    if (source.listed) return
    source.listed = true
    this.#sources.push(source)
  }
  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#wave.failure ??= { error }
    }
  }
}

const refuseFor =
  (operation: Operation<unknown>) =>
  (parcel: Parcel, maxBytes: number): void => {
    const message = `${parcel.bytes} bytes as JSON, ${operation.endpoint} takes ${maxBytes}: shorten the item`
    for (const progress of parcel.of)
      settleWrite(progress, { outcome: { status: 'dead', fault: { code: 'too-large', message } } })
  }
