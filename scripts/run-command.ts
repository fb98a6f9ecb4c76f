import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from './workspace.ts'

export interface CommandResult {
  /** Exit code; 1 when the program was ended by a signal or could not start. */
  readonly code: number
  /** What it wrote on both streams, in order of arrival; empty when `show` is set. */
  readonly output: string
  /** Only what it wrote on its standard output. */
  readonly stdout: string
}
export interface CommandOptions {
  /** @default the repository's root */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Write straight to this terminal instead of collecting. */
  readonly show?: boolean
}

/** Runs a program with the workspace's own tools first on the PATH. Never throws: a failure is a code. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { FORCE_COLOR: _, ...inherited } = process.env
  const path = [join(root, 'node_modules/.bin'), inherited['PATH'] ?? ''].join(delimiter)
  const surroundings = options.show ? process.env : { ...inherited, NO_COLOR: '1' }
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: { ...surroundings, PATH: path, ...options.env },
      stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe'],
    })
    let output = ''
    let stdout = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      stdout += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n`, stdout }))
    child.on('close', (code) => resolve({ code: code ?? 1, output, stdout }))
  })
}

/** pnpm 12: the one on the PATH (there is one under `npx pnpm@12 …`), else through npx. */
export async function runPnpm(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const found = await runCommand('pnpm', ['--version'])
  return found.code === 0 && found.stdout.startsWith('12.')
    ? runCommand('pnpm', args, options)
    : runCommand('npx', ['-y', 'pnpm@12', ...args], options)
}
