import type { ConnectorOptions } from '@tripline/kit'
import type { Vendor } from '../config/vendors.ts'

/** How a connector reaches its simulator; secrets are those of the simulators' ready accounts. */
interface DemoAccount {
  readonly options: (url: string) => ConnectorOptions & Readonly<Record<string, unknown>>
  /** Whether all members of the segment form that we write can be listed, or only given people asked about. */
  readonly membersBy: 'all' | 'ids'
  /** What the simulated account is, where it is not the ready one. */
  readonly account?: object
  /** What a person would have made in the vendor's UI. */
  readonly seed?: object
}

export const demoAccounts: Readonly<Record<Vendor, DemoAccount>> = {
  segment: {
    membersBy: 'ids',
    options: (url) => ({ baseUrl: url }),
  },
  mixpanel: {
    membersBy: 'all',
    options: (url) => ({
      baseUrl: url,
      region: 'us',
      projectId: '3141592',
      projectToken: '0123456789abcdef0123456789abcdef',
      serviceAccountUsername: 'sandbox.1a2b3c.mp-service-account',
      serviceAccountSecret: 'SandboxServiceAccountSecret01',
      groupKeys: ['company'],
    }),
  },
  hubspot: {
    membersBy: 'all',
    options: (url) => ({
      baseUrl: url,
      accessToken: 'pat-na1-sandbox',
      tier: 'enterprise',
      missingContact: 'create',
    }),
  },
  braze: {
    membersBy: 'ids',
    options: (url) => ({ baseUrl: url, apiKey: 'braze-sandbox-key' }),
  },
  intercom: {
    membersBy: 'all',
    options: (url) => ({ baseUrl: url, accessToken: 'dG9rOnNhbmRib3gtaW50ZXJjb20=' }),
  },
}
