import { startSimulator, type Sandbox, type SandboxOptions } from '../core/index.ts'
import type { IntercomAccount } from './account.ts'
import type { IntercomState } from './inspect.ts'
import type { IntercomSeed } from './seed.ts'
import { createIntercomSimulator } from './simulator.ts'

export { intercomDefaults, intercomScopes, type IntercomAccount, type IntercomScope } from './account.ts'
export { intercomCoverage } from './coverage.ts'
export type { IntercomState } from './inspect.ts'
export { intercomLimits } from './limits.ts'
export type { IntercomSeed } from './seed.ts'
export { createIntercomSimulator } from './simulator.ts'

/**
 * Starts an Intercom workspace on loopback.
 *
 * @example
 * const sandbox = await startIntercomSandbox()
 * const client = new IntercomClient({ token: intercomDefaults.token, baseUrl: sandbox.url, fetch: sandbox.host.fetch })
 */
export function startIntercomSandbox(
  options: SandboxOptions<IntercomAccount> = {},
): Promise<Sandbox<IntercomAccount, IntercomSeed, IntercomState>> {
  return startSimulator<IntercomAccount, IntercomSeed, IntercomState>(createIntercomSimulator, options)
}
