import { gzipSync } from 'node:zlib'
import { Readable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { createWorkspace } from '../../../fixtures/command-line.ts'
import { eventsOf, partsOf } from '../../../fixtures/events-of.ts'
import { BatchReader } from '../batch/batch-reader.ts'
import { createIntake } from '../input/intake.ts'
import { openFiles, type InputFile } from '../input/open-files.ts'
import { createProblems, problemText } from '../input/problems.ts'
import { openReading } from '../input/read-events.ts'
import { isWorthThread, openThreadReading } from './thread-reading.ts'

const workspace = createWorkspace()
afterAll(() => workspace.remove())
const options = { nowMs: Date.UTC(2026, 11, 1), latenessMs: 5_000, asReceived: false }

const line = (index: number, more: object = {}) =>
  JSON.stringify({
    messageId: `m${index}`,
    type: 'track',
    userId: `u${index % 50}`,
    event: `E${index % 3}`,
    properties: { index, note: index % 100 === 0 ? 'süß' : 'plain' },
    timestamp: new Date(Date.UTC(2026, 10, 1) + index * 1_000).toISOString(),
    ...more,
  })
const lines = Array.from({ length: 9_000 }, (_, index) => {
  if (index % 1_000 === 17) return '{"broken'
  if (index % 1_000 === 18) return line(index, { type: 'identify', traits: { index }, anonymousId: 'a' })
  if (index % 1_000 === 19) return line(index - 500)
  return line(index, index % 7 === 0 ? { seq: 1 } : {})
})
workspace.write('first.ndjson', lines.slice(0, 5_000).join('\n'))
const packed = gzipSync(`${lines.slice(5_000).join('\n')}\n`)
workspace.write('second.ndjson.gz', packed.subarray(0, packed.length - 50))
const open = (names: readonly string[]) =>
  openFiles(names, { folder: workspace.folder, stdin: Readable.from([]) })

async function readIn(where: 'thread' | 'here', files: readonly InputFile[]) {
  const problems = createProblems(false)
  let readBytes = 0
  const onRead = (bytes: number): void => void (readBytes += bytes)
  const reading =
    where === 'thread'
      ? openThreadReading({ ...options, files, problems, onRead })
      : openReading(files, createIntake({ ...options, problems }), onRead)
  const reader = new BatchReader()
  const events: unknown[] = []
  for await (const batch of reading.batches()) events.push(...eventsOf(reader.read(batch)).map(partsOf))
  return { events, counts: reading.counts, readBytes, problems: problems.first.map(problemText) }
}

test('a thread reads what is read here: events, counts, problems, bytes', async () => {
  const files = open(['first.ndjson', 'second.ndjson.gz'])
  const [there, here] = [await readIn('thread', files), await readIn('here', files)]
  expect(here.events.length).toBeGreaterThan(8_000)
  expect(here.problems.length).toBe(10)
  expect(there).toEqual(here)
}, 30_000)

test('who stops reading stops the thread', async () => {
  const problems = createProblems(true)
  const reading = openThreadReading({
    ...options,
    files: open(['first.ndjson']),
    problems,
    onRead: () => undefined,
  })
  await expect(
    (async () => {
      for await (const _ of reading.batches()) continue
    })(),
  ).rejects.toThrow('first.ndjson:18 is no JSON')
}, 30_000)

test('small files, CSV and stdin are read here', () => {
  workspace.write('rows.csv', 'userId\n')
  for (const name of ['first.ndjson', 'rows.csv', '-']) expect(isWorthThread(open([name]))).toBe(false)
})
