import type { Message } from './message.ts'
import { malformed } from './mistakes.ts'
import { changedTraits, companyTraits, createPerson, traitsAtSignUp, type Person } from './people.ts'
import { createRandom, type Random } from './random.ts'
import { visit, type Writer } from './visits.ts'

export interface TrafficOptions {
  /** People who sign up; a tenth as many stay anonymous. */
  readonly users: number
  /** @default 1 */
  readonly seed?: number
}
const dayMs = 86_400_000
const startMs = Date.UTC(2026, 9, 1)
/** Signing up ends before the month does, so that there is time for something to happen. */
const signUpDays = 21
const monthDays = 30

/**
 * A month of a shop's tracking, October 2026, sorted by time: the same options give the same messages on every machine
 * and every day. Some are malformed and a few come twice, as in real streams.
 */
export function createTraffic({ users, seed = 1 }: TrafficOptions): readonly unknown[] {
  const messages: Message[] = []
  const companies = Math.max(2, Math.ceil(users / 40))
  for (let index = 1; index <= users; index++) {
    const random = createRandom(seed * 1_000_003 + index)
    liveMonth(createPerson(index, random, companies), random, messages)
  }
  for (let index = 1; index <= Math.ceil(users / 10); index++)
    passBy(`passer-by-${index}`, createRandom(seed * 2_000_003 + index), messages)
  messages.sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0))
  return withTrouble(messages)
}

function createWriter(
  who: Writer['who'],
  random: Random,
  messages: Message[],
  counter: { count: number },
): Writer {
  const owner = who.userId ?? who.anonymousId ?? ''
  return {
    who,
    random,
    add(message, atMs) {
      const messageId = `${owner}-${++counter.count}`
      messages.push({ ...message, messageId, timestamp: new Date(atMs).toISOString() })
    },
  }
}

function liveMonth(person: Person, random: Random, messages: Message[]): void {
  const { userId, anonymousId } = person
  const counter = { count: 0 }
  let atMs = startMs + random.between(0, signUpDays * dayMs)
  if (person.visitsBeforeSigningUp) {
    const stranger = createWriter({ anonymousId }, random, messages, { count: 0 })
    atMs = visit(stranger, atMs, { mayBuy: false }) + random.between(1, 600) * 1_000
  }
  const writer = createWriter({ userId }, random, messages, counter)
  const both = person.visitsBeforeSigningUp ? { userId, anonymousId } : { userId }
  writer.add({ type: 'identify', ...both, traits: traitsAtSignUp(person, random, atMs) }, atMs)
  writer.add({ type: 'track', userId, event: 'Signed Up', properties: { method: 'email' } }, atMs)
  if (random.chance(0.4)) consent(writer, atMs + 1_000)
  if (person.companyId !== undefined) {
    const traits = companyTraits(person.companyId)
    writer.add({ type: 'group', userId, groupId: person.companyId, traits }, atMs + 2_000)
  }
  shop(writer, atMs + 5_000)
}

/** Visits until the month is over, and now and then a change of the profile. */
function shop(writer: Writer, signedUpMs: number): void {
  const { random, who } = writer
  const endMs = startMs + monthDays * dayMs
  const leftMs = endMs - signedUpMs
  const visits = random.between(1, 4)
  for (let number = 0, atMs = signedUpMs; number < visits; number++) {
    atMs = visit(writer, atMs, { mayBuy: true }) + random.between(1, Math.floor(leftMs / visits))
    if (atMs >= endMs) return
    if (random.chance(0.15)) writer.add({ type: 'identify', ...who, traits: changedTraits(random) }, atMs - 1)
    if (random.chance(0.03)) consent(writer, atMs - 1)
  }
}

function consent(writer: Writer, atMs: number): void {
  const { random, who } = writer
  const categoryPreferences = { email: random.chance(0.7), push: random.chance(0.4) }
  const context = { consent: { categoryPreferences } }
  writer.add({ type: 'track', ...who, event: 'Segment Consent Preference Updated', context }, atMs)
}

function passBy(anonymousId: string, random: Random, messages: Message[]): void {
  const writer = createWriter({ anonymousId }, random, messages, { count: 0 })
  visit(writer, startMs + random.between(0, (monthDays - 1) * dayMs), { mayBuy: false })
}

/** Puts the malformed ones in between, and sends every 2,000th message a second time. */
function withTrouble(messages: readonly Message[]): readonly unknown[] {
  const all: unknown[] = []
  const step = Math.max(1, Math.floor(messages.length / (malformed.length + 1)))
  messages.forEach((message, index) => {
    all.push(message)
    if (index % 2_000 === 1_000) all.push(message)
    const place = (index + 1) / step - 1
    if (Number.isInteger(place) && place < malformed.length) all.push(malformed[place])
  })
  return all
}
