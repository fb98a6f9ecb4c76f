import type { Clock } from '@tripline/model'

/** Node fires longer timers at once. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestTimerMs = 2 ** 31 - 1

/**
 * The machine's time: the default of `Host.clock`. Sleeps of any length are kept, also those beyond Node's longest
 * timer (24.8 days). A sleep holds the process open until it ends or is aborted.
 * @example await systemClock.sleep(500, AbortSignal.timeout(200)) // rejects after 200 ms with the signal's reason
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    let leftMs = ms
    for (; leftMs > longestTimerMs; leftMs -= longestTimerMs) await waitTimer(longestTimerMs, signal)
    await waitTimer(leftMs, signal)
  },
}

function waitTimer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
