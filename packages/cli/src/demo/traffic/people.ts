import type { Values } from '@tripline/model'
import type { Random } from './random.ts'

/** One shopper. `signedUpAtMs` undefined: stays anonymous for ever. */
export interface Person {
  readonly index: number
  readonly userId: string
  readonly anonymousId: string
  readonly visitsBeforeSigningUp: boolean
  readonly email: string | undefined
  readonly companyId: string | undefined
}
const dayMs = 86_400_000

const firstNames = [
  'Ada',
  'Zoë',
  'Grace',
  '李',
  'Søren',
  'Émile',
  'Nour',
  'Ольга',
  'Kofi',
  'Ana María',
] as const
const lastNames = [
  'Lovelace',
  'Ørsted',
  'Hopper',
  '明',
  "O'Neil",
  'García-Márquez',
  'von Neumann',
  'Ng',
] as const
const cities = [
  { city: 'Berlin', country: 'DE', language: 'de' },
  { city: 'København', country: 'DK', language: 'da' },
  { city: 'Lyon', country: 'FR', language: 'fr' },
  { city: '東京', country: 'JP', language: 'ja' },
  { city: 'Boston', country: 'US', language: 'en' },
] as const
/** All that a person can be interested in. */
export const interests = ['coffee', 'tea', 'tableware', 'tools', 'gifts'] as const
const plans = ['free', 'plus', 'pro'] as const

/** Every tenth id looks like a number with leading zeros: ids are text, and have to stay so. */
function userIdOf(index: number): string {
  return index % 10 === 0 ? String(index).padStart(6, '0') : `user-${index}`
}

export function createPerson(index: number, random: Random, companies: number): Person {
  const userId = userIdOf(index)
  return {
    index,
    userId,
    anonymousId: `anon-${index.toString(16).padStart(8, '0')}`,
    visitsBeforeSigningUp: random.chance(0.5),
    email: random.chance(0.95) ? addressOf(index, random) : undefined,
    companyId: random.chance(0.12) ? `company-${random.between(1, companies)}` : undefined,
  }
}

/** Some addresses are written with capitals. */
const addressOf = (index: number, random: Random): string =>
  random.chance(0.1) ? `Shopper.${index}@Example.com` : `shopper.${index}@example.com`

/** What a person says at sign-up. */
export function traitsAtSignUp(person: Person, random: Random, atMs: number): Values {
  const place = random.pick(cities)
  const firstName = random.pick(firstNames)
  return {
    ...(person.email !== undefined && { email: person.email }),
    firstName,
    lastName: random.pick(lastNames),
    ...(random.chance(0.3) && { phone: `+4915${String(100_000_000 + person.index)}` }),
    plan: random.pick(plans),
    age: random.between(18, 80),
    loyaltyScore: random.between(0, 10_000) / 100,
    newsletter: random.chance(0.5),
    birthday: new Date(Date.UTC(1950 + random.between(0, 55), random.between(0, 11), random.between(1, 28)))
      .toISOString()
      .slice(0, 10),
    signedUpAt: new Date(atMs).toISOString(),
    language: place.language,
    address: { city: place.city, country: place.country },
    ...(random.chance(0.6) && { interests: interests.filter(() => random.chance(0.4)) }),
    ...(random.chance(0.03) && { bio: longText(random) }),
  }
}

/** Longer than what several vendors keep of a text, with characters of two UTF-16 units where it is cut. */
function longText(random: Random): string {
  const shift = 'x'.repeat(random.between(0, 3))
  return `${shift}${'I drink ☕ and 🍵. '.repeat(30)}${'🫖'.repeat(random.between(20, 60))}`
}

/** A later change: a new plan, a birthday's age, a phone number taken back. */
export function changedTraits(random: Random): Values {
  if (random.chance(0.25)) return { phone: null, newsletter: false }
  if (random.chance(0.3))
    return { age: random.between(18, 80), loyaltyScore: random.between(0, 10_000) / 100 }
  return random.chance(0.1)
    ? { plan: random.pick(plans), bio: '' }
    : { plan: random.pick(plans), lastSeenAt: lastSeen(random) }
}
const lastSeen = (random: Random): string =>
  new Date(Date.UTC(2026, 8, 1) + random.between(0, 30) * dayMs + random.between(0, dayMs - 1)).toISOString()

/** What is said of a company when somebody joins it; the same each time. */
export function companyTraits(companyId: string): Values {
  const number = Number(companyId.slice('company-'.length))
  return {
    name: `Company ${number} & Söhne`,
    industry: number % 2 === 0 ? 'Gastronomy' : 'Offices',
    employees: number * 7,
    plan: number % 3 === 0 ? 'enterprise' : 'team',
  }
}
