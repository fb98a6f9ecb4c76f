import type { SimReply } from '../core/index.ts'
import { isObject } from './ingest-input.ts'
import { ingestReply } from './ingest-reply.ts'
import { operationFlaw, type Operation } from './profile-operations.ts'
import type { Project } from './project.ts'
import type { Properties } from './state.ts'

export interface ProfileUpdate {
  readonly record: Properties
  readonly operation: Operation
  readonly token: string
}
interface FailedUpdate {
  readonly index: number
  readonly message: string
  /** Seen with `verbose=1`; the rest only with `verbose=2` (rudderlabs/rudder-transformer#5060). */
  readonly plain: boolean
}
interface SortedUpdates {
  readonly good: readonly ProfileUpdate[]
  readonly failed: readonly FailedUpdate[]
}
interface UpdateRules {
  readonly operations: readonly Operation[]
  /** Fields beside `$token` and the operation. */
  readonly fields: readonly string[]
  /** Fields that must be a text with something in it. */
  readonly ids: readonly string[]
  readonly maxBytes: number
}

export function sortUpdates(records: readonly unknown[], rules: UpdateRules): SortedUpdates {
  const good: ProfileUpdate[] = []
  const failed: FailedUpdate[] = []
  for (const [index, record] of records.entries()) {
    const checked = checkUpdate(record, rules)
    if ('message' in checked) failed.push({ index, ...checked })
    else good.push(checked)
  }
  return { good, failed }
}

function checkUpdate(record: unknown, rules: UpdateRules): ProfileUpdate | Omit<FailedUpdate, 'index'> {
  if (!isObject(record)) return { message: 'record, must be an object', plain: true }
  const token = record['$token']
  if (typeof token !== 'string' || token === '') return { message: '$token, missing or empty', plain: true }
  const noId = rules.ids.find((name) => typeof record[name] !== 'string' || record[name] === '')
  if (noId !== undefined) return { message: `${noId}, missing or empty`, plain: true }
  const named = Object.keys(record).filter((name) => name !== '$token' && !rules.fields.includes(name))
  const [operation, second] = rules.operations.filter((name) => named.includes(name))
  const unknown = named.find((name) => !(rules.operations as readonly string[]).includes(name))
  if (unknown !== undefined) return { message: `${unknown}, unsupported operation`, plain: false }
  if (operation === undefined) return { message: 'operation, missing or empty', plain: false }
  if (second !== undefined) return { message: `${second}, only one operation is allowed`, plain: false }
  const flaw = operationFlaw(operation, record[operation])
  if (flaw !== undefined) return { message: flaw, plain: false }
  if (Buffer.byteLength(JSON.stringify(record)) >= rules.maxBytes) {
    return { message: `record, must be smaller than ${rules.maxBytes} bytes`, plain: false }
  }
  return { record, operation, token }
}

/**
 * HTTP 200 for good and bad alike. `1` says that one or more records were valid; `verbose=2` names the first bad one
 * although the good ones are kept; `strict=1` lists them in one of the ways the account is set to.
 */
export function profileReply(
  { account }: Project,
  options: URLSearchParams,
  sorted: SortedUpdates,
): SimReply {
  const { good, failed } = sorted
  const first = failed[0]
  const extra = { num_good_events: good.length }
  const verbose = options.get('verbose')
  if (options.get('strict') === '1' && first && account.engageStrict !== 'ignored') {
    const error = 'some data points in the request failed validation'
    const failed_records = failed.map(({ index, message }) => ({ index, message }))
    if (account.engageStrict === 'records')
      return ingestReply(options, false, error, { failed_records, ...extra })
    return { status: 400, body: { code: 400, error, failed_records, ...extra, status: 'Bad Request' } }
  }
  if (!first) return ingestReply(options, true, null, verbose === '2' ? extra : {})
  if (verbose === '2') return ingestReply(options, false, first.message, extra)
  const plain = failed.find((one) => one.plain)
  // What only verbose=2 surfaces is a success everywhere else.
  const stored = good.length > 0 || !plain
  return ingestReply(options, stored, stored ? null : (plain?.message ?? null))
}
