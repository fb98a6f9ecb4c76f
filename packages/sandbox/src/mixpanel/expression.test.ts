import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { selects, type Lookup } from './expression-evaluate.ts'
import { ExpressionError } from './expression-lexer.ts'
import { parseExpression } from './expression-parser.ts'

const profile: Record<string, unknown> = {
  plan: 'pro',
  age: 30,
  ratio: 2.5,
  vip: true,
  tags: ['a', 'b'],
  nothing: null,
  since: '2026-01-31T10:00:00',
  text: '12',
}
const lookup: Lookup = (source, name) => (source === 'behaviors' ? { b1: 3 }[name] : profile[name])
const holds = (text: string) => selects(parseExpression(text), lookup)

describe('a row is selected', () => {
  test.each([
    'properties["plan"] == "pro"',
    'user["plan"] == "pro"',
    'properties["age"] > 29 and properties["age"] <= 30',
    'not properties["plan"] == "free" and true',
    'properties["age"] - 10 * 2 == 10',
    '(properties["age"] - 10) * 2 == 40',
    '-properties["age"] < 0',
    'properties["age"] % 7 == 2',
    'floor(properties["ratio"]) == 2 and ceil(properties["ratio"]) == 3 and round(properties["ratio"]) == 3',
    'properties["age"] in [29, 30]',
    '"ro" in properties["plan"]',
    '"a" in properties["tags"]',
    'defined(properties["plan"]) and not defined(properties["nothing"]) and not defined(properties["absent"])',
    'properties["plan"] != 30',
    'properties["absent"] != "x"',
    'not properties["absent"]',
    'number(properties["text"]) == 12 and string(properties["age"]) == "30"',
    'boolean(properties["plan"]) and not boolean(properties["absent"])',
    'datetime(properties["since"]) > datetime("2026-01-31T00:00:00")',
    'properties["since"] > datetime("2026-01-31")',
    'properties["since"] > "2026-01-01T00:00:00"',
    '(behaviors["b1"] > 0)',
    'properties["plan"] + "!" == "pro!"',
    'false or properties["vip"]',
  ])('%s', (text) => {
    expect(holds(text)).toBe(true)
  })
})
describe('a row is not selected', () => {
  test.each([
    'properties["age"] == "30"',
    'properties["plan"] > 1',
    'not properties["plan"] > 1 and false',
    'properties["absent"] == "x"',
    'properties["age"] / 0 == 0',
    'properties["plan"] + 1 == "pro1"',
    'properties["plan"]',
    'not properties["plan"]',
    'event["plan"] == "free"',
    'number("x") == 0',
  ])('%s', (text) => {
    expect(holds(text)).toBe(false)
  })
})
describe('the vendor refuses', () => {
  test.each([
    'properties["a"] =',
    'properties[a]',
    "properties['a'] == 1",
    'unknown("a")',
    '(1 == 1',
    '1 == 1 extra',
    'properties["a\\n"] == 1',
    '',
  ])('%s', (text) => {
    expect(() => parseExpression(text)).toThrow(ExpressionError)
  })
  test('and/or of anything but booleans', () => {
    expect(() => holds('properties["plan"] and true')).toThrow("operands of 'and' and 'or' must be boolean")
  })
})
fcTest.prop([fc.string(), fc.string()])('any name and text, escaped, is found again', (name, text) => {
  const quote = (value: string) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  const expression = parseExpression(`properties[${quote(name)}] == ${quote(text)}`)
  expect(selects(expression, (_, asked) => (asked === name ? text : undefined))).toBe(true)
})
