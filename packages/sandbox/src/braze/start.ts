import { startSimulator, type Sandbox, type SandboxOptions } from '../core/index.ts'
import type { BrazeAccount } from './account.ts'
import { createBrazeSimulator } from './simulator.ts'
import type { BrazeSeed, BrazeState } from './state.ts'

export type BrazeSandbox = Sandbox<BrazeAccount, BrazeSeed, BrazeState>

/**
 * A Braze workspace on loopback, with the key of `brazeDefaults`.
 * @example
 * const braze = await startBrazeSandbox()
 * await fetch(`${braze.url}/users/track`, {
 *   method: 'POST',
 *   headers: { authorization: 'Bearer braze-sandbox-key', 'content-type': 'application/json' },
 *   body: JSON.stringify({ attributes: [{ external_id: 'u1', plan: 'pro' }] }),
 * })
 * braze.inspect().profiles[0]?.custom_attributes // => { plan: 'pro' }
 */
export const startBrazeSandbox = (options?: SandboxOptions<BrazeAccount>): Promise<BrazeSandbox> =>
  startSimulator<BrazeAccount, BrazeSeed, BrazeState>(createBrazeSimulator, options)
