import { describe, expect, test } from 'vitest'
import { capabilityTable, limitTable } from '../../scripts/table-markdown.ts'
import { addCounts, closingLine, countReport } from '../../scripts/vitest-report.ts'
import { abilities, type Capabilities, type Capability } from '@tripline/model'
import { codeBlocks, promisedOutput } from './code-blocks.ts'
import { namedPaths } from './named-paths.ts'

const file = (status: string, statuses: readonly string[]) => ({
  name: 'x.test.ts',
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
})

describe('the closing line', () => {
  test('counts tests by what became of them', () => {
    const report = {
      testResults: [file('passed', ['passed', 'passed', 'pending']), file('failed', ['failed', 'todo'])],
    }
    expect(countReport(report)).toEqual({ passed: 2, failed: 1, skipped: 2 })
  })

  test('counts a file that could not be loaded as one failure', () => {
    expect(countReport({ testResults: [file('failed', [])] })).toEqual({ passed: 0, failed: 1, skipped: 0 })
    expect(countReport({ testResults: [file('failed', ['skipped'])] }).failed).toBe(1)
  })

  test('names skipped tests only if there are any', () => {
    const one = { passed: 1, failed: 0, skipped: 0 }
    expect(closingLine(addCounts([one, one]))).toBe('2 passed, 0 failed')
    expect(closingLine({ passed: 2, failed: 1, skipped: 3 })).toBe('2 passed, 1 failed, 3 skipped')
  })
})

test('a capability row says how, for how long, and why', () => {
  const row: Capability = {
    support: 'emulated',
    repeat: 'keyed',
    keyForMs: 86_400_000,
    visibleAfterMs: 1_500,
    needs: ['users.track'],
    because: 'a | b',
    source: 'https://example.com/docs',
  }
  const capabilities = Object.fromEntries(abilities.map((ability) => [ability, row])) as Capabilities
  const lines = capabilityTable(capabilities).split('\n')
  expect(lines).toHaveLength(abilities.length + 2)
  expect(lines[2]).toBe(
    '| `event` | by other means | recognised by key for 1 d | 1.5 s | `users.track` | a \\| b ([source](https://example.com/docs)) |',
  )
})

test('a limit row says where, how much, and what happens with more', () => {
  const base = { id: 'x', endpoints: ['POST /x'], source: 'acme/api:spec.json', verified: false } as const
  const rows = limitTable([
    { ...base, kind: 'rate', max: 3_000, perMs: 90_000, window: 'fixed', sharedBy: 'app' },
    { ...base, kind: 'size', of: 'itemBytes', max: 1_024, over: 'lost-silently' },
    { ...base, kind: 'parallel', max: 2, sharedBy: 'key', verified: true },
  ]).split('\n')
  expect(rows.slice(2)).toEqual([
    '| `x` | `POST /x` | 3,000 in 1.5 min (fixed), per app | waits | acme/api:spec.json (unverified) |',
    '| `x` | `POST /x` | 1,024 bytes in one item | lost without an error | acme/api:spec.json (unverified) |',
    '| `x` | `POST /x` | 2 at once, per key | waits | acme/api:spec.json |',
  ])
})

test('code blocks know their section and what they promise to print', () => {
  const fence = '```'
  const markdown = [
    '## Use',
    '',
    `${fence}ts run`,
    'console.log(1) // => 1',
    fence,
    '## Other',
    `${fence}sh`,
    'ls',
    fence,
  ]
  const [first, second] = codeBlocks(markdown.join('\n'))
  expect(first).toMatchObject({ info: 'ts run', section: 'Use', line: 3 })
  expect(promisedOutput(first?.code ?? '')).toEqual(['1'])
  expect(second).toMatchObject({ info: 'sh', section: 'Other', code: 'ls' })
})

test('paths in documents are found in links and in code, their placeholders written out', () => {
  const text =
    'See `packages/{model,kit}/src`, `adapters/<vendor>/src`, [here](test/x.ts#y), `a/b`, https://x.org/packages/y'
  expect(namedPaths(text)).toEqual([
    'test/x.ts',
    'packages/model/src',
    'packages/kit/src',
    'adapters/segment/src',
    'adapters/mixpanel/src',
    'adapters/hubspot/src',
    'adapters/braze/src',
    'adapters/intercom/src',
  ])
})
