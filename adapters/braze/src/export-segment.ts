import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Session } from '@tripline/kit'
import { TriplineError } from '@tripline/model'
import type { BrazeClient } from './client.ts'
import { exportFile } from './errors.ts'
import { zipLines } from './zip.ts'

/** A user as Braze exports it. */
export type ExportedUser = Readonly<Record<string, unknown>>
const pollMs = 10_000
/** The file lives about four hours. https://www.braze.com/docs/api/endpoints/export/user_data/post_users_segment/ */
const giveUpAfterMs = 4 * 3_600_000

/**
 * Exports a dashboard segment: asks for it, waits until the file is there, yields its users.
 * @throws {TriplineError} `unavailable`: the file did not come within four hours, or is broken; `conflict`: an export of
 * it already runs
 */
export async function* exportSegment(
  client: BrazeClient,
  session: Session,
  segmentId: string,
  fields: readonly string[],
): AsyncGenerator<ExportedUser, void, undefined> {
  const body = JSON.stringify({ segment_id: segmentId, fields_to_export: fields, output_format: 'zip' })
  const answer = await session.read(
    client.request('POST /users/export/segment', { purpose: 'lookup', repeat: 'read', body }),
  )
  if (session.dryRun) return
  const { url } = answer.json() as { url?: unknown }
  if (typeof url !== 'string')
    throw new TriplineError('braze', {
      code: 'unsupported',
      message: 'the export goes to your own bucket; only downloads are read',
    })
  const folder = await mkdtemp(join(tmpdir(), 'tripline-braze-'))
  const path = join(folder, 'export.zip')
  try {
    await download(session, url, path)
    for await (const line of linesOf(path)) if (line !== '') yield readUser(line)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const broken = (message: string, options?: ErrorOptions): TriplineError =>
  new TriplineError('braze', { code: 'unavailable', message }, options)

async function* linesOf(path: string): AsyncGenerator<string, void, undefined> {
  try {
    yield* zipLines(path)
  } catch (cause) {
    throw broken('the exported file is broken: export anew', { cause })
  }
}

/** What `JSON.parse` throws shows the text, which is personal. */
function readUser(line: string): ExportedUser {
  try {
    return JSON.parse(line) as ExportedUser
  } catch {
    throw broken('the exported file holds a line that is no JSON: export anew')
  }
}

/** Until the export is finished the address answers `AccessDenied`. */
async function download(session: Session, url: string, path: string): Promise<void> {
  const until = session.clock.now() + giveUpAfterMs
  for (;;) {
    const result = await session.request({
      endpoint: exportFile,
      purpose: 'lookup',
      repeat: 'read',
      method: 'GET',
      url,
      readAs: 'stream',
    })
    if (result.kind === 'ok' && result.answer.stream) {
      const stored = pipeline(Readable.fromWeb(result.answer.stream), createWriteStream(path))
      return stored.catch((cause: unknown) => {
        throw broken('the exported file did not arrive whole: export anew', { cause })
      })
    }
    const fault =
      'fault' in result ? result.fault : { code: 'unavailable' as const, message: 'an empty export file' }
    const notYet = result.kind === 'refused' && result.answer?.text.includes('AccessDenied')
    if (!notYet) throw new TriplineError('braze', fault)
    if (session.clock.now() >= until) throw broken('the export was not finished within four hours')
    await session.clock.sleep(pollMs, session.signal)
  }
}
