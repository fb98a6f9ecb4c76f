import type { Sources } from '@tripline/triggers'
import { createProblems, type Problems } from '../input/problems.ts'
import { createSources, readRecords, type RecordFiles } from '../input/read-records.ts'
import type { PersonRecord } from '../input/records.ts'
import type { PersonFact } from './person-line.ts'

/** What the files of records say, read before the events. */
export interface HeldRecords {
  readonly sources: Sources
  /** By user; empty where the input has to be sorted. */
  readonly facts: ReadonlyMap<string, readonly PersonFact[]>
  /** Why the input has to be sorted by user because of them. */
  readonly sortingReason?: string
  /** All records, read again. */
  records(): AsyncGenerator<readonly PersonRecord[], void, undefined>
}

/** Larger files are not held in memory. */
const maxHeldBytes = 67_108_864

export async function holdRecords(files: RecordFiles, problems: Problems): Promise<HeldRecords> {
  const { note, sources } = createSources()
  const facts = new Map<string, PersonFact[]>()
  const bytes = (files.traits?.sizeBytes ?? 0) + (files.records?.sizeBytes ?? 0)
  for await (const records of readRecords(files, problems)) {
    for (const record of records) {
      note(record)
      if (record.what.as === 'event' || bytes > maxHeldBytes) continue
      const { person, atMs, what } = record
      const fact: PersonFact = atMs === undefined ? { fact: what.fact } : { atMs, fact: what.fact }
      const ofPerson = facts.get(person)
      if (ofPerson === undefined) facts.set(person, [fact])
      else ofPerson.push(fact)
    }
  }
  const because = sources.engagements
    ? 'records tell of engagements'
    : bytes > maxHeldBytes
      ? 'there are many records'
      : undefined
  return {
    sources,
    facts,
    ...(because !== undefined && { sortingReason: because }),
    // What is wrong in them was told at the first reading.
    records: () => readRecords(files, createProblems(false)),
  }
}
