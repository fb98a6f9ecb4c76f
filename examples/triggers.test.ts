import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const runFile = promisify(execFile)
const folder = join(import.meta.dirname, 'triggers')
const main = join(import.meta.dirname, '../packages/cli/src/main.ts')

async function tripline(...call: readonly string[]): Promise<string> {
  const { stdout } = await runFile(process.execPath, ['-C', 'development', main, ...call])
  return stdout
}

const stories = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'definitions.ts')))
  .map(({ name }) => name)

test('there are the eleven stories of the README', async () => {
  const readme = await readFile(join(folder, 'README.md'), 'utf8')
  expect(stories).toHaveLength(11)
  for (const story of stories) expect(readme).toContain(`(${story}/definitions.ts)`)
})

test.each(stories)('%s has the expected ledger', async (story) => {
  const path = (file: string): string => join(folder, story, file)
  const records = existsSync(path('records.ndjson')) ? ['--records', path('records.ndjson')] : []
  const input = ['--definitions', path('definitions.ts'), '--events', path('events.ndjson'), ...records]
  expect(await tripline('backtest', ...input, '--out', '-')).toBe(
    await readFile(path('ledger.ndjson'), 'utf8'),
  )
})

const withRecords = stories.filter((story) => existsSync(join(folder, story, 'records.ndjson')))

test.each(withRecords)('%s would go otherwise without its records', async (story) => {
  const path = (file: string): string => join(folder, story, file)
  const input = ['--definitions', path('definitions.ts'), '--events', path('events.ndjson')]
  expect(await tripline('backtest', ...input, '--out', '-')).not.toBe(
    await readFile(path('ledger.ndjson'), 'utf8'),
  )
})

test.each(stories)('%s has nothing that tripline check finds', async (story) => {
  const definitions = join(folder, story, 'definitions.ts')
  const found = await tripline('check', '--definitions', definitions, '--json')
  expect((JSON.parse(found) as { readonly findings: unknown }).findings).toEqual([])
})
