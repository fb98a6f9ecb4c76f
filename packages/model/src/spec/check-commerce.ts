import type { Value, Values } from '../value.ts'
import { isList, isPlainObject } from './clean-value.ts'
import type { CommerceRow, CommerceType } from './commerce-events.ts'
import { exactNumber } from './decimal.ts'
import { addMistake, type Findings } from './mistake.ts'
import { elementPath, memberPath } from './path.ts'

/**
 * Checks the declared properties of an e-commerce event. `null` fits every type, properties that are not declared are not
 * looked at. Returns the same object unless text was coerced to a number.
 */
export function checkCommerce(
  properties: Values,
  row: CommerceRow,
  coerce: boolean,
  findings: Findings,
  path = 'properties',
): Values {
  return fits(properties, row) ? properties : checkRow(properties, row, path, coerce, findings)
}

function fits(values: Values, row: CommerceRow): boolean {
  for (const name in values) {
    const value = values[name]
    const wanted = row[name]
    if (wanted === undefined || value === null || typeof value === wanted) continue
    if (!Object.hasOwn(row, name)) continue
    if (typeof wanted === 'string' || !isList(value)) return false
    for (const element of value) {
      if (!isPlainObject(element) || !fits(element, wanted.each)) return false
    }
  }
  return true
}

function checkRow(
  values: Values,
  row: CommerceRow,
  path: string,
  coerce: boolean,
  findings: Findings,
): Values {
  let changed: { [name: string]: Value } | undefined
  for (const [name, value] of Object.entries(values)) {
    const wanted = Object.hasOwn(row, name) ? row[name] : undefined
    if (wanted === undefined || value === null) continue
    const checked = checkValue(value, wanted, memberPath(path, name), coerce, findings)
    if (checked !== value) (changed ??= { ...values })[name] = checked
  }
  return changed ?? values
}

function checkValue(
  value: Value,
  wanted: CommerceType,
  path: string,
  coerce: boolean,
  findings: Findings,
): Value {
  if (typeof value === wanted) return value
  if (typeof wanted !== 'string') return checkList(value, wanted.each, path, coerce, findings)
  const number = wanted === 'number' && typeof value === 'string' ? exactNumber(value) : undefined
  if (number === undefined) {
    addMistake(findings, { path, message: `is ${nameOf(value)}`, allowed: [wanted] })
    return value
  }
  if (coerce) {
    findings.notes.push({ path, kind: 'coerced', because: 'the text became the number it says' })
    return number
  }
  const message = 'is a number written as text; send a number (or allow coerceNumbers)'
  addMistake(findings, { path, message, allowed: [wanted] })
  return value
}

function checkList(value: Value, row: CommerceRow, path: string, coerce: boolean, findings: Findings): Value {
  if (!isList(value)) {
    addMistake(findings, { path, message: `is ${nameOf(value)}`, allowed: ['list of objects'] })
    return value
  }
  const checked = value.map((element, index): Value => {
    const place = elementPath(path, index)
    if (isPlainObject(element)) return checkRow(element, row, place, coerce, findings)
    addMistake(findings, { path: place, message: `is ${nameOf(element)}`, allowed: ['object'] })
    return element
  })
  return checked.some((element, index) => element !== value[index]) ? checked : value
}

function nameOf(value: Value): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return { string: 'text', number: 'a number', boolean: 'a boolean' }[typeof value as string] ?? 'an object'
}
