import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Measured } from './measure.ts'
import type { MeasuredPeer } from './peer.ts'

/**
 * Installs Segment's action-destinations into an empty folder and runs both on the same events, one after the other.
 * The package is unpacked without its own dependencies (cloud SDKs that Braze does not use); those Braze needs are
 * installed beside it. `fast-uri` is held at 3.0.6, because later ones refuse a schema id that the peer uses.
 */
const peer = { name: '@segment/action-destinations', version: '3.497.0' } as const
const dependencies = {
  '@segment/actions-core': '3.170.0',
  '@segment/actions-shared': '1.156.0',
  dayjs: '^1.11.0',
  lodash: '^4.17.21',
}
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tripline-peer-'))
const run = (command: string, args: readonly string[], cwd?: string): string =>
  execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  })

try {
  console.log(`Installing ${peer.name} ${peer.version} …`)
  const manifest = { private: true, dependencies, overrides: { 'fast-uri': '3.0.6' } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], folder)
  const tarball = run('npm', ['pack', `${peer.name}@${peer.version}`, '--silent'], folder).trim()
  run('tar', ['xzf', tarball], folder)
  const node = process.execPath
  const theirs = JSON.parse(run(node, ['-C', 'development', file('./peer.ts'), folder])) as MeasuredPeer
  const ours = JSON.parse(
    run(node, ['-C', 'development', file('./measure.ts'), 'braze', '30000']),
  ) as Measured
  const print = (name: string, eventsPerSecond: number, requests: number): void =>
    console.log(
      `${name.padEnd(32)} ${eventsPerSecond.toLocaleString('en').padStart(9)} events/s ${String(requests).padStart(6)} requests`,
    )
  console.log(
    '\nBraze custom events in batches of 75, one core, HTTP stubbed, 30,000 events, best of several rounds',
  )
  print(`${peer.name} ${peer.version}`, theirs.eventsPerSecond, theirs.requests)
  print('@tripline/braze', ours.eventsPerSecond, ours.requests)
  console.log(`ratio ${(ours.eventsPerSecond / theirs.eventsPerSecond).toFixed(1)}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
