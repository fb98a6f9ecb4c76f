import { TriplineError, type CheckReport, type Connector, type Fault, type Limit } from '@tripline/model'
import type { Vendor } from '../config/vendors.ts'

/** What one account said about itself. */
export interface Examined {
  readonly vendor: Vendor
  readonly account: NonNullable<CheckReport['account']>
  readonly clockSkewMs?: number
  readonly abilities?: CheckReport['abilities']
  readonly faults: readonly Fault[]
  readonly limits: readonly Limit[]
  /** `refused`: the credential fails; `unreachable`: the account could not be asked. */
  readonly state: 'ready' | 'partly' | 'refused' | 'unreachable'
}

/** Asks an account what it may do. A failure is a state, not a throw. */
export async function examine(vendor: Vendor, connector: Connector, signal: AbortSignal): Promise<Examined> {
  const { limits } = connector
  try {
    const { account = {}, abilities, clockSkewMs, faults } = await connector.check({ signal })
    const state = stateOf(faults)
    return {
      vendor,
      account,
      abilities,
      faults,
      limits,
      state,
      ...(clockSkewMs !== undefined && { clockSkewMs }),
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!TriplineError.is(error)) throw error
    return { vendor, account: {}, faults: [error.fault], limits, state: stateOf([error.fault]) }
  }
}

function stateOf(faults: readonly Fault[]): Examined['state'] {
  if (faults.some(({ code }) => code === 'auth')) return 'refused'
  if (faults.some(({ code }) => code === 'unavailable' || code === 'timeout')) return 'unreachable'
  return faults.length > 0 ? 'partly' : 'ready'
}
