/** Who may import whom. A folder that is not here fails the test. */
export interface ImportLaw {
  readonly folder: string
  /** Our packages that its source may import. */
  readonly ours: readonly string[]
  /** Our packages that it may load by `import()` only. */
  readonly lazily?: readonly string[]
  /** Foreign packages. */
  readonly foreign: readonly string[]
}

const adapters = [
  { vendor: 'segment', sdk: '@segment/analytics-node' },
  { vendor: 'mixpanel', sdk: 'mixpanel' },
  { vendor: 'hubspot', sdk: '@hubspot/api-client' },
  { vendor: 'braze', sdk: 'braze-api' },
  { vendor: 'intercom', sdk: 'intercom-client' },
] as const

export const sdks: readonly string[] = adapters.map(({ sdk }) => sdk)

export const importLaws: readonly ImportLaw[] = [
  { folder: 'packages/model', ours: [], foreign: [] },
  { folder: 'packages/kit', ours: ['@tripline/model'], foreign: [] },
  { folder: 'packages/triggers', ours: ['@tripline/model'], foreign: [] },
  // Nothing of ours, so that a shared mistake cannot confirm itself.
  { folder: 'packages/sandbox', ours: [], foreign: ['fflate'] },
  {
    folder: 'packages/testkit',
    ours: ['@tripline/model'],
    foreign: ['vitest', 'fast-check', '@fast-check/vitest'],
  },
  {
    folder: 'packages/cli',
    // The testkit for the demo: what must be stored is worked out by code that knows no adapter.
    ours: [
      '@tripline/model',
      '@tripline/kit',
      '@tripline/sandbox',
      '@tripline/testkit',
      '@tripline/triggers',
    ],
    lazily: adapters.map(({ vendor }) => `@tripline/${vendor}`),
    foreign: ['commander', 'cli-table3', 'csv-parse', 'hyparquet', 'hyparquet-compressors'],
  },
  ...adapters.map(({ vendor, sdk }) => ({
    folder: `adapters/${vendor}`,
    ours: ['@tripline/model', '@tripline/kit'],
    foreign: [sdk],
  })),
]

/** What test files may import beside what their package may. */
export const testTools: readonly string[] = [
  'vitest',
  'fast-check',
  '@fast-check/vitest',
  'nock',
  // Writes the Parquet files that tests read.
  'hyparquet-writer',
]
export const testPackages: readonly string[] = ['@tripline/testkit', '@tripline/sandbox']
/** Packages whose tests may not use our own test packages: they are what those rest on. */
export const withoutTestPackages: readonly string[] = ['packages/model', 'packages/sandbox']
/** Test files that may reach into source folders, each with its reason. */
export const reachIn: Readonly<Record<string, string>> = {
  'test/specs/endpoint-tables.ts':
    'the endpoints an adapter uses are its own affair, but all must be checked',
}
