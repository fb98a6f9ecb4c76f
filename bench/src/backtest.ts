import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sixRules } from './matcher-rules.ts'
import { makeStream, readRealStream, type UserEvent } from './matcher-stream.ts'

/**
 * What the whole command costs, compared with reading the same file and parsing each line: both as processes of their
 * own, the better of some rounds. The file repeats a stream under new user ids.
 * Run with `node -C development bench/src/backtest.ts [events]`.
 */
const wanted = Number(process.argv[2] ?? 2_500_000)
const rounds = 3
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

/** Seconds on the clock, of the round that took least. */
function best(argv: readonly string[]): number {
  const results = Array.from({ length: rounds }, () => {
    const started = performance.now()
    const { status, stderr } = spawnSync(process.execPath, ['-C', 'development', ...argv], {
      cwd: root,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${argv[0]} ended with ${status}: ${stderr}`)
    return (performance.now() - started) / 1_000
  })
  return Math.min(...results)
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

  const parse = best(['bench/src/parse-lines.ts', events])
  console.log(`reading and JSON.parse alone: ${parse.toFixed(2)} s`)
  const command = ['packages/cli/src/main.ts', 'backtest', '--definitions', definitions, '--events', events]
  for (const [name, more] of [
    ['backtest', []],
    ['backtest --out', ['--out', join(folder, 'ledger.ndjson')]],
  ] as const) {
    const seconds = best([...command, ...more])
    console.log(`${name}: ${seconds.toFixed(2)} s, ${(seconds / parse).toFixed(2)} times as long`)
  }
} finally {
  removeFolder()
}
