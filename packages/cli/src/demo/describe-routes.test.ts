import { expect, test } from 'vitest'
import { describeRoutes } from './describe-routes.ts'

test('one line per vendor, in words', () => {
  const routes = {
    segment: { off: true },
    hubspot: { items: ['event', 'profile'], events: { only: ['A', 'B'] }, fields: { except: ['bio'] } },
    intercom: { lastDays: 90, events: { except: ['Home'] } },
  } as const
  expect(describeRoutes(routes, ['segment', 'mixpanel', 'hubspot', 'intercom'])).toEqual([
    'segment gets nothing',
    'mixpanel gets everything',
    'hubspot gets event items, profile items; of events only A, B; of traits all but bio',
    'intercom gets everything; of events all but Home; of events only those of the last 90 days',
  ])
})
