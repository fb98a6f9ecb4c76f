import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { createIntake } from '../input/intake.ts'
import { openFiles } from '../input/open-files.ts'
import { createProblems, type Problem } from '../input/problems.ts'
import { openReading } from '../input/read-events.ts'
import type { ReaderMessage, ReaderTask } from './reader-protocol.ts'

/** The thread that reads: from files to events without duplicates. It waits until it is asked for more. */
async function readFiles(task: ReaderTask, port: MessagePort): Promise<void> {
  const asked = createTurnstile(port)
  let problems: Problem[] = []
  let readBytes = 0
  const intake = createIntake({
    ...task,
    problems: createProblems(false, (problem) => problems.push(problem)),
  })
  const files = task.files.flatMap(({ name, path }) =>
    openFiles([path], { folder: '', stdin: process.stdin }).map((file) => ({ ...file, name })),
  )
  for await (const batch of openReading(files, intake, (bytes) => (readBytes += bytes)).batches()) {
    await asked()
    const message: ReaderMessage = {
      kind: 'batch',
      batch,
      counts: { ...intake.counts },
      problems,
      readBytes,
    }
    const { bytes, times, places, named } = batch
    port.postMessage(message, [bytes.buffer, times.buffer, places.buffer, named.buffer])
    problems = []
    readBytes = 0
  }
  port.postMessage({ kind: 'end' } satisfies ReaderMessage)
  port.close()
}

/** Lets through as often as a message came. */
function createTurnstile(port: MessagePort): () => Promise<void> {
  let permits = 0
  let open: (() => void) | undefined
  port.on('message', () => {
    permits++
    open?.()
  })
  return async () => {
    if (permits === 0) {
      await new Promise<void>((resolve) => {
        open = resolve
      })
    }
    permits--
  }
}

// Importing this file outside a thread does nothing.
if (parentPort !== null) await readFiles(workerData as ReaderTask, parentPort)
