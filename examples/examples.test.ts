import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const examples = ['one-connector', 'deliver-to-five', 'segments-between-vendors'] as const

test.each(examples)('%s prints what its expected.txt says, in at most 80 lines of code', async (name) => {
  const path = (file: string): string => fileURLToPath(new URL(`./${name}/${file}`, import.meta.url))
  const { stdout } = await run(process.execPath, ['-C', 'development', path('main.ts')])
  expect(stdout).toBe(await readFile(path('expected.txt'), 'utf8'))
  expect((await readFile(path('main.ts'), 'utf8')).split('\n').length - 1).toBeLessThanOrEqual(80)
})
