import { BatchRows } from './batch-rows.ts'
import type { EventBatch } from './event-batch.ts'

/** Reads what a `BatchWriter` wrote; all batches in their order. */
export class BatchReader {
  readonly #people: string[] = []
  readonly #events: string[] = []
  readonly #properties: readonly string[] | undefined

  /** @param properties names of those that the writer was told to look for. `undefined`: all are read */
  constructor(properties?: readonly string[]) {
    this.#properties = properties
  }

  read(batch: EventBatch): BatchRows {
    for (const person of batch.newPeople) this.#people.push(person)
    for (const name of batch.newNames) this.#events.push(name)
    return new BatchRows(batch, { people: this.#people, events: this.#events, properties: this.#properties })
  }
}
