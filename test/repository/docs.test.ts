import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../../scripts/run-command.ts'
import { readText, repositoryFiles, root, vendors } from '../../scripts/workspace.ts'
import { codeBlocks, promisedOutput, type CodeBlock } from './code-blocks.ts'
import { namedPaths } from './named-paths.ts'
import { withSandboxes } from './sandbox-environment.ts'

const files = repositoryFiles()
const documents = files.filter((file) =>
  /^(?:[A-Z]+\.md|(?:packages|adapters|examples)\/[^/]+\/README\.md|docs\/.+\.md)$/.test(file),
)
/** Examples run where they are shown: `ts run` anywhere, and every `ts` block under `## Use` of an adapter. */
const programs = documents.flatMap((file) =>
  codeBlocks(readText(file))
    .filter((block) => block.info === 'ts run' || isUseOfAdapter(file, block))
    .map((block) => ({ file, ...block })),
)

describe('the programs in the documentation run', () => {
  test('there are programs to run', () => {
    expect(programs.length).toBeGreaterThan(0)
  })

  test.each(programs)('$file:$line', async ({ file, code }) => {
    const used = vendors.filter((vendor) => code.includes(`${vendor.toUpperCase()}_`))
    const result = await withSandboxes(used, (environment) =>
      runCommand('node', ['-C', 'development', '--input-type=module-typescript', '--eval', code], {
        cwd: join(root, homeOf(file)),
        env: environment,
      }),
    )
    expect(result.code, result.output).toBe(0)
    const promised = promisedOutput(code)
    expect(promised.length > 0 ? result.stdout.trimEnd().split('\n') : []).toEqual(promised)
  })
})

describe.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'])('%s', (file) => {
  test('is there, and every path it names exists', () => {
    const missing = namedPaths(readText(file)).filter((path) => !existsSync(join(root, path)))
    expect(missing).toEqual([])
  })
})

test('the architecture fits on one page', () => {
  expect(readText('ARCHITECTURE.md').split('\n').length).toBeLessThanOrEqual(150)
})

test('relative links of every document lead somewhere', () => {
  const broken = documents.flatMap((file) =>
    [...readText(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map(([, path = '']) => path)
      .filter((path) => !existsSync(join(root, file, '..', path)))
      .map((path) => `${file} → ${path}`),
  )
  expect(broken).toEqual([])
})

function isUseOfAdapter(file: string, { info, section }: CodeBlock): boolean {
  return file.startsWith('adapters/') && section === 'Use' && info.startsWith('ts')
}

/** Imports of a program resolve from its own package; those of the other documents from the test package. */
function homeOf(file: string): string {
  return /^(?:packages|adapters|examples)\/[^/]+/.exec(file)?.[0] ?? 'test'
}
