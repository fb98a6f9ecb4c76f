import type { Json, SeenField, SeenName, Space } from '../store-types.ts'

const maxSamples = 10

/** Remembers which events, properties and traits a space has seen, for schema discovery. */
export function noteEvent(space: Space, name: string, kind: string, properties: Json, atMs: number): void {
  const seen: SeenName = space.events.get(name) ?? { kind, lastSeenAtMs: atMs, fields: new Map() }
  seen.lastSeenAtMs = atMs
  space.events.set(name, seen)
  noteFields(seen.fields, properties, atMs)
}

export function noteFields(fields: Map<string, SeenField>, values: Json, atMs: number): void {
  for (const [name, value] of Object.entries(values)) {
    const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
    const field = fields.get(name)
    if (!field) fields.set(name, { type, lastSeenAtMs: atMs, samples: [sample(value)] })
    else {
      field.lastSeenAtMs = atMs
      if (value !== null) field.type = type
      const text = field.samples.length < maxSamples ? sample(value) : undefined
      if (text !== undefined && !field.samples.includes(text)) field.samples.push(text)
    }
  }
}
const sample = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
