/** The same items to five vendors, one of which is down: the other four do not notice, and nothing is lost. */
import { createBraze } from '@tripline/braze'
import { createHubSpot } from '@tripline/hubspot'
import { createIntercom } from '@tripline/intercom'
import { createMixpanel } from '@tripline/mixpanel'
import type { Connector, Item, Report } from '@tripline/model'
import { createClock } from '@tripline/sandbox'
import { brazeDefaults, startBrazeSandbox } from '@tripline/sandbox/braze'
import { hubspotDefaults, startHubspotSandbox } from '@tripline/sandbox/hubspot'
import { intercomDefaults, startIntercomSandbox } from '@tripline/sandbox/intercom'
import { mixpanelDefaults, startMixpanelSandbox } from '@tripline/sandbox/mixpanel'
import { segmentDefaults, startSegmentSandbox } from '@tripline/sandbox/segment'
import { createSegment } from '@tripline/segment'

const clock = createClock({ jump: true })
const segment = await startSegmentSandbox({ clock })
const mixpanel = await startMixpanelSandbox({ clock })
const hubspot = await startHubspotSandbox({ clock })
const braze = await startBrazeSandbox({ clock })
const intercom = await startIntercomSandbox({ clock })

const { projectId, projectToken, serviceAccounts } = mixpanelDefaults
const [account] = serviceAccounts
const connectors: readonly Connector[] = [
  createSegment({ baseUrl: segment.url, writeKey: segmentDefaults.writeKey }, segment.host),
  createMixpanel(
    {
      baseUrl: mixpanel.url,
      region: 'us',
      projectId: String(projectId),
      projectToken,
      serviceAccountUsername: account?.username ?? '',
      serviceAccountSecret: account?.secret ?? '',
    },
    mixpanel.host,
  ),
  createHubSpot({ baseUrl: hubspot.url, accessToken: hubspotDefaults.accessToken }, hubspot.host),
  createBraze({ baseUrl: braze.url, apiKey: brazeDefaults.apiKeys[0].key }, braze.host),
  createIntercom({ baseUrl: intercom.url, accessToken: intercomDefaults.token }, intercom.host),
]

const at = new Date(clock.now() - 60_000).toISOString()
const items: Item[] = ['ada', 'grace', 'edsger'].map((userId) => ({
  kind: 'profile',
  key: `profile-${userId}`,
  lane: userId,
  at,
  who: { userId },
  set: { email: `${userId}@example.com` },
}))
for (const connector of connectors)
  await connector.schema.ensure([{ of: 'user', name: 'email', type: 'string' }])

function count(report: Report): string {
  const counts = new Map<string, number>()
  for (const { outcome } of report.results) counts.set(outcome.status, (counts.get(outcome.status) ?? 0) + 1)
  return [...counts].map(([status, number]) => `${number} ${status}`).join(', ')
}
async function deliverToAll(): Promise<void> {
  // Nobody waits longer than two minutes for a vendor; what is not done then comes back as `retry`.
  const deadline = new Date(clock.now() + 120_000).toISOString()
  const reports = await Promise.all(connectors.map((connector) => connector.deliver(items, { deadline })))
  for (const [index, report] of reports.entries())
    console.log(`${connectors[index]?.vendor}: ${count(report)}`)
}

hubspot.chaos({ rate: 1, kinds: ['server-error'] })
console.log('HubSpot is down')
await deliverToAll()
hubspot.chaos({})
console.log('HubSpot is back: the same items, the same keys')
await deliverToAll()
for (const sandbox of [segment, mixpanel, hubspot, braze, intercom]) await sandbox.close()
