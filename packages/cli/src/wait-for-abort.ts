/** Resolves when the signal is aborted. Holds the process open until then. */
export async function waitForAbort(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const longest = setInterval(() => undefined, 2 ** 30)
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  clearInterval(longest)
}
