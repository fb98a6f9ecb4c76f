#!/usr/bin/env node
import { runCli } from './run-cli.ts'

const stop = new AbortController()
const end = (): void => stop.abort(new Error('interrupted'))
process.once('SIGINT', end)
process.once('SIGTERM', end)
// Whoever reads our output may stop early (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
process.exitCode = await runCli(process.argv.slice(2), {
  streams: process,
  folder: process.cwd(),
  environment: process.env,
  signal: stop.signal,
  stdin: process.stdin,
  host: {},
})
