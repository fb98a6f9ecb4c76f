import type { BatchRows } from '../batch/batch-rows.ts'
import { compareEvents, type InputEvent } from '../batch/input-event.ts'

/**
 * Events of one person that were read and not yet given, as places in their batches: as objects they would outlive the
 * young generation.
 */
export class WaitingEvents {
  readonly #batches: BatchRows[] = []
  readonly #rows: number[] = []
  #isUnordered = false

  get count(): number {
    return this.#rows.length
  }

  add(batch: BatchRows, row: number): void {
    const last = this.#rows.length - 1
    if (last >= 0 && this.#isAfter(last, batch, row)) this.#isUnordered = true
    this.#batches.push(batch)
    this.#rows.push(row)
  }

  /** Puts them in order, where they are not. */
  sort(): void {
    if (!this.#isUnordered) return
    this.#isUnordered = false
    const [batches, rows] = [this.#batches.slice(), this.#rows.slice()]
    const events = rows.map((_, index) => this.#event(index))
    const order = [...rows.keys()].sort((left, right) =>
      compareEvents(events[left] as InputEvent, events[right] as InputEvent),
    )
    for (const [place, index] of order.entries()) {
      this.#batches[place] = batches[index] as BatchRows
      this.#rows[place] = rows[index] as number
    }
  }

  /** `NaN`: there is none at the index. */
  atMs(index: number): number {
    return this.#batches[index]?.atMs(this.#rows[index] as number) ?? Number.NaN
  }

  arrival(index: number): number {
    return (this.#batches[index] as BatchRows).arrival(this.#rows[index] as number)
  }

  /** Gives the first ones; they wait no more. */
  take(count: number): readonly InputEvent[] {
    const events: InputEvent[] = []
    for (let index = 0; index < count; index++) events.push(this.#event(index))
    if (count === this.#rows.length) {
      this.#rows.length = 0
      this.#batches.length = 0
    } else {
      this.#rows.splice(0, count)
      this.#batches.splice(0, count)
    }
    return events
  }

  #event(index: number): InputEvent {
    return (this.#batches[index] as BatchRows).event(this.#rows[index] as number)
  }

  #isAfter(index: number, batch: BatchRows, row: number): boolean {
    const differenceMs = this.atMs(index) - batch.atMs(row)
    return differenceMs === 0 ? compareEvents(this.#event(index), batch.event(row)) > 0 : differenceMs > 0
  }
}
