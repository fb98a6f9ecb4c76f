import type { Program } from '@tripline/triggers'
import type { UserEvent } from './matcher-stream.ts'

const rounds = 3
type User = ReturnType<Program['createUser']>

interface Fed {
  readonly perSecond: number
  readonly fires: number
  readonly users: readonly User[]
}

/** Feeds the stream again and again, each time to new users. Keeps the users of all copies. */
export function feed(program: Program, stream: readonly UserEvent[], copies: number): Fed {
  const ids = [...new Set(stream.map(({ userId }) => userId))]
  const numbers = new Map(ids.map((id, index) => [id, index]))
  const places = Uint32Array.from(stream, ({ userId }) => numbers.get(userId) ?? 0)
  const users: User[][] = []
  let fires = 0
  const emit = () => fires++
  const started = performance.now()
  for (let copy = 0; copy < copies; copy++) {
    const own = ids.map((id) => program.createUser(`${copy}-${id}`))
    for (let index = 0; index < stream.length; index++)
      program.advance(own[places[index] ?? 0] as User, (stream[index] as UserEvent).event, emit)
    users.push(own)
  }
  const perSecond = (stream.length * copies * 1_000) / (performance.now() - started)
  return { perSecond, fires, users: users.flat() }
}

/** The best of some rounds; users of earlier rounds are garbage by then. */
export function best(program: Program, stream: readonly UserEvent[], events: number) {
  const copies = Math.ceil(events / stream.length)
  const results = Array.from({ length: rounds }, () => {
    const { perSecond, fires } = feed(program, stream, copies)
    return { perSecond, fires }
  })
  return {
    fires: results[0]?.fires ?? 0,
    perSecond: Math.max(...results.map(({ perSecond }) => perSecond)),
    events: copies * stream.length,
  }
}

/** The lines as a reader of NDJSON has them, read with `JSON.parse` alone. */
export function parse(stream: readonly UserEvent[], events: number) {
  const lines = stream.map(({ userId, event: { messageId, type, name, atMs, properties } }) => {
    const timestamp = new Date(atMs).toISOString()
    return JSON.stringify({ messageId, type, userId, event: name, timestamp, properties })
  })
  const copies = Math.ceil(events / stream.length)
  const speeds = Array.from({ length: rounds }, () => {
    let texts = 0
    const started = performance.now()
    for (let copy = 0; copy < copies; copy++) {
      for (const line of lines) if (typeof JSON.parse(line) === 'object') texts++
    }
    return (texts * 1_000) / (performance.now() - started)
  })
  return { perSecond: Math.max(...speeds) }
}
