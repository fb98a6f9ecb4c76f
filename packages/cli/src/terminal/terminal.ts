import { styleText } from 'node:util'
import { createProgress, type Progress } from './progress.ts'
import { createRedactor } from './redact.ts'

/** Where the command's words go. In the program these are the process's streams. */
export interface Streams {
  /** Results. */
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  /** Progress, notes and errors. */
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
}
/** How a command speaks. Everything passes a filter that hides the secrets known so far. */
export interface Terminal {
  /** `--json` was given. */
  readonly json: boolean
  /** The one result of a command: as JSON under `--json`, else as text. */
  result(value: unknown, text: () => string): void
  /** One of many results, on stdout: a line of NDJSON under `--json` or without a text; waits while the reader is slow. */
  row(value: unknown, text?: () => string): Promise<void>
  /** A line for people, on stderr. */
  note(text: string): void
  /** Why the command failed, on stderr; red on a terminal. */
  error(text: string): void
  /** A bar on a terminal, a plain line every few seconds elsewhere; on stderr. */
  progress(options: { readonly label: string; readonly total?: number }): Progress
  /** From now on this text is never printed. */
  hide(secret: string): void
}

export function createTerminal(streams: Streams, json: boolean): Terminal {
  const redactor = createRedactor()
  const write = (stream: NodeJS.WritableStream, text: string): boolean =>
    stream.write(`${redactor.clean(text)}\n`)
  return {
    json,
    result: (value, text) => void write(streams.stdout, json ? JSON.stringify(value, null, 2) : text()),
    async row(value, text) {
      if (write(streams.stdout, json || !text ? JSON.stringify(value) : text())) return
      await new Promise<void>((resolve) => {
        streams.stdout.once('drain', resolve)
      })
    },
    note: (text) => void write(streams.stderr, text),
    error: (text) => void write(streams.stderr, `${red('error:', streams.stderr)} ${text}`),
    progress: (options) => createProgress(streams.stderr, options),
    hide: (secret) => redactor.hide(secret),
  }
}

/** Colour for terminals that want it (`NO_COLOR` and pipes get none). */
const red = (text: string, stream: Streams['stderr']): string =>
  stream.isTTY ? styleText('red', text, { stream }) : text
