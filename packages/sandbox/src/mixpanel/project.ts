import type { SandboxClock, SimulatorOptions } from '../core/index.ts'
import { mixpanelDefaults, patchAccount, type FullAccount, type MixpanelAccount } from './account.ts'
import { createMeters, type Meters } from './limits.ts'
import { createState, type ProjectState } from './state.ts'

/** What every route gets: the project as it is now. */
export interface Project {
  readonly clock: SandboxClock
  account: FullAccount
  state: ProjectState
  meters: Meters
}

export function createProject({ clock, account }: SimulatorOptions<MixpanelAccount>): Project {
  const project: Project = {
    clock,
    account: patchAccount(mixpanelDefaults, account ?? {}),
    state: createState(),
    meters: createMeters(clock, () => project.account.limits),
  }
  return project
}
