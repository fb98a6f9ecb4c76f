import type { Route } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { messages, refuse, success } from '../errors.ts'
import { isoOf, readInstant } from '../instants.ts'
import { sizeOf } from '../segment-members.ts'
import type { BrazeSegment } from '../state.ts'
import { get, pageOf } from './route.ts'

const dayMs = 86_400_000

/** https://www.braze.com/docs/api/endpoints/export/segments/ */
export const segmentRoutes = (context: BrazeContext): readonly Route[] => {
  const segmentOf = (query: URLSearchParams): BrazeSegment | undefined =>
    context.store.segments.get(query.get('segment_id') ?? '')
  return [
    get('/segments/list', (query) => {
      const shown = [...context.store.segments.values()].filter((segment) => !segment.archived)
      return success(200, { segments: pageOf(query, shown).map(listed) })
    }),
    get('/segments/details', (query) => {
      const segment = segmentOf(query)
      return segment ? success(200, detailsOf(segment, context)) : refuse(400, messages.invalidSegment)
    }),
    get('/segments/data_series', (query) => {
      const segment = segmentOf(query)
      if (!segment) return refuse(400, messages.invalidSegment)
      const length = Number(query.get('length') ?? 'none')
      if (!Number.isInteger(length) || length < 1 || length > 100)
        return refuse(400, "'length' must be between 1 and 100")
      const endingAt = readInstant(query.get('ending_at') ?? isoOf(context.clock.now()))
      if (endingAt === undefined) return refuse(400, "'ending_at' is not valid")
      const size = segment.analytics_tracking_enabled ? sizeOf(context.store, segment) : undefined
      return success(200, { data: size === undefined ? [] : seriesOf(size, length, endingAt) })
    }),
  ]
}

const listed = ({
  id,
  name,
  analytics_tracking_enabled: tracked = false,
  tags = [],
}: BrazeSegment): object => ({
  id,
  name,
  analytics_tracking_enabled: tracked,
  tags,
})

/** The filters in prose, as Braze gives them: nothing a machine could rebuild the segment from. */
function detailsOf(
  { name, description = '', tags = [], rule, members = [] }: BrazeSegment,
  context: BrazeContext,
): Record<string, unknown> {
  const prose = rule
    ? `Custom Attribute: ${rule.attribute} is ${rule.equals}`
    : `In a list of ${members.length} users`
  const at = isoOf(context.clock.settings.startAtMs)
  return {
    created_at: at,
    updated_at: at,
    name,
    description: prose,
    text_description: description,
    tags,
    teams: [],
  }
}

/** Every day shows the size as of now: the sandbox keeps no history of memberships. */
const seriesOf = (size: number, length: number, endingAt: number): readonly object[] =>
  Array.from({ length }, (_, index) => ({
    time: isoOf(endingAt - (length - 1 - index) * dayMs).slice(0, 10),
    size,
  }))
