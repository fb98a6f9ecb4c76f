const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.:](\d{1,9}))?)? ?(Z|[+-]\d{2}:?\d{2})?)?$/

/**
 * Reads ISO 8601 and Braze's `yyyy-MM-dd'T'HH:mm:ss:SSSZ`; without a zone it is UTC. Undefined for anything else, and for
 * years outside 0 to 3000. The "few common formats" Braze also reads are not named on its pages, so they stay text here.
 * https://www.braze.com/docs/api/objects_filters/user_attributes_object/
 */
export function readInstant(text: string): number | undefined {
  const match = iso.exec(text)
  if (!match) return undefined
  const part = (index: number): number => Number(match[index] ?? '0')
  const [year, month, day, hours, minutes, seconds] = [part(1), part(2), part(3), part(4), part(5), part(6)]
  if (month < 1 || month > 12 || day < 1 || hours > 23 || minutes > 59 || seconds > 59 || year > 3000)
    return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCDate() !== day) return undefined
  date.setUTCHours(hours, minutes, seconds, Number((match[7] ?? '').padEnd(3, '0').slice(0, 3)))
  return date.getTime() - offsetMs(match[8])
}

function offsetMs(zone: string | undefined): number {
  if (!zone || zone === 'Z') return 0
  const digits = zone.slice(1).replace(':', '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}

/** `2020-07-10T15:00:00.000Z` */
export const isoOf = (ms: number): string => new Date(ms).toISOString()

/** `2020-07-10 15:00:00.000 UTC`, the form of `created_at` in exports. */
export const exportTimeOf = (ms: number): string => isoOf(ms).replace('T', ' ').replace('Z', ' UTC')
