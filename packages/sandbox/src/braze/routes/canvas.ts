import type { Route, SimReply } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { messages, refuse, success } from '../errors.ts'
import { isName, type JsonObject } from '../json.ts'
import { runTrigger } from '../trigger.ts'
import { details, listed, noteRecipients, summary } from './campaigns.ts'
import { get, post } from './route.ts'

const canvasFields = ['canvas_id', 'context', 'broadcast', 'audience', 'recipients']

/** https://www.braze.com/docs/api/endpoints/export/canvas/ , …/messaging/send_messages/post_send_triggered_canvases/ */
export const canvasRoutes = (context: BrazeContext): readonly Route[] => [
  get('/canvas/list', (query) => {
    const shown = listed(query, [...context.store.canvases.values()])
    return success(200, { canvases: shown.map((canvas) => summary(canvas, context)) })
  }),
  get('/canvas/details', (query) => {
    const canvas = context.store.canvases.get(query.get('canvas_id') ?? '')
    if (!canvas) return refuse(400, messages.invalidCanvas)
    const entries = context.store.sends.filter((send) => send.id === canvas.id)
    return success(200, {
      ...details(canvas, context),
      variants: canvas.variants ?? [],
      steps: canvas.steps ?? [],
      first_entry: entries[0]?.at ?? null,
      last_entry: entries.at(-1)?.at ?? null,
    })
  }),
  post(context, {
    path: '/canvas/trigger/send',
    known: [...canvasFields, 'canvas_entry_properties'],
    handle: (body) => triggerCanvas(context, body),
  }),
]

/** `context` is today's name; the old one counts only where the account says so, else it is passed over. */
function triggerCanvas(context: BrazeContext, body: JsonObject): SimReply {
  const canvas = isName(body['canvas_id']) ? context.store.canvases.get(body['canvas_id']) : undefined
  if (!canvas) return refuse(400, messages.invalidCanvas)
  const old = context.account.legacyCanvasProperties ? ['canvas_entry_properties'] : []
  if (old.length === 0) context.noteIgnored('POST /canvas/trigger/send', body, canvasFields)
  noteRecipients(context, '/canvas/trigger/send', body, ['context', 'trigger_properties', ...old])
  return runTrigger(context, body, {
    kind: 'canvas',
    object: canvas,
    propertyNames: [...old, 'context'],
    recipientPropertyNames: [...old, 'trigger_properties', 'context'],
  })
}
