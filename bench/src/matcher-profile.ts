import { Session } from 'node:inspector/promises'

export interface Share {
  /** Function and file. */
  readonly place: string
  /** Of the time, 0 to 1. */
  readonly share: number
}

const shown = 8

/** The functions in which most of the time was spent, themselves and not what they called; what is inlined is theirs. */
export async function profileOf(work: () => void): Promise<readonly Share[]> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  work()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  const { nodes, samples = [], timeDeltas = [] } = profile
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const times = new Map<string, number>()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    // The profiler's own part.
    if (frame?.url === 'node:inspector') continue
    const file = frame?.url.split('/').at(-1) ?? ''
    const name = frame?.functionName === '' ? '(function)' : (frame?.functionName ?? '')
    const place = file === '' ? name : `${name} ${file}:${(frame?.lineNumber ?? 0) + 1}`
    const spent = timeDeltas[index] ?? 0
    times.set(place, (times.get(place) ?? 0) + spent)
    total += spent
  }
  return [...times]
    .map(([place, spent]) => ({ place, share: spent / total }))
    .toSorted((left, right) => right.share - left.share)
    .slice(0, shown)
}
