import { startSimulator, type Sandbox, type SandboxOptions } from '../core/index.ts'
import type { HubspotAccount } from './account.ts'
import { createHubspotSimulator } from './simulator.ts'
import type { HubspotSeed, HubspotState } from './state.ts'

/**
 * Starts a HubSpot account on loopback.
 *
 * @example
 * const hubspot = await startHubspotSandbox()
 * await fetch(`${hubspot.url}/account-info/2026-09/details`, { headers: { authorization: `Bearer ${hubspotDefaults.accessToken}` } })
 */
export function startHubspotSandbox(
  options: SandboxOptions<HubspotAccount> = {},
): Promise<Sandbox<HubspotAccount, HubspotSeed, HubspotState>> {
  return startSimulator<HubspotAccount, HubspotSeed, HubspotState>(createHubspotSimulator, options)
}
