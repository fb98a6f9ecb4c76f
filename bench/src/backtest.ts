import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sixRules } from './matcher-rules.ts'
import { makeStream, readRealStream, type UserEvent } from './matcher-stream.ts'

/**
 * What the whole command costs as it is installed, which is built first, compared with reading the same file and parsing
 * each line: both as processes of their own, by turns, the best of some rounds each. The file repeats a stream under new
 * user ids. Run with `pnpm bench:backtest [events]`.
 */
const wanted = Number(process.argv[2] ?? 2_500_000)
const rounds = 5
const root = join(import.meta.dirname, '../..')

/** One copy after another, each from the start of the same days. */
async function writeCopies(path: string, stream: readonly UserEvent[], copies: number): Promise<void> {
  const file = createWriteStream(path)
  for (let copy = 0; copy < copies; copy++) {
    const lines = stream.map(({ userId, event }) => {
      const { messageId, type, name, atMs, properties } = event
      return JSON.stringify({
        messageId: `${copy}-${messageId}`,
        type,
        userId: `${copy}-${userId}`,
        event: name,
        properties,
        timestamp: new Date(atMs).toISOString(),
      })
    })
    if (!file.write(`${lines.join('\n')}\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
}

/** Seconds on the clock. */
function timeOf(argv: readonly string[]): number {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${argv[0]} ended with ${status}: ${stderr}`)
  return (performance.now() - started) / 1_000
}

/** The best time of each, measured by turns, so that a busy minute of the machine meets all of them. */
function bestTimes<Name extends string>(commands: Record<Name, readonly string[]>): Record<Name, number> {
  const best = Object.fromEntries(Object.keys(commands).map((name) => [name, Infinity])) as Record<
    Name,
    number
  >
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(commands) as Name[])
      best[name] = Math.min(best[name], timeOf(commands[name]))
  }
  return best
}

const folder = mkdtempSync(join(tmpdir(), 'tripline-bench-'))
const removeFolder = () => rmSync(folder, { recursive: true, force: true })
process.once('SIGINT', () => {
  removeFolder()
  process.exit(1)
})
try {
  const real = readRealStream()
  const stream = real ?? makeStream()
  const copies = Math.ceil(wanted / stream.length)
  const events = join(folder, 'events.ndjson')
  const definitions = join(folder, 'triggers.json')
  await writeCopies(events, stream, copies)
  writeFileSync(definitions, JSON.stringify(sixRules))
  const count = (copies * stream.length).toLocaleString('en')
  const megabytes = Math.round(statSync(events).size / 1e6)
  console.log(
    `${real ? 'taobao-a' : 'made-up shop (real data not present)'}: ${count} events, ${megabytes} MB, six rules`,
  )

  const command = ['packages/cli/dist/main.js', 'backtest', '--definitions', definitions, '--events', events]
  const { 'reading and JSON.parse alone': parse, ...commands } = bestTimes({
    'reading and JSON.parse alone': ['bench/src/parse-lines.ts', events],
    backtest: command,
    'backtest --out': [...command, '--out', join(folder, 'ledger.ndjson')],
  })
  console.log(`reading and JSON.parse alone: ${parse.toFixed(2)} s`)
  for (const [name, seconds] of Object.entries(commands)) {
    console.log(`${name}: ${seconds.toFixed(2)} s, ${(seconds / parse).toFixed(2)} times as long`)
  }
} finally {
  removeFolder()
}
