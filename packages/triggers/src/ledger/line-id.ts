import { hash } from 'node:crypto'

/** What an id is made of. `userId`: that of the entry, also after a merge. `stepPath`: `''` for the entry itself. */
export interface LineIdParts {
  readonly trigger: string
  readonly version: number
  readonly userId: string
  readonly anchorKey: string
  readonly stepPath: string
}

/**
 * The id of a ledger line: SHA-256 of the JSON array (UTF-8) of the parts in this order, first 128 bits, as 32 hex
 * digits. A repeat of work after a crash has the same.
 */
export function lineId({ trigger, version, userId, anchorKey, stepPath }: LineIdParts): string {
  const text = JSON.stringify([trigger, version, userId, anchorKey, stepPath])
  return hash('sha256', text, 'hex').slice(0, 32)
}
