import type { ConnectorOptions } from '@tripline/kit'
import type { Vendor } from '../config/vendors.ts'
import { interests } from './traffic/people.ts'

/** How a connector reaches its simulator; secrets are those of the simulators' ready accounts. */
interface DemoAccount {
  readonly options: (url: string) => ConnectorOptions & Readonly<Record<string, unknown>>
  /** Whether all members of the segment form that we write can be listed, or only given people asked about. */
  readonly membersBy: 'all' | 'ids'
  /** What the simulated account is, where it is not the ready one. */
  readonly account?: object
  /** Options that also decide what must be stored. */
  readonly forms?: Readonly<Record<string, unknown>>
  /** What a person would have made in the vendor's UI. */
  readonly seed?: object
}

export const demoAccounts: Readonly<Record<Vendor, DemoAccount>> = {
  segment: {
    membersBy: 'ids',
    options: (url) => ({
      baseUrl: url,
      writeKey: 'sandbox-write-key',
      source: 'demo',
      spaceId: 'spa_sandbox',
      profileToken: 'sandbox-profile-token',
      publicApiToken: 'sandbox-public-api-token',
    }),
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
    }),
    forms: { groupKeys: ['company'] },
  },
  hubspot: {
    membersBy: 'all',
    options: (url) => ({
      baseUrl: url,
      accessToken: 'pat-na1-sandbox',
      tier: 'enterprise',
      missingContact: 'create',
    }),
    // HubSpot wants the values of a list known beforehand.
    seed: {
      properties: {
        contacts: [
          {
            name: 'interests',
            type: 'enumeration',
            fieldType: 'checkbox',
            options: interests.map((value) => ({ label: value, value })),
          },
        ],
      },
    },
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
