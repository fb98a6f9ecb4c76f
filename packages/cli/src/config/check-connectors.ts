import { checkFields } from './check-fields.ts'
import { join, kindOf, type Checker } from './checker.ts'
import { rulesOf, type OptionRule, type OptionRules } from './option-rules.ts'
import { isVendor, vendors } from './vendors.ts'

export function checkConnectors(checker: Checker, given: unknown, environment: NodeJS.ProcessEnv): void {
  const written = new Set(Object.values(environment))
  for (const [vendor, options] of Object.entries(checker.known('connectors', given, vendors) ?? {}))
    if (isVendor(vendor) && options !== undefined)
      checkOptions(checker, join('connectors', vendor), options, rulesOf(vendor), written)
}

/** Texts of the environment: a secret that is among them was read from there. */
type Written = ReadonlySet<string | undefined>

function checkOptions(
  checker: Checker,
  path: string,
  given: unknown,
  rules: OptionRules,
  written: Written,
): void {
  const known = checker.known(path, given, Object.keys(rules))
  if (known === undefined) return
  for (const [name, rule] of Object.entries(rules)) {
    const value = known[name]
    if (value !== undefined) checkOption(checker, join(path, name), value, rule, written)
    else if (rule.required) checker.add(join(path, name), 'is missing', allowedOf(rule))
  }
}

function checkOption(
  checker: Checker,
  path: string,
  value: unknown,
  rule: OptionRule,
  written: Written,
): void {
  switch (rule.is) {
    case 'text':
      return checker.text(path, value)
    case 'flag':
      return checker.flag(path, value)
    case 'texts':
      return checker.texts(path, value)
    case 'choices':
      return checker.texts(path, value, rule.of)
    case 'fields':
      return checkFields(checker, path, value)
    case 'names':
      for (const [name, to] of Object.entries(checker.object(path, value) ?? {}))
        checker.text(join(path, name), to)
      return
    case 'object':
      return checkOptions(checker, path, value, rule.of, written)
    case 'either': {
      const form =
        rule.of.find((each) => (each.is === 'object') === (typeof value === 'object')) ?? rule.of[0]
      if (form) checkOption(checker, path, value, form, written)
      return
    }
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

/** Short words are repeated; nothing else of a config is, it might be a secret. */
function saidAs(value: unknown): string {
  return typeof value === 'string' && value.length <= 20 ? `is "${value}"` : `is ${kindOf(value)}`
}

function allowedOf(rule: OptionRule): readonly string[] {
  switch (rule.is) {
    case 'choice':
    case 'choices':
      return rule.of
    case 'count':
      return [`whole number from ${rule.min}`]
    case 'url':
      return ['http or https URL']
    case 'secret':
      return [`environment variable ${rule.environment}`, 'callback']
    case 'either':
      return rule.of.flatMap(allowedOf)
    case 'texts':
    case 'fields':
      return ['list']
    case 'names':
    case 'object':
    case 'anything':
      return ['object']
    case 'text':
      return ['text']
    case 'flag':
      return ['true', 'false']
  }
}

function isHttpUrl(value: unknown): boolean {
  const url = value instanceof URL ? value : typeof value === 'string' ? URL.parse(value) : null
  return url !== null && /^https?:$/.test(url.protocol)
}
