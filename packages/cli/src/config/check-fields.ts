import { fieldTypes } from '@tripline/model'
import { join, type Checker, type Plain } from './checker.ts'
import { vendors } from './vendors.ts'

const owners = ['user', 'group', 'event'] as const
const keys = ['of', 'event', 'name', 'type', 'unique', 'names']

/** The field registry: each entry, no field twice, no two fields with one name at a vendor. */
export function checkFields(checker: Checker, path: string, given: unknown): void {
  const entries = (checker.list(path, given) ?? []).map((entry, index) => {
    const at = `${path}[${index}]`
    return { at, field: checkField(checker, at, entry) }
  })
  const seen = new Map<string, string>()
  for (const { at, field } of entries) {
    if (field === undefined) continue
    const places = [
      { key: 'canonical', name: field['name'], path: join(at, 'name'), what: 'is' },
      ...Object.entries((field['names'] ?? {}) as Plain).map(([vendor, name]) => {
        return { key: vendor, name, path: join(join(at, 'names'), vendor), what: `becomes at ${vendor} what` }
      }),
    ]
    for (const { key, name, path: place, what } of places) {
      const id = JSON.stringify([key, field['of'], field['event'], name])
      const other = seen.get(id)
      if (other === undefined) seen.set(id, at)
      else if (key === 'canonical')
        checker.add(place, `"${String(name)}" ${what} declared already, by ${other}`)
      else checker.add(place, `"${String(name)}" ${what} ${other} becomes too: rename one`)
    }
  }
}

function checkField(checker: Checker, at: string, entry: unknown): Plain | undefined {
  const field = checker.known(at, entry, keys)
  if (field === undefined) return undefined
  for (const name of ['of', 'name', 'type'])
    if (field[name] === undefined) checker.add(join(at, name), 'is missing', allowed[name])
  checker.text(join(at, 'of'), field['of'], owners)
  checker.text(join(at, 'name'), field['name'])
  checker.text(join(at, 'type'), field['type'], fieldTypes)
  checker.text(join(at, 'event'), field['event'])
  checker.flag(join(at, 'unique'), field['unique'])
  if (field['event'] !== undefined && field['of'] !== 'event')
    checker.add(join(at, 'event'), 'only a field of an event has one')
  const names = checker.known(join(at, 'names'), field['names'], vendors)
  for (const [vendor, name] of Object.entries(names ?? {}))
    checker.text(join(join(at, 'names'), vendor), name)
  return field
}
const allowed: Readonly<Record<string, readonly string[]>> = { of: owners, type: fieldTypes, name: ['text'] }
