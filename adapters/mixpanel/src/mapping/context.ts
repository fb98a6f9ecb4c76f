import { isRecord } from '@tripline/kit'
import type { Value, Values } from '@tripline/model'
import { maxOf } from '../limits.ts'
import { fitValue, type Findings } from './values.ts'

const source = 'https://docs.mixpanel.com/docs/data-structure/property-reference/default-properties'
const maxObjectBytes = maxOf('event.objectBytes')

/**
 * Canonical context → Mixpanel's default property, as Segment's and Rudder's own destinations write them.
 * segmentio/action-destinations:packages/destination-actions/src/destinations/mixpanel
 */
export const contextProperties = {
  locale: '$locale',
  timezone: 'timezone',
  'app.build': '$app_build_number',
  'app.version': '$app_version_string',
  'app.name': '$app_name',
  'app.namespace': '$app_namespace',
  'os.name': '$os',
  'os.version': '$os_version',
  'device.name': '$device',
  'device.type': '$device_type',
  'device.manufacturer': '$manufacturer',
  'device.model': '$model',
  'network.carrier': '$carrier',
  'network.wifi': '$wifi',
  'network.bluetooth': '$bluetooth_enabled',
  'network.cellular': '$cellular_enabled',
  'screen.width': '$screen_width',
  'screen.height': '$screen_height',
  'screen.density': '$screen_density',
  'page.url': '$current_url',
  'page.referrer': '$referrer',
  'page.initial_referrer': '$initial_referrer',
  'page.initial_referring_domain': '$initial_referring_domain',
  'campaign.name': 'utm_campaign',
  'campaign.source': 'utm_source',
  'campaign.medium': 'utm_medium',
  'campaign.term': 'utm_term',
  'campaign.content': 'utm_content',
  sessionId: '$session_id',
} as const satisfies Readonly<Record<string, string>>

/** Where they go by other ways: the address into `ip`, the group into its key. */
const handled: ReadonlySet<string> = new Set(['ip', 'groupId'])

/** Writes a context into the properties that are free, up to `maxKeys` of them. */
export type ContextMapper = (
  context: Values,
  properties: Record<string, Value>,
  maxKeys: number,
  findings: Findings,
) => void

export function createContextMapper(): ContextMapper {
  const parts = new Map<string, Map<string, string>>()
  for (const [path, to] of Object.entries(contextProperties)) {
    const [name = '', part = ''] = path.split('.')
    parts.set(name, (parts.get(name) ?? new Map<string, string>()).set(part, to))
  }
  return (context, properties, maxKeys, findings) => {
    const put = (to: string | undefined, name: string, part: string, value: Value): void => {
      const path = part === '' ? name : `${name}.${part}`
      if (to === undefined) return lose(findings, path, 'Mixpanel has no property for it')
      if (Object.hasOwn(properties, to)) return lose(findings, path, `the event has its own "${to}"`)
      const kept = fitValue(value, 'event.context', path, maxObjectBytes, findings)
      if (kept === undefined) return
      if (!hasRoom(properties, maxKeys))
        return lose(findings, path, 'no room: Mixpanel takes fewer than 255 properties')
      properties[to] = kept
    }
    for (const name in context) {
      const value = context[name]
      if (value === undefined || value === null || handled.has(name)) continue
      const known = parts.get(name)
      if (!isRecord(value)) put(known?.get(''), name, '', value)
      else
        for (const part in value) {
          const entry = value[part]
          if (entry !== undefined && entry !== null) put(known?.get(part), name, part, entry)
        }
    }
  }
}
const hasRoom = (properties: Readonly<Record<string, Value>>, maxKeys: number): boolean =>
  Object.keys(properties).length < maxKeys

const lose = ({ losses }: Findings, path: string, because: string): void =>
  void losses.push({ path: `event.context.${path}`, kind: 'dropped', because, source })
