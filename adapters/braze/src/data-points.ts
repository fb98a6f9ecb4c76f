/**
 * What Braze bills of attributes and purchases. https://www.braze.com/docs/user_guide/data/data_points/ says what counts;
 * that a quantity stands for as many purchases is from
 * https://www.braze.com/docs/api/objects_filters/purchase_object/, that each of them is billed is assumed.
 */

/** Who is meant, and the states that cost nothing. */
const free: ReadonlySet<string> = new Set([
  'external_id',
  'braze_id',
  'user_alias',
  '_update_existing_only',
  'email_subscribe',
  'push_subscribe',
  'subscription_groups',
])

/** Data points of one entry of `attributes`, as sent. @example pointsOfAttributes({ external_id: 'u', plan: 'pro' }) // => 1 */
export function pointsOfAttributes(entry: object): number {
  let points = 0
  for (const [name, value] of Object.entries(entry) as readonly (readonly [string, unknown])[])
    if (!free.has(name)) points += pointsOfValue(value)
  return points
}

/** An array counts once, what is added to one per value, an object by its keys, to the innermost. */
function pointsOfValue(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  if (Array.isArray(value)) return value.some(isObject) ? sum(value.map(pointsOfValue)) : 1
  if ('add' in value && Array.isArray(value.add)) return value.add.length
  return Math.max(1, sum(Object.values(value).map(pointsOfValue)))
}
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** Data points of entries of `purchases`, as sent. */
export const pointsOfPurchases = (entries: readonly object[]): number =>
  sum(
    entries.map((entry) => ('quantity' in entry && typeof entry.quantity === 'number' ? entry.quantity : 1)),
  )
