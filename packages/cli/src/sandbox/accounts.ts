import type { Vendor } from '../config/vendors.ts'

/** The environment with which a config of `tripline init` reaches a simulator: its address, its ready account. */
export type SandboxEnvironment = Readonly<Record<string, string>>

const environments: { readonly [V in Vendor]: (url: string) => Promise<SandboxEnvironment> } = {
  async segment(url) {
    const { segmentDefaults } = await import('@tripline/sandbox/segment')
    return {
      SEGMENT_URL: url,
      SEGMENT_WRITE_KEY: segmentDefaults.writeKey,
      SEGMENT_SPACE_ID: segmentDefaults.spaceId,
      SEGMENT_PROFILE_TOKEN: segmentDefaults.profileToken,
      SEGMENT_PUBLIC_API_TOKEN: segmentDefaults.publicApiToken,
    }
  },
  async mixpanel(url) {
    const { mixpanelDefaults } = await import('@tripline/sandbox/mixpanel')
    const [account] = mixpanelDefaults.serviceAccounts
    return {
      MIXPANEL_URL: url,
      MIXPANEL_PROJECT_ID: String(mixpanelDefaults.projectId),
      MIXPANEL_PROJECT_TOKEN: mixpanelDefaults.projectToken,
      MIXPANEL_SERVICE_ACCOUNT_USERNAME: account?.username ?? '',
      MIXPANEL_SERVICE_ACCOUNT_SECRET: account?.secret ?? '',
    }
  },
  async hubspot(url) {
    const { hubspotDefaults } = await import('@tripline/sandbox/hubspot')
    return { HUBSPOT_URL: url, HUBSPOT_ACCESS_TOKEN: hubspotDefaults.accessToken }
  },
  async braze(url) {
    const { brazeDefaults } = await import('@tripline/sandbox/braze')
    return { BRAZE_URL: url, BRAZE_API_KEY: brazeDefaults.apiKeys[0].key }
  },
  async intercom(url) {
    const { intercomDefaults } = await import('@tripline/sandbox/intercom')
    return { INTERCOM_URL: url, INTERCOM_ACCESS_TOKEN: intercomDefaults.token }
  },
}

export const sandboxEnvironment = (vendor: Vendor, url: string): Promise<SandboxEnvironment> =>
  environments[vendor](url)

/** Variables as `.env` holds them. */
export const environmentText = (variables: SandboxEnvironment): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
