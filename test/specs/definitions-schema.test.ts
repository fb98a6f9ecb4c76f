import { readFileSync } from 'node:fs'
import { fc, test as fcTest } from '@fast-check/vitest'
import { definitionsSchema, parseDefinitions } from '@tripline/triggers'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormatsModule from 'ajv-formats'
import { expect, test } from 'vitest'
import { fromSchema } from './from-schema.ts'
import type { Node } from './json-schema.ts'
import { mutated } from './mutate.ts'

const schema = definitionsSchema() as Node
const ajv = new Ajv2020({ strict: false, allErrors: false })
// The module's types describe its CommonJS form, in which the function is one level deeper.
const addFormats = addFormatsModule as unknown as (instance: object) => void
addFormats(ajv)
const validate = ajv.compile(schema)

/** What no schema can say: what a name means, and what holds between places. */
const beyond = [
  /is no IANA time zone|is no cron expression|is no http or https address/,
  /from and to are the same|have no weight > 0|is not declared/,
  /names no segment|is no static segment|refers to itself|is the id of|is not in the tracking plan/,
  /names an anchor event|names the anchor event|has no event to take the value from/,
]
/** Good texts for patterns whose texts are seldom good. */
const texts = {
  '^[A-Za-z]': ['UTC', 'Europe/Berlin', 'Mars/Base'],
  '^\\s*[\\d*/,-]+(?:\\s+[\\d*/,-]+){4}\\s*$': ['0 9 * * 1', '*/15 * * * *', '61 * * * *'],
  '^https?:': ['https://example.com/hook', 'http:'],
  '^[1-9]\\d{0,15}(?:ms|s|m|h|d)$': ['1m', '48h', '7d', '60m'],
  regex: ['^[a-z]+$'],
}
const definitions = fromSchema(schema, texts, 6)

/** The parser's mistakes, and those among them that a schema could have found. */
function mistakesOf(input: unknown): {
  readonly all: readonly string[]
  readonly structural: readonly string[]
} {
  const parsed = parseDefinitions(input)
  const mistakes = parsed.ok ? [] : parsed.mistakes
  const text = ({ path, message }: (typeof mistakes)[number]) => `${path} ${message}`
  const structural = mistakes.filter(({ message }) => !beyond.some((pattern) => pattern.test(message)))
  return { all: mistakes.map(text), structural: structural.map(text) }
}

test('the file in the package is the schema of the readers', () => {
  const file = new URL('../../packages/triggers/definitions.schema.json', import.meta.url)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema)
})

fcTest.prop([definitions], { numRuns: 500 })(
  'what the schema describes is read, apart from what no schema can say',
  (input) => {
    expect(validate(input), JSON.stringify(validate.errors)).toBe(true)
    expect(mistakesOf(input).structural).toEqual([])
  },
)

fcTest.prop([mutated(definitions)], { numRuns: 2000 })(
  'after any change, what the parser refuses by structure the schema refuses, and nothing else',
  (input) => {
    const { all, structural } = mistakesOf(input)
    if (validate(input)) expect(structural).toEqual([])
    else expect(all, JSON.stringify([input, validate.errors])).not.toEqual([])
  },
)

fcTest.prop([definitions], { numRuns: 500 })('the normal form fits the schema, too', (input) => {
  const parsed = parseDefinitions(input)
  fc.pre(parsed.ok)
  expect(validate(parsed.ok && parsed.definition), JSON.stringify(validate.errors)).toBe(true)
})
