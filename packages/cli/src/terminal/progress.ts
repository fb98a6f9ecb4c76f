/** How far a long piece of work is. */
export interface Progress {
  /** `done` out of the total, in its unit; `detail` is shown behind it, and made only when it is. */
  update(done: number, detail?: string | (() => string)): void
  /** Removes the bar; off a terminal, prints the last state. */
  end(): void
}
type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

const barWidth = 24
const everyMs = { terminal: 100, plain: 5_000 } as const

export function createProgress(
  stream: Stream,
  { label, total }: { readonly label: string; readonly total?: number },
): Progress {
  const onTerminal = stream.isTTY === true
  const pauseMs = onTerminal ? everyMs.terminal : everyMs.plain
  let last: { readonly done: number; readonly detail: string | (() => string) } = { done: 0, detail: '' }
  let shownAtMs = onTerminal ? 0 : performance.now()
  let pending = false
  const show = (): void => {
    pending = false
    shownAtMs = performance.now()
    const share = total ? Math.min(1, last.done / total) : undefined
    const percent = share === undefined ? '' : ` ${Math.floor(share * 100)} %`
    const text = typeof last.detail === 'string' ? last.detail : last.detail()
    const detail = text ? `  ${text}` : ''
    if (!onTerminal) return void stream.write(`${label}${percent}${detail}\n`)
    const filled = Math.round((share ?? 0) * barWidth)
    const bar = share === undefined ? '' : ` [${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}]`
    stream.write(`\r\u001B[2K${`${label}${bar}${percent}${detail}`.slice(0, (stream.columns ?? 80) - 1)}`)
  }
  return {
    update(done, detail = '') {
      last = { done, detail }
      pending = true
      if (performance.now() - shownAtMs >= pauseMs) show()
    },
    end() {
      if (onTerminal) stream.write('\r\u001B[2K')
      else if (pending) show()
    },
  }
}
