import { zipSync } from 'fflate'
import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { messages, mismatch, refuse, success } from '../errors.ts'
import { exportFields, exportProfile } from '../export-profile.ts'
import { isEmail, isPhone, readAlias } from '../identifiers.ts'
import { isoOf } from '../instants.ts'
import { isList, isName, isText, type Json, type JsonObject } from '../json.ts'
import { exportLinkMs, sizeLimits } from '../limits.ts'
import type { Profile } from '../profile.ts'
import { membersOf } from '../segment-members.ts'
import type { BrazeSegment } from '../state.ts'
import type { ExportJob } from '../store.ts'
import { get, post } from './route.ts'

/** https://www.braze.com/docs/api/endpoints/export/user_data/ ; the last route stands for the storage the link points to. */
export const exportRoutes = (context: BrazeContext): readonly Route[] => [
  post(context, { path: '/users/export/ids', known: idFields, handle: (body) => exportIds(context, body) }),
  post(context, {
    path: '/users/export/segment',
    known: segmentFields,
    handle: (body, request) => exportSegment(context, body, request),
  }),
  get('/segment-export/{segment}/{date}/{folder}/{file}', (_query, request) => download(context, request)),
]

const idFields = [
  'external_ids',
  'user_aliases',
  'device_id',
  'braze_id',
  'email_address',
  'phone',
  'fields_to_export',
]
const segmentFields = [
  'segment_id',
  'callback_endpoint',
  'fields_to_export',
  'custom_attributes_to_export',
  'output_format',
]

/** Texts of this function but the limit's are not published. */
function exportIds(context: BrazeContext, body: JsonObject): SimReply {
  const kinds = idFields.slice(0, 6).filter((name) => body[name] !== undefined)
  if (kinds.length === 0) return refuse(400, 'At least one user identifier is required')
  if (kinds.length > 1 && !context.account.exportMixesIdentifiers)
    return refuse(400, 'Only one kind of user identifier may be used')
  const fields = readFields(body['fields_to_export'], exportFields)
  if (
    fields === undefined &&
    (body['fields_to_export'] !== undefined || context.account.exportFieldsRequired)
  )
    return refuse(400, "'fields_to_export' is required and must be an array of known fields")
  const found = findAll(context, body)
  if ('status' in found) return found
  const now = context.clock.now()
  const users = [...found.profiles].map((profile) => exportProfile(profile, fields ?? exportFields, now))
  return success(200, { users, ...(found.missing.length > 0 && { invalid_user_ids: found.missing }) })
}

function readFields(value: Json | undefined, known: readonly string[]): readonly string[] | undefined {
  return isList(value) && value.length > 0 && value.every((name) => isText(name) && known.includes(name))
    ? (value as readonly string[])
    : undefined
}

interface Found {
  readonly profiles: ReadonlySet<Profile>
  readonly missing: readonly string[]
}
function findAll({ store }: BrazeContext, body: JsonObject): Found | SimReply {
  const {
    external_ids: ids,
    user_aliases: aliases,
    braze_id: brazeId,
    email_address: email,
    phone,
    device_id: deviceId,
  } = body
  const profiles = new Set<Profile>()
  const missing: string[] = []
  for (const list of [ids, aliases]) {
    if (list === undefined) continue
    if (!isList(list) || list.length === 0) return mismatch()
    if (list.length > sizeLimits.idsPerRequest.max) return refuse(400, messages.tooManyRecipients)
  }
  for (const id of isList(ids) ? ids : []) {
    if (!isText(id)) return mismatch()
    const profile = store.profiles.byExternalId(id)
    if (profile) profiles.add(profile)
    else missing.push(id)
  }
  for (const entry of isList(aliases) ? aliases : []) {
    const alias = readAlias(entry)
    if (!alias) return mismatch()
    for (const profile of store.profiles.find(alias)) profiles.add(profile)
  }
  // One of these per call; an array, or two addresses, is no address.
  if (brazeId !== undefined && !isName(brazeId)) return mismatch()
  if (email !== undefined && !isEmail(email)) return mismatch()
  if (phone !== undefined && !isPhone(phone)) return mismatch()
  if (deviceId !== undefined && !isName(deviceId)) return mismatch()
  if (isName(brazeId))
    for (const profile of store.profiles.find({ kind: 'braze_id', value: brazeId })) profiles.add(profile)
  if (isEmail(email))
    for (const profile of store.profiles.find({ kind: 'email', value: email })) profiles.add(profile)
  if (isPhone(phone))
    for (const profile of store.profiles.find({ kind: 'phone', value: phone })) profiles.add(profile)
  return { profiles, missing }
}

function exportSegment(context: BrazeContext, body: JsonObject, request: SimRequest): SimReply {
  const segment = isName(body['segment_id']) ? context.store.segments.get(body['segment_id']) : undefined
  if (!segment) return refuse(400, messages.invalidSegment)
  const fields = readFields(body['fields_to_export'], [...exportFields, 'created_from'])
  if (!fields) return refuse(400, "'fields_to_export' is required and must be an array of known fields")
  const attributes = body['custom_attributes_to_export'] ?? []
  if (
    !isList(attributes) ||
    !attributes.every(isText) ||
    attributes.length > sizeLimits.exportedAttributes.max
  )
    return refuse(400, "'custom_attributes_to_export' must be an array of up to 500 names")
  const format = body['output_format'] ?? 'zip'
  if (format !== 'zip' && format !== 'gzip') return refuse(400, "'output_format' must be zip or gzip")
  // One export per segment at a time; Braze's text for the second is not published.
  if (context.store.running.has(segment.id))
    return refuse(400, 'An export for this segment is already running')
  const job = startExport(context, segment, { fields, attributes }, body['callback_endpoint'])
  return success(201, { object_prefix: job.prefix, url: `http://${request.headers['host']}${job.path}` })
}

interface Wanted {
  readonly fields: readonly string[]
  readonly attributes: readonly string[]
}
function startExport(
  context: BrazeContext,
  segment: BrazeSegment,
  wanted: Wanted,
  callback: Json | undefined,
): ExportJob {
  const { store, queue, clock, account } = context
  const now = clock.now()
  const uuid = context.newId('export').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const prefix = `${uuid}-${Math.floor(now / 1_000)}`
  const path = `/segment-export/${segment.id}/${isoOf(now).slice(0, 10)}/${prefix}/${context.newId('file')}.zip`
  const job: ExportJob = {
    segmentId: segment.id,
    prefix,
    path,
    startedAt: now,
    callback: isName(callback) ? callback : undefined,
    archive: undefined,
    users: 0,
  }
  store.exports.set(path, job)
  store.running.set(segment.id, job)
  queue.add(now, account.exportReadyAfterMs, (at) => {
    store.running.delete(segment.id)
    finish(context, job, { segment, wanted, now: at })
  })
  return job
}

/** Writes the archive: about 5,000 users a file, one JSON object a line. */
function finish(
  context: BrazeContext,
  job: ExportJob,
  { segment, wanted, now }: { segment: BrazeSegment; wanted: Wanted; now: number },
): void {
  const lines = [...membersOf(context.store, segment)].map((profile) =>
    JSON.stringify(rowOf(profile, wanted, now)),
  )
  const files: Record<string, Uint8Array> = {}
  const { max } = sizeLimits.usersPerExportFile
  for (let from = 0; from < lines.length; from += max)
    files[`${context.newId('part')}.json`] = Buffer.from(`${lines.slice(from, from + max).join('\n')}\n`)
  job.users = lines.length
  // The zip format knows no time before 1980, a sandbox clock may.
  job.archive = Buffer.from(zipSync(files, { level: 1, mtime: Math.max(now, Date.UTC(1980, 0, 2)) }))
}

/** `custom_attributes_to_export` is ignored when all of them are asked for. */
function rowOf(
  profile: Profile,
  { fields, attributes }: Wanted,
  now: number,
): Readonly<Record<string, Json>> {
  const row = exportProfile(profile, fields, now)
  if (attributes.length === 0 || fields.includes('custom_attributes')) return row
  const chosen = attributes.flatMap((name) => {
    const value = profile.custom.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return chosen.length === 0 ? row : { ...row, custom_attributes: Object.fromEntries(chosen) }
}

/** Before the export is finished the storage knows no such file, and says so as storage does; after four hours the link is dead. */
function download({ store, clock }: BrazeContext, { path }: SimRequest): SimReply {
  const job = store.exports.get(path)
  if (!job?.archive) return storageError(403, 'AccessDenied', 'Access Denied')
  if (clock.now() >= job.startedAt + exportLinkMs)
    return storageError(400, 'ExpiredToken', 'The provided token has expired.')
  return { status: 200, headers: { 'content-type': 'application/zip' }, body: job.archive }
}

const storageError = (status: number, code: string, message: string): SimReply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
})
