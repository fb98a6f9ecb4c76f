import { createRateCounter, type RateAnswer, type SandboxClock } from '../core/index.ts'

/** Every limit of the project; any of them can be lowered for a test with `configure({ limits: { … } })`. */
export interface MixpanelLimits {
  /** Events in one `/import` or `/track`. https://developer.mixpanel.com/reference/import-events */
  readonly eventsPerRequest: number
  /** Uncompressed body of `/import`, in bytes. Prose says 10 MB, the 413 example 2_097_152: lower it to test that. */
  readonly importBytes: number
  /** One event must be smaller than this, in bytes of JSON. */
  readonly eventBytes: number
  /** Keys of `properties`, of a nested object, items of an array: fewer than this. */
  readonly keys: number
  /** Nested objects inside one property value. */
  readonly depth: number
  /** Longer strings are cut at this many bytes of UTF-8, without an error. */
  readonly stringBytes: number
  /** Larger objects and lists on an event are not kept. Limit documented, consequence assumed. */
  readonly eventObjectBytes: number
  /** The same for a profile. */
  readonly profileObjectBytes: number
  readonly insertIdBytes: number
  readonly groupsPerEvent: number
  /** Events of one distinct_id and day before it is a hot shard. https://docs.mixpanel.com/docs/tracking-best-practices/hot-shard-limits */
  readonly eventsPerIdAndDay: number
  /** Updates in one `/engage`. https://developer.mixpanel.com/reference/profile-batch-update */
  readonly profileUpdates: number
  /** Updates in one `/groups`: docs 2,000, rudderlabs/rudder-transformer sends 200; the stricter one. */
  readonly groupUpdates: number
  /** One profile update, in bytes of JSON. */
  readonly profileUpdateBytes: number
  readonly ingestionBytesPerMinute: number
  readonly ingestionEventsPerSecond: number
  /** All query families of the project together, rolling hour. https://developer.mixpanel.com/reference/rate-limits */
  readonly queriesPerHour: number
  readonly parallelQueries: number
  readonly exportsPerHour: number
  readonly exportsPerSecond: number
  readonly parallelExports: number
  readonly exportRows: number
  readonly distinctIdsPerQuery: number
  readonly pageSize: number
  /** https://developer.mixpanel.com/reference/lexicon-schemas-api */
  readonly schemaCallsPerMinute: number
  readonly schemaEntitiesPerMinute: number
  readonly schemaTruncations: number
  /** https://developer.mixpanel.com/reference/gdpr-api */
  readonly deletionIds: number
  readonly deletionCallsPerSecond: number
}

export const defaultLimits: MixpanelLimits = {
  eventsPerRequest: 2_000,
  importBytes: 10_000_000,
  eventBytes: 1_000_000,
  keys: 255,
  depth: 3,
  stringBytes: 255,
  eventObjectBytes: 8_192,
  profileObjectBytes: 262_144,
  insertIdBytes: 36,
  groupsPerEvent: 300,
  eventsPerIdAndDay: 200_000,
  profileUpdates: 2_000,
  groupUpdates: 200,
  profileUpdateBytes: 1_000_000,
  ingestionBytesPerMinute: 2_000_000_000,
  ingestionEventsPerSecond: 30_000,
  queriesPerHour: 60,
  parallelQueries: 5,
  exportsPerHour: 60,
  exportsPerSecond: 3,
  parallelExports: 100,
  exportRows: 100_000,
  distinctIdsPerQuery: 2_000,
  pageSize: 1_000,
  schemaCallsPerMinute: 5,
  schemaEntitiesPerMinute: 4_000,
  schemaTruncations: 3_000,
  deletionIds: 1_999,
  deletionCallsPerSecond: 1,
}

/** Values refused for `distinct_id` and `$insert_id`, in lower case. https://developer.mixpanel.com/reference/import-events */
export const refusedIds: ReadonlySet<string> = new Set([
  '00000000-0000-0000-0000-000000000000',
  'anon',
  'anonymous',
  'nil',
  'none',
  'null',
  'n/a',
  'na',
  'undefined',
  'unknown',
  '<nil>',
  '0',
  '-1',
  'true',
  'false',
  '[]',
  '{}',
  // ak--47/mixpanel-import:components/transforms.js
  'lmy47d',
])

interface Meter {
  hit(weight?: number): RateAnswer
}
/** The project's rate counters. They read the limit anew on each call, so that `configure` takes effect at once. */
export interface Meters {
  readonly ingestionBytes: Meter
  readonly ingestionEvents: Meter
  readonly queries: Meter
  readonly exportsHourly: Meter
  readonly exportsSecondly: Meter
  readonly schemaCalls: Meter
  readonly schemaEntities: Meter
  readonly deletions: Meter
  running: { queries: number; exports: number }
}

export function createMeters(clock: SandboxClock, limits: () => MixpanelLimits): Meters {
  const meter = (name: keyof MixpanelLimits, perMs: number): Meter => {
    const rule = {
      get max() {
        return limits()[name]
      },
      perMs,
      window: 'rolling' as const,
    }
    return createRateCounter(rule, clock)
  }
  return {
    ingestionBytes: meter('ingestionBytesPerMinute', 60_000),
    ingestionEvents: meter('ingestionEventsPerSecond', 1_000),
    queries: meter('queriesPerHour', 3_600_000),
    exportsHourly: meter('exportsPerHour', 3_600_000),
    exportsSecondly: meter('exportsPerSecond', 1_000),
    schemaCalls: meter('schemaCallsPerMinute', 60_000),
    schemaEntities: meter('schemaEntitiesPerMinute', 60_000),
    deletions: meter('deletionCallsPerSecond', 1_000),
    running: { queries: 0, exports: 0 },
  }
}
