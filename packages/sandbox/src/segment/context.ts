import type { SandboxClock } from '../core/index.ts'
import type { SegmentAccount } from './account.ts'
import type { Store } from './state.ts'

/** What every part of the simulator works on. `account` and `store` are replaced by `configure` and `reset`. */
export interface Context {
  readonly clock: SandboxClock
  account: SegmentAccount
  store: Store
}
export const toIso = (ms: number): string => new Date(ms).toISOString()
