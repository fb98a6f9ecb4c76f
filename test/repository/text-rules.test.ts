import { expect, test } from 'vitest'
import { runCommand } from '../../scripts/run-command.ts'
import { readText, repositoryFiles } from '../../scripts/workspace.ts'

/** What no text of the repository may hold. The patterns are written so that they do not find themselves. */
const forbidden = [
  { what: 'a path of somebody’s machine', pattern: /(?<![\w.:-])\/(?:work|root|home|Users)\/\w/ },
  {
    what: 'the host of a package registry',
    pattern: /\bhttps?:\/\/[\w.-]*(?:registry|verdaccio|artifactory)[\w.-]*/,
  },
  { what: 'an unfinished part', pattern: new RegExp(`\\b(?:${['TO', 'FIX'].join('DO|')}ME)\\b`) },
  { what: 'a switched-off type check', pattern: /@ts-(?:ignore|nocheck)\b/ },
  { what: 'a cast to the type that is no type', pattern: /\bas any\b|<any>/, only: /\.ts$/ },
  { what: 'a test that runs alone', pattern: /\b(?:test|it|describe)\.only\(/, only: /\.ts$/ },
  {
    what: 'an expected type error outside a type test',
    pattern: /@ts-expect-error/,
    only: /(?<!\.test-d)\.ts$/,
  },
] as const satisfies readonly { what: string; pattern: RegExp; only?: RegExp }[]

const notText = /\.(?:gz|zip|png|ico|woff2?)$/
/** This file, and what the others check. */
const rules = 'test/repository/text-rules.test.ts'
const files = repositoryFiles().filter((file) => !notText.test(file))
const authored = files.filter((file) => file !== 'pnpm-lock.yaml')

test.each(forbidden)('no file holds $what', ({ pattern, ...rule }) => {
  const only = 'only' in rule ? rule.only : /./
  const found = authored
    .filter((file) => file !== rules && only.test(file))
    .flatMap((file) => [...linesOf(file).entries()].map(([index, line]) => ({ file, index, line })))
    .filter(({ line }) => pattern.test(line) && !(pattern.source.includes('any') && isProse(line)))
  expect(found.map(({ file, index }) => `${file}:${index + 1}`)).toEqual([])
})

test('the registry of this machine is named nowhere', async () => {
  const configured = await runCommand('npm', ['config', 'get', 'registry'])
  const { host } = new URL(configured.stdout.trim())
  expect(files.filter((file) => readText(file).includes(host))).toEqual([])
})

test('the lockfile holds no place to download from', () => {
  const named = linesOf('pnpm-lock.yaml').filter((line) => /tarball:|https?:\/\//.test(line))
  expect(named).toEqual([])
})

/** The linter's own list of data tables is the only one. */
interface LintConfig {
  readonly overrides: readonly {
    readonly files: readonly string[]
    readonly rules: Readonly<Record<string, unknown>>
  }[]
}
const { overrides } = JSON.parse(readText('.oxlintrc.json')) as LintConfig
const dataTables = overrides
  .filter(({ rules: set }) => set['eslint/max-lines'] === 'off')
  .flatMap((each) => each.files)

test('no file is over 400 lines but the listed tables of data, schemas that are made, and recorded answers', () => {
  const made = /\/fixtures\/.*\.json$|\.schema\.json$/
  const long = authored.filter(
    (file) => !dataTables.includes(file) && !made.test(file) && linesOf(file).length > 401,
  )
  expect(long).toEqual([])
})

test('no name says nothing, and every name is kebab-case', () => {
  const sources = files.filter((file) => file.endsWith('.ts'))
  expect(sources.filter((file) => /(?:^|\/)(?:utils?|helpers?|misc|common)\.ts$/.test(file))).toEqual([])
  const kebab = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*)(?:\.(?:test|test-d|config))?\.ts$/
  expect(sources.filter((file) => !kebab.test(file.split('/').at(-1) ?? ''))).toEqual([])
})

/** A line of a comment, where the word may stand for itself. */
function isProse(line: string): boolean {
  return /^\s*(?:\*|\/\*|\/\/)/.test(line)
}

function linesOf(file: string): readonly string[] {
  return readText(file).split('\n')
}
