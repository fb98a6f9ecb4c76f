import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { MatcherEvent, Program } from '@tripline/triggers'
import type { UserEvent } from './matcher-stream.ts'

const copies = 100
const rounds = 3
const sampled = 41

/**
 * Live heap per user, the median over some users of the stream: each is read many times over under new ids, from events
 * parsed anew, so that the texts a state keeps are counted with it. Counted is what is free when all copies are dropped.
 */
export function heapPerUser(program: Program, stream: readonly UserEvent[]): number {
  const collectGarbage = exposeCollection()
  const heap = () => {
    collectGarbage()
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  return median(
    sampleOf(stream).map((own) => {
      const freed = Array.from({ length: rounds }, () => {
        const users = Array.from({ length: copies }, (_, copy) => read(program, own, String(copy)))
        const before = heap()
        users.length = 0
        return (before - heap()) / copies
      })
      return median(freed)
    }),
  )
}

/** Length of the saved state, the median over all users. */
export function savedPerUser(program: Program, stream: readonly UserEvent[]): number {
  return median([...byUser(stream).values()].map((own) => program.saveUser(read(program, own, 'u')).length))
}

function read(program: Program, events: readonly MatcherEvent[], name: string) {
  const user = program.createUser(`${name}-user`)
  for (const event of events) {
    program.advance(user, JSON.parse(JSON.stringify(event)) as MatcherEvent, () => undefined)
  }
  return user
}

function sampleOf(stream: readonly UserEvent[]): readonly (readonly MatcherEvent[])[] {
  const users = [...byUser(stream).values()]
  const step = Math.max(1, Math.floor(users.length / sampled))
  return users.filter((_, index) => index % step === 0)
}

function byUser(stream: readonly UserEvent[]): ReadonlyMap<string, readonly MatcherEvent[]> {
  const users = new Map<string, MatcherEvent[]>()
  for (const { userId, event } of stream) {
    const own = users.get(userId)
    if (own === undefined) users.set(userId, [event])
    else own.push(event)
  }
  return users
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[sorted.length >> 1] ?? 0
}

function exposeCollection(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
