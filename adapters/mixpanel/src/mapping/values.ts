import { isRecord, truncateBytes } from '@tripline/kit'
import type { Fault, Loss, Value, Values } from '@tripline/model'
import { maxOf } from '../limits.ts'

const dataTypes = 'https://docs.mixpanel.com/docs/data-structure/property-reference/data-type'
const importEvents = 'https://developer.mixpanel.com/reference/import-events'
const maxTextBytes = maxOf('text.bytes')
const maxKeys = maxOf('nested.keys')
const maxDepth = maxOf('nested.depth')

/** What was found while an item was mapped. */
export interface Findings {
  readonly losses: Loss[]
  /** The item cannot be sent at all. */
  fault?: Fault
}

/**
 * A property's value as Mixpanel keeps it.
 * @param maxBytes of an object or list as JSON
 * @returns undefined when nothing of it can be kept
 */
export function fitValue(
  value: Value,
  base: string,
  name: string,
  maxBytes: number,
  findings: Findings,
): Value | undefined {
  if (typeof value === 'string')
    return value.length * 3 <= maxTextBytes ? value : cut(value, `${base}.${name}`, findings)
  if (typeof value === 'number' ? Number.isFinite(value) : typeof value === 'boolean' || value === null)
    return value
  if (typeof value === 'object')
    return boundOf(value, 0) <= maxBytes ? value : fitNested(value, `${base}.${name}`, maxBytes, findings)
  findings.fault ??= noValue(`${base}.${name}`)
  return undefined
}
const noValue = (path: string): Fault => ({
  code: 'invalid',
  message: 'not a value: text, finite number, true, false, null, list or object',
  path,
})

function cut(text: string, path: string, { losses }: Findings): string {
  const kept = truncateBytes(text, maxTextBytes)
  if (kept.length < text.length)
    losses.push({
      path,
      kind: 'truncated',
      because: `Mixpanel keeps ${maxTextBytes} bytes of a text`,
      source: dataTypes,
    })
  return kept
}

/** At most so many bytes as JSON, without writing it; Infinity when something in it needs a closer look. */
export function boundOf(value: Value, depth: number): number {
  if (typeof value === 'string') return value.length * 6 + 3
  if (typeof value === 'number') return Number.isFinite(value) ? 26 : Infinity
  if (typeof value === 'boolean' || value === null) return 6
  if (typeof value !== 'object') return Infinity
  let bytes = 2
  if (!isRecord(value)) {
    if (value.length > maxKeys) return Infinity
    for (const entry of value) bytes += boundOf(entry, depth) + 1
    return bytes
  }
  if (depth >= maxDepth) return Infinity
  let keys = 0
  for (const name in value) {
    bytes += name.length * 6 + 4 + boundOf(value[name] ?? null, depth + 1)
    keys++
  }
  return keys > maxKeys ? Infinity : bytes
}

function fitNested(value: Value, path: string, maxBytes: number, findings: Findings): Value | undefined {
  const clean = cleanNested(value, path, 0, findings)
  if (clean === undefined || Buffer.byteLength(JSON.stringify(clean)) <= maxBytes) return clean
  const because = `Mixpanel loses a list or object of more than ${maxBytes} bytes`
  if (!Array.isArray(clean)) {
    findings.losses.push({ path, kind: 'dropped', because, source: dataTypes })
    return undefined
  }
  const kept: Value[] = []
  let bytes = 1
  for (const entry of clean as readonly Value[]) {
    bytes += Buffer.byteLength(JSON.stringify(entry)) + 1
    if (bytes > maxBytes) break
    kept.push(entry)
  }
  findings.losses.push({
    path,
    kind: 'truncated',
    because: `${because}: its first ${kept.length} entries`,
    source: dataTypes,
  })
  return kept
}

function cleanNested(value: Value, path: string, depth: number, findings: Findings): Value | undefined {
  const { losses } = findings
  if (typeof value === 'number' ? !Number.isFinite(value) : value === undefined) {
    findings.fault ??= noValue(path)
    return undefined
  }
  if (typeof value !== 'object' || value === null) return value
  if (!isRecord(value)) {
    if (value.length > maxKeys)
      losses.push({
        path,
        kind: 'truncated',
        because: `Mixpanel takes ${maxKeys} entries of a list`,
        source: importEvents,
      })
    return value.slice(0, maxKeys).flatMap((entry, index) => {
      const kept = cleanNested(entry, `${path}[${index}]`, depth, findings)
      return kept === undefined ? [] : [kept]
    })
  }
  if (depth >= maxDepth) {
    losses.push({
      path,
      kind: 'dropped',
      because: `Mixpanel takes ${maxDepth} levels of objects`,
      source: importEvents,
    })
    return undefined
  }
  return cleanRecord(value, path, depth, findings)
}

function cleanRecord(value: Values, path: string, depth: number, findings: Findings): Values {
  const entries: (readonly [string, Value])[] = []
  for (const [name, entry] of Object.entries(value)) {
    const at = `${path}.${name}`
    const kept = entries.length < maxKeys ? cleanNested(entry, at, depth + 1, findings) : undefined
    if (kept !== undefined) entries.push([name, kept])
    else if (entries.length >= maxKeys)
      findings.losses.push({
        path: at,
        kind: 'dropped',
        because: `Mixpanel takes ${maxKeys} keys of an object`,
        source: importEvents,
      })
  }
  return Object.fromEntries(entries)
}
