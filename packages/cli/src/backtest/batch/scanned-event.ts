import type { InputEvent } from './input-event.ts'

/** Where a scanned event is read from. */
export interface EventRows {
  atMs(row: number): number
  receivedMs(row: number): number
  arrival(row: number): number
  person(row: number): string
  name(row: number): string
  messageId(row: number): string
  properties(row: number): InputEvent['properties']
}

/** An ordinary `track` event in a batch. Its id and its properties are made when somebody asks for them. */
export class ScannedEvent implements InputEvent {
  readonly name: string
  readonly atMs: number
  readonly #rows: EventRows
  readonly #row: number
  #messageId: string | undefined
  #properties: InputEvent['properties'] | undefined

  constructor(rows: EventRows, row: number) {
    this.name = rows.name(row)
    this.atMs = rows.atMs(row)
    this.#rows = rows
    this.#row = row
    this.#messageId = undefined
    this.#properties = undefined
  }

  get type(): 'track' {
    return 'track'
  }
  get isAnonymous(): boolean {
    return false
  }
  get links(): string {
    return ''
  }
  get seq(): number {
    return 0
  }
  get person(): string {
    return this.#rows.person(this.#row)
  }
  get receivedMs(): number {
    return this.#rows.receivedMs(this.#row)
  }
  get arrival(): number {
    return this.#rows.arrival(this.#row)
  }
  get messageId(): string {
    return (this.#messageId ??= this.#rows.messageId(this.#row))
  }
  get properties(): InputEvent['properties'] {
    return (this.#properties ??= this.#rows.properties(this.#row))
  }
}
