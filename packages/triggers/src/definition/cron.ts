/** The values each field allows. `weekdays`: 0 is Sunday. */
export interface Cron {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly weekdays: ReadonlySet<number>
}

const limits = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const
const partText = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/

/**
 * Five fields: minute, hour, day of month, month, weekday (0 and 7 are Sunday), each `*`, a number, a range `1-5`, a
 * step `0-59/15` or `0-30/10`, or a list of these. All five must hold, also both day fields. Names are not read.
 * `undefined` for any other text, a range written backwards, a step of 0 or after a single number.
 */
export function parseCron(text: string): Cron | undefined {
  const fields = text.trim().split(/\s+/)
  if (fields.length !== limits.length) return undefined
  const sets = limits.map((limit, index) => parseField(fields[index] ?? '', limit))
  const [minutes, hours, days, months, weekdays] = sets
  if (!minutes || !hours || !days || !months || !weekdays) return undefined
  if (weekdays.has(7)) weekdays.add(0)
  weekdays.delete(7)
  return { minutes, hours, days, months, weekdays }
}

function parseField(field: string, [least, most]: readonly [number, number]): Set<number> | undefined {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const match = partText.exec(part)
    if (match === null) return undefined
    const [, from, to, step] = match
    if (from !== undefined && to === undefined && step !== undefined) return undefined
    const first = from === undefined ? least : Number(from)
    const last = from === undefined ? most : Number(to ?? from)
    const by = Number(step ?? 1)
    if (by === 0 || first > last || first < least || last > most) return undefined
    for (let value = first; value <= last; value += by) values.add(value)
  }
  return values
}
