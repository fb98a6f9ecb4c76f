import { applyAttributes } from './apply-attributes.ts'
import type { BrazeContext } from './context.ts'
import { resolveLoosely } from './identifiers.ts'
import { isoOf, readInstant } from './instants.ts'
import { isName, isObject, textOf, type JsonObject } from './json.ts'
import { takeHeldSubscriptions } from './held-subscriptions.ts'
import type { Identifier } from './profile-index.ts'
import { count, type Profile } from './profile.ts'
import { isEcommerceEvent } from './validate-ecommerce.ts'
import type { CheckedTrack, TrackObject } from './validate-track.ts'

/** Works off one track request: attributes, then events, then purchases. */
export function applyTrack(
  context: BrazeContext,
  { accepted }: Pick<CheckedTrack, 'accepted'>,
  now: number,
): void {
  for (const object of accepted.attributes) {
    const profile = profileFor(context, object, now)
    if (profile) applyAttributes(context, profile, withoutIdentifier(object), now)
  }
  for (const object of accepted.events) {
    const profile = profileFor(context, object, now)
    if (profile) applyEvent(context, profile, object.given, now)
  }
  for (const object of accepted.purchases) {
    const profile = profileFor(context, object, now)
    if (profile) applyPurchase(context, profile, object.given, now)
  }
}

/** Finds or, where the object may, makes the profile. */
export function profileFor(
  context: BrazeContext,
  { who, existingOnly }: Omit<TrackObject, 'given'>,
  now: number,
): Profile | undefined {
  const found = resolveLoosely(context.store, who)
  return found ?? (existingOnly ? undefined : createFor(context, who, now))
}

function createFor(context: BrazeContext, who: Identifier, now: number): Profile | undefined {
  const { profiles } = context.store
  if (who.kind === 'braze_id') return undefined
  const profile = profiles.create(now)
  if (who.kind === 'external_id') profiles.identify(profile, who.value)
  else if (who.kind === 'user_alias') profiles.aliases.add(profile, who.label, who.name)
  else profiles.setStandard(profile, who.kind, who.value)
  takeHeldSubscriptions(context, profile, who, now)
  return profile
}

/** The e-mail or phone that found the profile is its identifier, not a value to write (and to bill) again. */
function withoutIdentifier({ who, given }: TrackObject): JsonObject {
  if (who.kind !== 'email' && who.kind !== 'phone') return given
  const { [who.kind]: _identifier, ...rest } = given
  return rest
}

/** A time in the future becomes now. */
const storedTime = (given: JsonObject, now: number): number =>
  Math.min(readInstant(textOf(given['time'])) ?? now, now)

const shared = (
  profile: Profile,
  given: JsonObject,
  at: number,
): { braze_id: string; external_id?: string; time: string; properties: JsonObject; app_id?: string } => ({
  braze_id: profile.brazeId,
  ...(profile.externalId !== undefined && { external_id: profile.externalId }),
  time: isoOf(at),
  properties: isObject(given['properties']) ? given['properties'] : {},
  ...(isName(given['app_id']) && { app_id: given['app_id'] }),
})

function applyEvent({ store }: BrazeContext, profile: Profile, given: JsonObject, now: number): void {
  const [name, at] = [textOf(given['name']), storedTime(given, now)]
  store.events.push({ ...shared(profile, given, at), name })
  store.eventNames.add(name)
  count(profile.events, name, at)
  if (!isEcommerceEvent(name)) store.points.events++
  store.profiles.touch(profile, now)
}

/** A quantity stands for that many purchases, on the bill as well. */
function applyPurchase({ store }: BrazeContext, profile: Profile, given: JsonObject, now: number): void {
  const [productId, at] = [textOf(given['product_id']), storedTime(given, now)]
  const [price, quantity] = [Number(given['price']), Number(given['quantity'] ?? 1)]
  store.purchases.push({
    ...shared(profile, given, at),
    product_id: productId,
    currency: textOf(given['currency']),
    price,
    quantity,
  })
  store.productIds.add(productId)
  count(profile.purchases, productId, at, quantity)
  profile.revenue += price * quantity
  store.points.purchases += quantity
  store.profiles.touch(profile, now)
}
