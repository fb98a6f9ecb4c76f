import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { InputFile } from '../input/open-files.ts'
import type { Problems } from '../input/problems.ts'
import type { BatchReading } from '../input/read-events.ts'
import { batchesAhead, type ReaderMessage, type ReaderRequest, type ReaderTask } from './reader-protocol.ts'

/** Below it a thread costs more time than it saves. */
const leastBytes = 33_554_432

/** Whether these files are worth a thread of their own to read them. */
export function isWorthThread(files: readonly InputFile[]): boolean {
  const bytes = files.reduce(
    (sum, { sizeBytes, ndjsonPath }) => sum + (ndjsonPath ? (sizeBytes ?? 0) : Number.NaN),
    0,
  )
  return bytes >= leastBytes && availableParallelism() > 1
}

export interface ThreadReadingOptions extends Omit<ReaderTask, 'files'> {
  readonly files: readonly InputFile[]
  readonly problems: Problems
  readonly onRead: (bytes: number) => void
}

/** Reads files in a thread of their own, which ends when the reading ends or is left. Of NDJSON files only. */
export function openThreadReading(options: ThreadReadingOptions): BatchReading {
  const { nowMs, latenessMs, toMs, people, properties, asReceived, problems, onRead } = options
  const files = options.files.map(({ name, ndjsonPath }) => ({ name, path: ndjsonPath ?? name }))
  const task: ReaderTask = {
    files,
    nowMs,
    latenessMs,
    asReceived,
    ...(toMs !== undefined && { toMs }),
    ...(people !== undefined && { people }),
    ...(properties !== undefined && { properties }),
  }
  const counts = { events: 0, duplicates: 0, notRead: 0, firstMs: Infinity, lastMs: -Infinity }
  return {
    counts,
    async *batches() {
      const thread = startThread(task)
      try {
        for await (const message of messagesOf(thread)) {
          if (message.kind === 'end') return
          Object.assign(counts, message.counts)
          onRead(message.readBytes)
          for (const problem of message.problems) problems.add(problem)
          yield message.batch
        }
      } finally {
        await thread.terminate()
      }
    },
  }
}

function startThread(task: ReaderTask): Worker {
  const isSource = import.meta.url.endsWith('.ts')
  return new Worker(new URL(`./reader-thread.${isSource ? 'ts' : 'js'}`, import.meta.url), {
    workerData: task,
    // From sources the packages of this repository are taken as sources too.
    ...(isSource && { execArgv: ['-C', 'development'] }),
  })
}

async function* messagesOf(thread: Worker): AsyncGenerator<ReaderMessage, void, undefined> {
  const arrived: ReaderMessage[] = []
  let failure: Error | undefined
  let wake: (() => void) | undefined
  thread.on('message', (message: ReaderMessage) => {
    arrived.push(message)
    wake?.()
  })
  thread.on('error', (error: Error) => {
    failure = error
    wake?.()
  })
  const ask = (): void => thread.postMessage('more' satisfies ReaderRequest, [])
  for (let count = 0; count < batchesAhead; count++) ask()
  for (;;) {
    const message = arrived.shift()
    if (message !== undefined) {
      ask()
      yield message
    } else if (failure !== undefined) throw failure
    else {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}
