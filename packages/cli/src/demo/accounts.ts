import type { ConnectorOptions } from '@tripline/kit'
import type { Vendor } from '../config/vendors.ts'
import type { SandboxEnvironment } from '../sandbox/accounts.ts'
import type { ReadMode } from './read-back.ts'
import { interests } from './traffic/people.ts'

/** How a connector reaches its simulator, and what has to be there beforehand. */
interface DemoAccount {
  /** From the environment with the simulator's address and its ready account. */
  readonly options: (environment: SandboxEnvironment) => ConnectorOptions & Readonly<Record<string, unknown>>
  /** Options that also decide what must be stored. */
  readonly forms?: Readonly<Record<string, unknown>>
  /** Whether all members of the segment form that we write can be listed, or only given people asked about. */
  readonly membersBy: 'all' | 'ids'
  /** How profiles can be read. Braze could list all of a dashboard segment, and nobody made one. */
  readonly readModes: readonly ReadMode[]
  /** What a person would have made in the vendor's UI. */
  readonly seed?: object
}

export const demoAccounts: Readonly<Record<Vendor, DemoAccount>> = {
  segment: {
    readModes: ['ids'],
    membersBy: 'ids',
    options: (environment) => ({
      baseUrl: environment['SEGMENT_URL'],
      writeKey: environment['SEGMENT_WRITE_KEY'],
      source: 'demo',
      spaceId: environment['SEGMENT_SPACE_ID'],
      profileToken: environment['SEGMENT_PROFILE_TOKEN'],
      publicApiToken: environment['SEGMENT_PUBLIC_API_TOKEN'],
    }),
  },
  mixpanel: {
    readModes: ['ids', 'all'],
    membersBy: 'all',
    options: (environment) => ({
      baseUrl: environment['MIXPANEL_URL'],
      region: 'us',
      projectId: environment['MIXPANEL_PROJECT_ID'],
      projectToken: environment['MIXPANEL_PROJECT_TOKEN'],
      serviceAccountUsername: environment['MIXPANEL_SERVICE_ACCOUNT_USERNAME'],
      serviceAccountSecret: environment['MIXPANEL_SERVICE_ACCOUNT_SECRET'],
    }),
    forms: { groupKeys: ['company'] },
  },
  hubspot: {
    readModes: ['ids', 'all', 'since'],
    membersBy: 'all',
    options: (environment) => ({
      baseUrl: environment['HUBSPOT_URL'],
      accessToken: environment['HUBSPOT_ACCESS_TOKEN'],
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
    readModes: ['ids'],
    membersBy: 'ids',
    options: (environment) => ({ baseUrl: environment['BRAZE_URL'], apiKey: environment['BRAZE_API_KEY'] }),
  },
  intercom: {
    readModes: ['ids', 'all', 'since'],
    membersBy: 'all',
    options: (environment) => ({
      baseUrl: environment['INTERCOM_URL'],
      accessToken: environment['INTERCOM_ACCESS_TOKEN'],
    }),
  },
}
