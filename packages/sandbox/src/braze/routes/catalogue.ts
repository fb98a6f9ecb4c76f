import type { Route, SimReply } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { refuse, success } from '../errors.ts'
import type { BrazeCustomAttribute } from '../state.ts'
import { get } from './route.ts'

const cursorPage = 50
const numberedPage = 250

/** What the workspace knows of: custom attributes, events, products. https://www.braze.com/docs/api/endpoints/export/ */
export const catalogueRoutes = ({ store }: BrazeContext): readonly Route[] => [
  get('/custom_attributes', (query) => {
    const names = [...store.attributes.keys()].sort()
    return cursored(query, '/custom_attributes', names, (shown) => ({
      attributes: shown.map((name) => describe(store.attributes.get(name) ?? { name, type: 'String' })),
    }))
  }),
  get('/events', (query) =>
    cursored(query, '/events', [...store.eventNames].sort(), (shown) => ({
      events: shown.map((name) => ({
        name,
        description: '',
        included_in_analytics_report: false,
        status: 'Active',
        tag_names: [],
      })),
    })),
  ),
  get('/events/list', (query) => success(200, { events: numbered(query, [...store.eventNames].sort()) })),
  get('/purchases/product_list', (query) =>
    success(200, { products: numbered(query, [...store.productIds].sort()) }),
  ),
]

function describe({
  name,
  type,
  forced,
  description = '',
  status = 'Active',
  tag_names = [],
}: BrazeCustomAttribute): object {
  return {
    array_length: type === 'Array' ? 500 : null,
    data_type: forced ? type : `${type} (Automatically Detected)`,
    description,
    name,
    status,
    tag_names,
  }
}

/** The cursor is the last name shown, in base64; the next page stands in the `Link` header. */
function cursored(
  query: URLSearchParams,
  path: string,
  names: readonly string[],
  bodyOf: (shown: readonly string[]) => Record<string, unknown>,
): SimReply {
  const cursor = query.get('cursor')
  const after = cursor === null ? undefined : Buffer.from(cursor, 'base64').toString()
  if (after !== undefined && !names.includes(after)) return refuse(400, 'Invalid cursor')
  const from = after === undefined ? 0 : names.indexOf(after) + 1
  const shown = names.slice(from, from + cursorPage)
  const reply = success(200, bodyOf(shown))
  const last = shown.at(-1)
  if (last === undefined || from + cursorPage >= names.length) return reply
  const next = encodeURIComponent(Buffer.from(last).toString('base64'))
  return { ...reply, headers: { link: `<${path}?cursor=${next}>; rel="next"` } }
}

function numbered(query: URLSearchParams, names: readonly string[]): readonly string[] {
  const page = Math.max(0, Number.parseInt(query.get('page') ?? '0', 10) || 0)
  return names.slice(page * numberedPage, (page + 1) * numberedPage)
}
