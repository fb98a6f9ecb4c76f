import type { Vendor } from '../config/vendors.ts'

interface Template {
  /** The connector in `tripline.config.ts`. */
  readonly connector: readonly string[]
  /** What `.env.example` asks for. */
  readonly environment: readonly string[]
}
const address = (name: string): string => `...address(process.env['${name}']),`

export const templates: Readonly<Record<Vendor, Template>> = {
  segment: {
    connector: [
      `region: 'us',`,
      address('SEGMENT_URL'),
      `// Reading profiles and audiences needs a Unify space:`,
      `...(process.env['SEGMENT_SPACE_ID'] ? { spaceId: process.env['SEGMENT_SPACE_ID'] } : {}),`,
    ],
    environment: [
      '# Segment: write key of the source. https://app.segment.com → Connections → Sources → Settings → API Keys',
      'SEGMENT_WRITE_KEY=',
      '# for reading: the Unify space, its Profile API token, a Public API token',
      'SEGMENT_SPACE_ID=',
      'SEGMENT_PROFILE_TOKEN=',
      'SEGMENT_PUBLIC_API_TOKEN=',
    ],
  },
  mixpanel: {
    connector: [
      `region: 'us',`,
      `projectId: process.env['MIXPANEL_PROJECT_ID'] ?? '',`,
      `projectToken: process.env['MIXPANEL_PROJECT_TOKEN'] ?? '',`,
      address('MIXPANEL_URL'),
    ],
    environment: [
      '# Mixpanel: the project and a service account with the role admin. https://mixpanel.com/settings/project',
      'MIXPANEL_PROJECT_ID=',
      'MIXPANEL_PROJECT_TOKEN=',
      'MIXPANEL_SERVICE_ACCOUNT_USERNAME=',
      'MIXPANEL_SERVICE_ACCOUNT_SECRET=',
    ],
  },
  hubspot: {
    connector: [
      `// 'free', 'starter', 'professional' or 'enterprise'; custom events need Enterprise.`,
      `tier: 'enterprise',`,
      address('HUBSPOT_URL'),
    ],
    environment: ['# HubSpot: token of a private app or a Service Key', 'HUBSPOT_ACCESS_TOKEN='],
  },
  braze: {
    connector: [
      `// Your cluster's REST host: https://www.braze.com/docs/api/basics/#endpoints`,
      `baseUrl: process.env['BRAZE_URL'] ?? 'https://rest.iad-01.braze.com',`,
    ],
    environment: [
      '# Braze: the cluster’s REST host, and a REST API key. Settings → APIs and Identifiers',
      'BRAZE_URL=',
      'BRAZE_API_KEY=',
    ],
  },
  intercom: {
    connector: [`region: 'us',`, address('INTERCOM_URL')],
    environment: [
      '# Intercom: access token of an app of the workspace. https://app.intercom.com/a/apps/_/developer-hub',
      'INTERCOM_ACCESS_TOKEN=',
    ],
  },
}
