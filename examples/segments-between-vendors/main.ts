/** A HubSpot list becomes a Braze attribute and an Intercom tag; who left is taken out. */
import { createBraze } from '@tripline/braze'
import { createHubSpot } from '@tripline/hubspot'
import { createIntercom } from '@tripline/intercom'
import type { Connector, Identity, Item, SegmentRef } from '@tripline/model'
import { createClock } from '@tripline/sandbox'
import { brazeDefaults, startBrazeSandbox } from '@tripline/sandbox/braze'
import { hubspotDefaults, startHubspotSandbox } from '@tripline/sandbox/hubspot'
import { intercomDefaults, startIntercomSandbox } from '@tripline/sandbox/intercom'

const clock = createClock({ jump: true })
const sandboxes = [
  await startHubspotSandbox({ clock }),
  await startBrazeSandbox({ clock }),
  await startIntercomSandbox({ clock }),
] as const
const hubspot = createHubSpot(
  { baseUrl: sandboxes[0].url, accessToken: hubspotDefaults.accessToken },
  sandboxes[0].host,
)
const braze = createBraze(
  { baseUrl: sandboxes[1].url, apiKey: brazeDefaults.apiKeys[0].key },
  sandboxes[1].host,
)
const intercom = createIntercom(
  { baseUrl: sandboxes[2].url, accessToken: intercomDefaults.token },
  sandboxes[2].host,
)

const now = (): string => new Date(clock.now()).toISOString()
const people = ['ada', 'grace', 'edsger'].map((userId): Identity => ({ userId }))
const laneOf = (who: Identity): string => who.userId ?? ''
let writes = 0
const membership = (segment: SegmentRef, who: Identity, member: boolean): Item => ({
  kind: 'membership',
  key: `membership-${writes++}`,
  lane: laneOf(who),
  at: now(),
  who,
  segment,
  member,
})
async function membersOf(
  connector: Connector,
  segment: SegmentRef,
  all: boolean,
): Promise<readonly string[]> {
  const query = all
    ? ({ mode: 'all', fields: [] } as const)
    : ({ mode: 'ids', fields: [], who: people } as const)
  const found: string[] = []
  for await (const page of connector.segments.members(segment, query))
    for (const { who, member } of page.items) if (member) found.push(laneOf(who))
  return found.toSorted()
}

// People exist at all three vendors; the list at HubSpot is where the segment is kept.
for (const connector of [hubspot, braze, intercom]) {
  await connector.schema.ensure([{ of: 'user', name: 'email', type: 'string' }])
  const profiles = people.map((who, index): Item => {
    const set = { email: `${who.userId}@example.com` }
    return { kind: 'profile', key: `profile-${index}`, lane: laneOf(who), at: now(), who, set }
  })
  await connector.deliver(profiles)
}
const list = (await hubspot.segments.ensure('VIP')).segment
await hubspot.deliver(people.slice(0, 2).map((who) => membership(list, who, true)))
clock.advance(10_000) // HubSpot's lists need a moment until they can be read

for (const target of [braze, intercom]) {
  const { segment, manual } = await target.segments.ensure('VIP')
  await target.deliver([membership(segment, people[2] ?? {}, true)]) // someone who should not be there
  const wanted = new Set(await membersOf(hubspot, list, true))
  await target.deliver(people.map((who) => membership(segment, who, wanted.has(laneOf(who)))))
  clock.advance(300_000) // Intercom's search index lags behind by minutes
  const found = await membersOf(target, segment, target === intercom)
  console.log(`${target.vendor} ${segment.form} "${segment.id}": ${found.join(', ')}`)
  for (const line of manual) console.log(`  by hand: ${line}`)
}
for (const sandbox of sandboxes) await sandbox.close()
