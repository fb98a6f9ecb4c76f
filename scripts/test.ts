/**
 * Everything a newcomer and CI check, in one command; the last line is `N passed, N failed`.
 *
 * `pnpm test --only tests packages/kit` runs one part; what follows the parts goes to vitest.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checks, type Check } from './checks.ts'
import { runCommand } from './run-command.ts'
import { addCounts, closingLine, countReport, type Counts, type VitestReport } from './vitest-report.ts'

const parts = [...checks.map(({ name }) => name), 'tests']
const usage = `pnpm test [--only ${parts.join(',')}] [what vitest takes …]`

interface Wanted {
  readonly parts: ReadonlySet<string>
  readonly forVitest: readonly string[]
}

function readArguments(given: readonly string[]): Wanted {
  const args = given.filter((each) => each !== '--')
  if (args[0] !== '--only') return { parts: new Set(parts), forVitest: args }
  const named = (args[1] ?? '').split(',')
  const unknown = named.filter((name) => !parts.includes(name))
  if (unknown.length > 0) throw new Error(`no such part: "${unknown.join(', ')}"\n${usage}`)
  return { parts: new Set(named), forVitest: args.slice(2) }
}

async function timed<Result>(run: () => Promise<Result>): Promise<{ result: Result; seconds: string }> {
  const startedAt = performance.now()
  const result = await run()
  return { result, seconds: `${((performance.now() - startedAt) / 1000).toFixed(1)} s` }
}

function printLine(title: string, verdict: string, seconds: string): void {
  console.log(`${title.padEnd(32)} ${verdict.padEnd(8)} ${seconds.padStart(8)}`)
}

async function runCheck(check: Check): Promise<Counts> {
  const { result, seconds } = await timed(() => check.run())
  const passed = result.code === 0
  printLine(check.title, passed ? 'ok' : 'FAILED', seconds)
  if (!passed) console.log(`${result.output.trimEnd().replaceAll(/^/gm, '    ')}\n`)
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 }
}

async function runTests(forVitest: readonly string[]): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'tripline-test-'))
  const reportPath = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
  const { result, seconds } = await timed(() =>
    runCommand('vitest', ['run', ...reporters, ...forVitest], { show: true }),
  )
  const counts = await readFile(reportPath, 'utf8').then(
    (text) => countReport(JSON.parse(text) as VitestReport),
    () => ({ passed: 0, failed: 0, skipped: 0 }),
  )
  await rm(folder, { recursive: true, force: true })
  printLine('tests (vitest)', result.code === 0 ? 'ok' : 'FAILED', seconds)
  // An error outside every test (an unhandled rejection, a broken configuration) has no entry in the report.
  return result.code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

const wanted = readArguments(process.argv.slice(2))
const counts: Counts[] = []
for (const check of checks) if (wanted.parts.has(check.name)) counts.push(await runCheck(check))
if (wanted.parts.has('tests')) counts.push(await runTests(wanted.forVitest))
const total = addCounts(counts)
console.log(`\n${closingLine(total)}`)
process.exitCode = total.failed > 0 ? 1 : 0
