import type { Clock } from '@tripline/model'
import { systemClock } from '@tripline/kit'
import { readDuration } from '@tripline/triggers'
import { resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import type { ArgumentValues } from '../../define-command.ts'
import { readColumnMap } from './columns.ts'
import { readInstantMs } from '../bytes/instant-ms.ts'
import { openFiles } from './open-files.ts'
import { readPeople } from './people-file.ts'

/** What commands that read past events take. */
export const inputArguments = {
  events: {
    type: 'string',
    repeat: true,
    required: true,
    placeholder: 'FILE',
    help: 'past events: NDJSON of Segment-Spec messages, CSV or Parquet; NDJSON and CSV also gzipped; - is stdin (NDJSON); may be given several times',
  },
  columns: {
    type: 'string',
    placeholder: 'MAP',
    help: "columns of CSV and Parquet: userId=customer,timestamp=at:seconds,event='Order Completed',properties.revenue=sum:number, or a file of JSON with the same; without it each column fills the field that it is called",
  },
  traits: {
    type: 'string',
    placeholder: 'FILE',
    help: 'profiles as they stood before the first event: NDJSON of {"userId", "traits"}; with a timestamp from then on',
  },
  records: {
    type: 'string',
    placeholder: 'FILE',
    help: 'what events do not tell, as NDJSON: consent, suppression, reachability, membership, traits, engagement, dead',
  },
  users: { type: 'string', placeholder: 'FILE', help: 'only these users: one id a line' },
  lateness: {
    type: 'string',
    placeholder: 'DURATION',
    help: 'how long events are waited for, e.g. 1h; without it as the policy says',
  },
  asHappened: { type: 'boolean', help: 'put events in the order of their time; so it is without it, too' },
  asReceived: {
    type: 'boolean',
    help: 'replay the times of arrival (receivedAt), late events included; without it events are put in order',
  },
  strict: { type: 'boolean', help: 'stop at the first line that is wrong' },
} as const
type InputArguments = ArgumentValues<typeof inputArguments>

interface Surroundings {
  readonly folder: string
  readonly stdin: NodeJS.ReadableStream
  readonly signal: AbortSignal
  readonly host: { readonly clock?: Clock }
  /** Of the definitions: `policy.lateness`. */
  readonly lateness: string
}

/**
 * Opens what the arguments name, for `replayInput`.
 * @throws {CliError} a file is missing, a map or a time cannot be read
 */
export function openInput(given: InputArguments, surroundings: Surroundings) {
  const { folder, host, signal } = surroundings
  if (given.asHappened && given.asReceived)
    throw new CliError('--as-happened and --as-received exclude each other: give one of them')
  const columns = given.columns === undefined ? {} : { columns: readColumnMap(given.columns, folder) }
  const file = (name: string | undefined) =>
    name === undefined ? undefined : openFiles([name], { folder, stdin: surroundings.stdin })[0]
  const traits = file(given.traits)
  const records = file(given.records)
  if (given.traits === '-' || given.records === '-')
    throw new CliError('only --events can be read from stdin')
  return {
    events: openFiles(given.events, { folder, stdin: surroundings.stdin, areEvents: true, ...columns }),
    ...(traits !== undefined && { traits }),
    ...(records !== undefined && { records }),
    ...(given.users !== undefined && { people: readPeople(resolve(folder, given.users)) }),
    latenessMs: readDurationArgument('--lateness', given.lateness ?? surroundings.lateness),
    asReceived: given.asReceived,
    isStrict: given.strict,
    nowMs: (host.clock ?? systemClock).now(),
    signal,
  }
}

/**
 * A moment of an option: ISO 8601 with a zone, or a day, which is its midnight in UTC.
 * @throws {CliError} anything else
 */
export function readTimeArgument(name: string, text: string): number {
  const atMs = readInstantMs(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00.000Z` : text)
  if (atMs === undefined)
    throw new CliError(`${name}: write a day or ISO 8601 with a zone, e.g. 2026-11-01T10:00:00Z`)
  return atMs
}

function readDurationArgument(name: string, text: string): number {
  const lengthMs = /^0(?:ms|s|m|h|d)$/.test(text) ? 0 : readDuration(text)
  if (lengthMs === undefined) throw new CliError(`${name}: write a duration such as 0s, 5s, 15m or 2d`)
  return lengthMs
}
