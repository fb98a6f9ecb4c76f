import type { Value, Values } from '@tripline/model'
import { createPictureBuilder } from '../picture-builder.ts'
import type { Picture } from '../picture.ts'
import { ownerOf } from './expect.ts'
import { ownEventProperties } from './tables.ts'

/** The parts of the simulator's state that are read; it is plain data, in Mixpanel's own words. */
interface State {
  readonly events: readonly { readonly event: string; readonly properties: Values }[]
  readonly profiles: readonly { readonly distinctId: string; readonly properties: Values }[]
  readonly groups: readonly { readonly groupId: string; readonly properties: Values }[]
  readonly devices: readonly { readonly deviceId: string; readonly userId: string }[]
}
const device = '$device:'
const nameOf = (id: Value | undefined): string => {
  if (typeof id !== 'string') return 'nobody'
  return id.startsWith(device) ? `anonymous:${id.slice(device.length)}` : `user:${id}`
}

/**
 * What the simulator of Mixpanel holds, as queries see it: of equal copies (event, time, person, `$insert_id`) the one
 * that arrived last. @param linkEvent name of the event that only joins ids @default 'Identity Linked'
 */
export function observeMixpanel(state: unknown, linkEvent = 'Identity Linked'): Picture {
  const { events, profiles, groups, devices } = state as State
  const owners = new Map(devices.map(({ deviceId, userId }) => [deviceId, userId]))
  const picture = createPictureBuilder('mixpanel')
  const latest = new Map<string, State['events'][number]>()
  for (const each of events) {
    const { time, distinct_id, $insert_id } = each.properties
    latest.set(JSON.stringify([each.event, time, distinct_id, $insert_id]), each)
  }
  for (const { event, properties } of latest.values()) {
    if (event === linkEvent) continue
    const kept = Object.entries(properties).filter(([name]) => !ownEventProperties.has(name))
    picture.addEvent({
      person: ownerOf(nameOf(properties['distinct_id']), owners),
      name: event,
      at: new Date(Number(properties['time'])).toISOString(),
      properties: Object.fromEntries(kept),
    })
  }
  for (const { distinctId, properties } of profiles)
    for (const [name, value] of Object.entries(properties))
      if (!serverMade.has(name)) picture.setFact(nameOf(distinctId), name, [value])
  for (const { groupId, properties } of groups)
    for (const [name, value] of Object.entries(properties))
      if (!serverMade.has(name)) picture.setFact(`group:${groupId}`, name, [value])
  return picture.build()
}
const serverMade: ReadonlySet<string> = new Set(['$last_seen', '$distinct_id', '$geo_source'])
