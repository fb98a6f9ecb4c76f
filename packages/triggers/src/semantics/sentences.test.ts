import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Sentence } from '../../fixtures/cases/law/sentence.ts'
import { rules, sections } from '../../fixtures/cases/sentences.ts'
import { conditionTables, ledgerTables, occasionTables, storyTables } from '../../fixtures/cases/tables.ts'

const root = join(import.meta.dirname, '../../../..')
const lawFile = join(root, '../shared/semantics.md')
const rulesText = readFileSync(join(root, 'packages/triggers/RULES.md'), 'utf8')

const tables: readonly (readonly [string, readonly { readonly law: string }[]])[] = [
  ...conditionTables,
  ...occasionTables,
  ...ledgerTables,
  ...storyTables,
]
const laws = tables.flatMap(([, cases]) => cases.map(({ law }) => law))
/** Those derived from a sentence; the others were shrunk from what the random laws found. */
const derived = tables
  .filter(([name]) => !name.startsWith('found'))
  .flatMap(([, cases]) => cases.map(({ law }) => law))
const all: readonly Sentence[] = [...sections.flat(), ...rules]

const fits = (law: string, name: string): boolean =>
  name.endsWith('…') ? law.startsWith(name.slice(0, -1)) : law === name

/** Whether a test file has a test of this title, or one that begins so. */
function hasTest(file: string, title: string): boolean {
  const path = join(root, file)
  if (!existsSync(path)) return false
  const text = readFileSync(path, 'utf8')
  const quoted = title.replaceAll("'", "\\'")
  return ["'", '"', '`'].some((quote) => text.includes(quote + title) || text.includes(quote + quoted))
}

describe('every sentence has its test', () => {
  test.each(all)('$says', ({ shownBy, elsewhere }) => {
    if (shownBy.length === 0 && elsewhere === undefined) throw new Error('nothing shows it')
    for (const name of shownBy) {
      const [file = '', title] = name.split(' › ')
      const isThere = title === undefined ? laws.some((law) => fits(law, name)) : hasTest(file, title)
      expect(isThere, `there is no "${name}"`).toBe(true)
    }
  })

  test('every case shows a sentence', () => {
    const names = all.flatMap(({ shownBy }) => shownBy)
    expect(derived.filter((law) => !names.some((name) => fits(law, name)))).toEqual([])
  })

  test('every case has a name of its own', () => {
    expect(derived.filter((law, index) => derived.indexOf(law) !== index)).toEqual([])
  })
})

/** What is left of a text when the sentences, in their order, are taken out. */
function leftOver(text: string, sentences: readonly Sentence[]): string {
  let rest = text
  let left = ''
  for (const { says } of sentences) {
    const start = rest.indexOf(says)
    if (start === -1) throw new Error(`not there, or not in this order: "${says}"`)
    left += rest.slice(0, start)
    rest = rest.slice(start + says.length)
  }
  return left + rest
}

describe('the table is complete', () => {
  test.skipIf(!existsSync(lawFile))('the law, §1 to §8, word by word (skipped: data not present)', () => {
    const parts = readFileSync(lawFile, 'utf8').split(/^## /mu).slice(1, 9)
    expect(parts).toHaveLength(sections.length)
    for (const [index, sentences] of sections.entries()) {
      const [, ...lines] = (parts[index] ?? '').split('\n')
      // The head of a table says nothing.
      const text = lines.filter((_, line) => lines[line + 1]?.startsWith('| -') !== true).join('\n')
      expect(leftOver(text, sentences)).not.toMatch(/[\p{L}\p{N}]/u)
    }
  })

  test('every rule is in its place in RULES.md', () => {
    expect(() => leftOver(rulesText, rules)).not.toThrow()
  })

  test('every paragraph of RULES.md begins a rule, or holds one', () => {
    const paragraphs = rulesText.split('\n').filter((line) => line.startsWith('- '))
    const without = paragraphs.filter((line) => !rules.some(({ says }) => line.includes(says)))
    expect(without).toEqual([])
  })
})
