import type { Sources } from '@tripline/triggers'
import type { InputFile } from './open-files.ts'
import type { Problems } from './problems.ts'
import { readProfile, readRecord, type PersonRecord } from './records.ts'

export interface RecordFiles {
  /** `--traits`. */
  readonly traits?: InputFile
  /** `--records`. */
  readonly records?: InputFile
}

/** All records of the files, in groups. Lines that are none are problems. */
export async function* readRecords(
  { traits, records }: RecordFiles,
  problems: Problems,
): AsyncGenerator<readonly PersonRecord[], void, undefined> {
  if (traits !== undefined) yield* readFile(traits, readProfile, problems)
  if (records !== undefined) yield* readFile(records, readRecord, problems)
}

async function* readFile(
  file: InputFile,
  toRecord: (line: unknown) => PersonRecord | string,
  problems: Problems,
): AsyncGenerator<readonly PersonRecord[], void, undefined> {
  let read: PersonRecord[] = []
  const rows = file.read({
    message(message, line) {
      const record = toRecord(message)
      if (typeof record !== 'string') read.push(record)
      else problems.add({ file: file.name, line, reason: 'malformed', message: record })
    },
    problem: (reason, message, line) => problems.add({ file: file.name, line, reason, message }),
  })
  for await (const _ of rows) {
    yield read
    read = []
  }
  yield read
}

/** Which kinds of records there are: what there is none of is assumed. */
export function createSources(): { note(record: PersonRecord): void; readonly sources: Sources } {
  const sources = {
    consents: false,
    suppressions: false,
    reachability: false,
    engagements: false,
    memberships: false,
  }
  const ofKind = {
    consent: 'consents',
    suppression: 'suppressions',
    reachability: 'reachability',
    membership: 'memberships',
  } as const
  return {
    note({ what }) {
      if (what.as === 'event') sources.engagements = true
      else {
        const { kind } = what.fact
        if (kind in ofKind) sources[ofKind[kind as keyof typeof ofKind]] = true
      }
    },
    sources,
  }
}
