import { mulberry32, type SandboxClock } from '../core/index.ts'

export interface IdSource {
  /** 24 hex characters that start with the second, as contacts, companies and segments have. */
  objectId(): string
  uuid(): string
  /** A running number for tags, notes, messages and attributes. */
  number(): number
}

/** Ids in Intercom's forms. The same calls in the same order give the same ids, but for the time in them. */
export function createIds(clock: SandboxClock): IdSource {
  let counter = 0
  const random = mulberry32(20_161_122)
  const hex = (length: number): string =>
    Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('')
  return {
    objectId() {
      const seconds = Math.floor(clock.now() / 1_000)
        .toString(16)
        .padStart(8, '0')
      return `${seconds}1bb69f9f21${(++counter).toString(16).padStart(6, '0')}`
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    number: () => ++counter,
  }
}
