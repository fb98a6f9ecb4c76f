#!/usr/bin/env node
import { runCli } from './run-cli.ts'

const stop = new AbortController()
const end = (): void => stop.abort(new Error('interrupted'))
process.once('SIGINT', end)
process.once('SIGTERM', end)
process.exitCode = await runCli(process.argv.slice(2), {
  streams: process,
  folder: process.cwd(),
  environment: process.env,
  signal: stop.signal,
  stdin: process.stdin,
  host: {},
})
