/**
 * Calls `remove` when the process ends by itself, also where somebody ends it at once (a closed pipe does).
 * @returns takes it back
 */
export function removeAtExit(remove: () => void): () => void {
  process.on('exit', remove)
  return () => void process.off('exit', remove)
}
