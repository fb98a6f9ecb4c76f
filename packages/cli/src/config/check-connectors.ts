import { checkFields } from './check-fields.ts'
import { join, kindOf, type Checker } from './checker.ts'
import { optionRules, type OptionRule } from './option-rules.ts'
import { isVendor, vendors } from './vendors.ts'

export function checkConnectors(checker: Checker, given: unknown, environment: NodeJS.ProcessEnv): void {
  const written = new Set(Object.values(environment))
  for (const [vendor, options] of Object.entries(checker.known('connectors', given, vendors) ?? {})) {
    if (!isVendor(vendor) || options === undefined) continue
    const rules = optionRules[vendor]
    const path = join('connectors', vendor)
    const known = checker.known(path, options, Object.keys(rules))
    if (known === undefined) continue
    for (const [name, rule] of Object.entries(rules)) {
      const value = known[name]
      if (value !== undefined) checkOption(checker, join(path, name), value, rule, written)
      else if (rule.required) checker.add(join(path, name), 'is missing', allowedOf(rule))
    }
  }
}

function checkOption(
  checker: Checker,
  path: string,
  value: unknown,
  rule: OptionRule,
  written: ReadonlySet<string | undefined>,
): void {
  switch (rule.is) {
    case 'text':
      return checker.text(path, value)
    case 'flag':
      return checker.flag(path, value)
    case 'texts':
      return checker.texts(path, value)
    case 'fields':
      return checkFields(checker, path, value)
    case 'names':
      for (const [name, to] of Object.entries(checker.object(path, value) ?? {}))
        checker.text(join(path, name), to)
      return
    case 'url':
      if (!isHttpUrl(value))
        checker.add(path, typeof value === 'string' ? 'is no URL' : `is ${kindOf(value)}`, allowedOf(rule))
      return
    case 'count':
      if (typeof value !== 'number' || !Number.isInteger(value) || value < rule.min)
        checker.add(path, `is ${typeof value === 'number' ? value : kindOf(value)}`, allowedOf(rule))
      return
    case 'choice':
      if (!rule.of.some((choice) => choice === value)) checker.add(path, saidAs(value), allowedOf(rule))
      return
    case 'secret':
      if (typeof value === 'function') return
      if (typeof value !== 'string') checker.add(path, `is ${kindOf(value)}`, allowedOf(rule))
      else if (!written.has(value)) checker.add(path, 'is written out in the file', allowedOf(rule))
      return
    case 'anything':
  }
}

/** Numbers and short words are repeated; nothing else of a config is, it might be a secret. */
function saidAs(value: unknown): string {
  return typeof value === 'string' && value.length <= 20 ? `is "${value}"` : `is ${kindOf(value)}`
}

function allowedOf(rule: OptionRule): readonly string[] {
  switch (rule.is) {
    case 'choice':
      return rule.of.map(String)
    case 'count':
      return [`whole number from ${rule.min}`]
    case 'url':
      return ['http or https URL']
    case 'secret':
      return [`environment variable${rule.environment ? ` ${rule.environment}` : ''}`, 'callback']
    case 'text':
    case 'flag':
    case 'texts':
    case 'names':
    case 'fields':
    case 'anything':
      return [rule.is]
  }
}

function isHttpUrl(value: unknown): boolean {
  const url = value instanceof URL ? value : typeof value === 'string' ? URL.parse(value) : null
  return url !== null && /^https?:$/.test(url.protocol)
}
