import type { Route } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { campaignRoutes } from './campaigns.ts'
import { canvasRoutes } from './canvas.ts'
import { catalogueRoutes } from './catalogue.ts'
import { exportRoutes } from './export.ts'
import { identityRoutes } from './identity.ts'
import { mergeRoutes } from './merge.ts'
import { messageRoutes } from './messages.ts'
import { removalRoutes } from './removal.ts'
import { segmentRoutes } from './segments.ts'
import { sendRoutes } from './sends.ts'
import { subscriptionRoutes } from './subscriptions.ts'
import { trackRoutes } from './track.ts'

export const brazeRoutes = (context: BrazeContext): readonly Route[] =>
  [
    trackRoutes,
    identityRoutes,
    mergeRoutes,
    removalRoutes,
    exportRoutes,
    segmentRoutes,
    catalogueRoutes,
    campaignRoutes,
    canvasRoutes,
    messageRoutes,
    sendRoutes,
    subscriptionRoutes,
  ].flatMap((routes) => routes(context))
