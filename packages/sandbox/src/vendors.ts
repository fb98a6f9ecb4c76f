import type { Simulator, SimulatorOptions } from './core/simulator.ts'

export const vendors = ['segment', 'mixpanel', 'hubspot', 'braze', 'intercom'] as const
export type Vendor = (typeof vendors)[number]

type Create = (options: SimulatorOptions<object>) => Simulator
/** Loads one vendor's simulator on demand. */
export const simulators: Readonly<Record<Vendor, () => Promise<Create>>> = {
  segment: async () => (await import('./segment/simulator.ts')).createSegmentSimulator,
  mixpanel: async () => (await import('./mixpanel/simulator.ts')).createMixpanelSimulator,
  hubspot: async () => (await import('./hubspot/simulator.ts')).createHubspotSimulator,
  braze: async () => (await import('./braze/simulator.ts')).createBrazeSimulator,
  intercom: async () => (await import('./intercom/simulator.ts')).createIntercomSimulator,
}
