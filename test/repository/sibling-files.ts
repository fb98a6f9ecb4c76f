/** Every adapter has these, by the same names. */
export const siblingFiles = [
  'package.json',
  'tsconfig.json',
  'README.md',
  'CHANGELOG.md',
  'src/index.ts',
  'src/connector.ts',
  'src/options.ts',
  'src/client.ts',
  'src/capabilities.ts',
  'src/limits.ts',
  'src/errors.ts',
  'src/deliver.ts',
  'src/read-profiles.ts',
  'src/segments.ts',
  'src/start.ts',
  'src/check.ts',
  'src/schema.ts',
  'src/dry-run.ts',
  'src/mapping/events.ts',
  'src/mapping/profiles.ts',
  'src/mapping/segments.ts',
  'src/mapping/orders.ts',
  'src/compliance.test.ts',
  'src/types.test-d.ts',
] as const

/** Sources that only one or some adapters need, each with its reason. Tests and fixtures are free. */
export const extraFiles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  segment: {
    'src/oauth.ts': 'sources may ask for a token, which is got for an assertion that we sign',
    'src/public-api.ts': 'lists of the configuration interface, which a workspace may not have',
    'src/mapping/identifier.ts': 'Unify makes some values no id, and says so nowhere',
    'src/mapping/values.ts': 'values are checked before sending, because a 200 hides every refusal',
  },
  mixpanel: {},
  hubspot: {},
  braze: {
    'src/track.ts':
      'one request carries events, purchases and attributes, packed by their common and own limits',
    'src/export-segment.ts':
      'all profiles come only as an asynchronous export, which is started, awaited and fetched',
    'src/zip.ts': 'that export is a zip of files of JSON lines',
    'src/mapping/identifier.ts': 'exactly one of four kinds of id names a person in an object',
    'src/mapping/values.ts': 'one bad leaf voids a whole update, so values are checked leaf by leaf',
  },
  intercom: {},
}

/** Exports that not all five have; `<vendor>` stands for the vendor's name in any spelling. */
export const extraExports: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  segment: {},
  mixpanel: {},
  hubspot: {},
  braze: {},
  intercom: {},
}

/** What every adapter exports. */
export const siblingExports = [
  'create<Vendor>',
  '<Vendor>Options',
  '<vendor>Capabilities',
  '<vendor>Limits',
] as const

/** How each vendor writes itself in our identifiers. */
export const identifiers = {
  segment: 'Segment',
  mixpanel: 'Mixpanel',
  hubspot: 'HubSpot',
  braze: 'Braze',
  intercom: 'Intercom',
} as const

export const readmeHeadings = [
  '## Install',
  '## Use',
  '## Options',
  '## What it can do',
  '## Limits',
  '## Errors',
  '## Sources',
] as const
