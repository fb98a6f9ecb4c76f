import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packPackages } from './pack-packages.ts'
import { runCommand, type CommandResult } from './run-command.ts'

export interface Check {
  /** The word for `--only`. */
  readonly name: string
  readonly title: string
  run(): Promise<Pick<CommandResult, 'code' | 'output'>>
}

/** What is checked beside the tests, in the order of running. Packing needs the build that the first leaves. */
export const checks: readonly Check[] = [
  { name: 'types', title: 'types (tsc -b)', run: () => runCommand('tsc', ['-b', '--pretty', 'false']) },
  {
    name: 'lint',
    title: 'lint (oxlint)',
    run: () => runCommand('oxlint', ['--type-aware', '--deny-warnings', '--format=stylish']),
  },
  { name: 'format', title: 'format (oxfmt)', run: () => runCommand('oxfmt', ['--list-different']) },
  { name: 'unused', title: 'unused code (knip)', run: () => runCommand('knip', ['--no-progress']) },
  { name: 'packages', title: 'package form (publint, attw)', run: checkPackageForm },
]

/** Packs each package as a release would, and has two outside judges look at the tarballs. */
async function checkPackageForm(): Promise<Pick<CommandResult, 'code' | 'output'>> {
  const folder = await mkdtemp(join(tmpdir(), 'tripline-form-'))
  try {
    const results: CommandResult[] = []
    for (const tarball of (await packPackages(folder)).values()) {
      results.push(await runCommand('publint', ['run', tarball, '--strict']))
      results.push(await runCommand('attw', [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']))
    }
    const failed = results.filter(({ code }) => code !== 0)
    return { code: failed.length > 0 ? 1 : 0, output: failed.map(({ output }) => output).join('\n') }
  } catch (error) {
    return { code: 1, output: `${String(error)}\n` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
