import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { createWorkspace } from '../../fixtures/command-line.ts'
import { readMessages } from './event-file.ts'

const workspace = createWorkspace()
afterAll(() => workspace.remove())

async function read(name: string, content: string | Uint8Array): Promise<readonly unknown[]> {
  workspace.write(name, content)
  const messages: unknown[] = []
  for await (const message of readMessages(workspace.path(name))) messages.push(message)
  return messages
}
const lines = '{"a":1}\r\n\n{"a":"ü🍵"}\nnot json\n{"a":2}'
const expected = [{ a: 1 }, { a: 'ü🍵' }, 'not json', { a: 2 }]

test('one message per line, plain or gzipped; a line that is no JSON comes as text', async () => {
  expect(await read('events.ndjson', lines)).toEqual(expected)
  expect(await read('events.ndjson.gz', gzipSync(lines))).toEqual(expected)
})

test('a file that is no gzip, and one that is not there, are errors', async () => {
  await expect(read('broken.gz', 'plain')).rejects.toThrow('incorrect header check')
  await expect(readMessages(workspace.path('absent.ndjson.gz')).next()).rejects.toThrow('ENOENT')
  await expect(readMessages(workspace.path('absent.ndjson')).next()).rejects.toThrow('ENOENT')
})
