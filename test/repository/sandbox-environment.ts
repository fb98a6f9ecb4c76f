import { brazeDefaults, startBrazeSandbox } from '@tripline/sandbox/braze'
import { hubspotDefaults, startHubspotSandbox } from '@tripline/sandbox/hubspot'
import { intercomDefaults, startIntercomSandbox } from '@tripline/sandbox/intercom'
import { mixpanelDefaults, startMixpanelSandbox } from '@tripline/sandbox/mixpanel'
import { segmentDefaults, startSegmentSandbox } from '@tripline/sandbox/segment'
import type { Vendor } from '../../scripts/workspace.ts'

interface Running {
  readonly url: string
  close(): Promise<void>
}

/** How the examples of the documentation reach a sandbox: `<VENDOR>_URL`, and the account's keys by these names. */
export const sandboxes = {
  segment: {
    start: startSegmentSandbox,
    keys: () => ({
      SEGMENT_WRITE_KEY: segmentDefaults.writeKey,
      SEGMENT_SPACE_ID: segmentDefaults.spaceId,
      SEGMENT_PROFILE_TOKEN: segmentDefaults.profileToken,
      SEGMENT_PUBLIC_API_TOKEN: segmentDefaults.publicApiToken,
    }),
  },
  mixpanel: {
    start: startMixpanelSandbox,
    keys: () => ({
      MIXPANEL_PROJECT_ID: String(mixpanelDefaults.projectId),
      MIXPANEL_PROJECT_TOKEN: mixpanelDefaults.projectToken,
      MIXPANEL_SERVICE_ACCOUNT_USERNAME: mixpanelDefaults.serviceAccounts[0]?.username ?? '',
      MIXPANEL_SERVICE_ACCOUNT_SECRET: mixpanelDefaults.serviceAccounts[0]?.secret ?? '',
    }),
  },
  hubspot: {
    start: startHubspotSandbox,
    keys: () => ({ HUBSPOT_ACCESS_TOKEN: hubspotDefaults.accessToken }),
  },
  braze: {
    start: startBrazeSandbox,
    keys: () => ({ BRAZE_API_KEY: brazeDefaults.apiKeys[0].key }),
  },
  intercom: {
    start: startIntercomSandbox,
    keys: () => ({ INTERCOM_ACCESS_TOKEN: intercomDefaults.token }),
  },
} as const satisfies Record<Vendor, { start(): Promise<Running>; keys(): Readonly<Record<string, string>> }>

/** Runs `use` with sandboxes of the named vendors up and their names in `environment`. */
export async function withSandboxes<Result>(
  vendors: readonly Vendor[],
  use: (environment: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  const running: Running[] = []
  const environment: Record<string, string> = {}
  try {
    for (const vendor of vendors) {
      const sandbox = await sandboxes[vendor].start()
      running.push(sandbox)
      Object.assign(environment, sandboxes[vendor].keys(), { [`${vendor.toUpperCase()}_URL`]: sandbox.url })
    }
    return await use(environment)
  } finally {
    await Promise.all(running.map((sandbox) => sandbox.close()))
  }
}
