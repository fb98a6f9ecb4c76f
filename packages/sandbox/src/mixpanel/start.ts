import { startSimulator, type Sandbox, type SandboxOptions } from '../core/index.ts'
import type { MixpanelAccount } from './account.ts'
import type { MixpanelSeed, MixpanelState } from './inspect.ts'
import { createMixpanelSimulator } from './simulator.ts'

/**
 * Starts a Mixpanel project on loopback. All hosts of the vendor are this one address; regions are other base URLs.
 * @example
 * const sandbox = await startMixpanelSandbox()
 * await fetch(`${sandbox.url}/track`, { method: 'POST', … })
 * sandbox.inspect().events
 * await sandbox.close()
 */
export const startMixpanelSandbox = (
  options: SandboxOptions<MixpanelAccount> = {},
): Promise<Sandbox<MixpanelAccount, MixpanelSeed, MixpanelState>> =>
  startSimulator(createMixpanelSimulator, options)
