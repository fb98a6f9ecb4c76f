import type { Mistake } from '@tripline/model'
import { nearestName } from '@tripline/triggers'

export type Plain = Readonly<Record<string, unknown>>

/** Collects the mistakes of a config while its parts are walked through. */
export interface Checker {
  readonly mistakes: readonly Mistake[]
  add(path: string, message: string, allowed?: readonly string[]): void
  /** The object at a path; undefined, with a mistake, when it is none. Absent parts give no mistake. */
  object(path: string, value: unknown): Plain | undefined
  /** As `object`, and every name of it must be one of these. */
  known(path: string, value: unknown, names: readonly string[]): Plain | undefined
  list(path: string, value: unknown): readonly unknown[] | undefined
  /** A list of texts; `among` narrows which. */
  texts(path: string, value: unknown, among?: readonly string[]): void
  text(path: string, value: unknown, among?: readonly string[]): void
  flag(path: string, value: unknown): void
}

export function createChecker(): Checker {
  const mistakes: Mistake[] = []
  const checker: Checker = {
    mistakes,
    add: (path, message, allowed) => void mistakes.push({ path, message, ...(allowed && { allowed }) }),
    object(path, value) {
      if (value === undefined) return undefined
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Plain
      checker.add(path, `is ${kindOf(value)}`, ['object'])
      return undefined
    },
    known(path, value, names) {
      const given = checker.object(path, value)
      for (const name of Object.keys(given ?? {}))
        if (!names.includes(name)) checker.add(join(path, name), unknownName(name, names), names)
      return given
    },
    list(path, value) {
      if (value === undefined) return undefined
      if (Array.isArray(value)) return value as readonly unknown[]
      checker.add(path, `is ${kindOf(value)}`, ['list'])
      return undefined
    },
    texts(path, value, among) {
      for (const [index, entry] of (checker.list(path, value) ?? []).entries())
        checker.text(`${path}[${index}]`, entry, among)
    },
    text(path, value, among) {
      if (value === undefined) return
      if (typeof value !== 'string') checker.add(path, `is ${kindOf(value)}`, among ?? ['text'])
      else if (among && !among.includes(value)) checker.add(path, unknownName(value, among), among)
      else if (value === '') checker.add(path, 'is empty')
    },
    flag(path, value) {
      if (value !== undefined && typeof value !== 'boolean')
        checker.add(path, `is ${kindOf(value)}`, ['true', 'false'])
    },
  }
  return checker
}

/** `routes` + `braze` → `routes.braze`; a name with other letters is quoted. */
export function join(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === '' ? name : `${path}.${name}`
}

export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`
}

function unknownName(name: string, names: readonly string[]): string {
  const meant = nearestName(name, names)
  return meant === undefined ? `"${name}" is unknown` : `"${name}" is unknown; did you mean "${meant}"?`
}
