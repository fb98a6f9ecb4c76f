import type { Field } from '@tripline/model'

/** What every connector's options have in common. */
export interface ConnectorOptions {
  /** The field registry. Its order is the order of importance when a vendor's count limit drops fields. @default [] */
  readonly fields?: readonly Field[]
  /** Canonical event name → this vendor's; wins over the adapter's table. @default {} */
  readonly eventNames?: Readonly<Record<string, string>>
  /** Canonical field name → this vendor's; wins over the adapter's table. @default {} */
  readonly fieldNames?: Readonly<Record<string, string>>
  /** Time for one HTTP request, in ms. @default 30_000 */
  readonly timeoutMs?: number
  /** Tries per request within one call. @default 8 */
  readonly maxAttempts?: number
}

/** Only the transport's part, without undefined entries. @example createTransport({ ...transportOptions(options), … }) */
export const transportOptions = ({
  timeoutMs,
  maxAttempts,
}: ConnectorOptions): { timeoutMs?: number; maxAttempts?: number } => ({
  ...(timeoutMs !== undefined && { timeoutMs }),
  ...(maxAttempts !== undefined && { maxAttempts }),
})
