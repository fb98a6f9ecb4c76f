import { parseMessage, type Host, type Item } from '@tripline/model'
import { shopEvent } from './events.ts'
import { subjects, type Vendor } from './subjects.ts'

/** What one process measures, as one line of JSON on its standard output. */
export interface Measured {
  readonly vendor: Vendor
  /** `JSON.parse` + `JSON.stringify` of the same events, in the same process, just before. */
  readonly baselinePerSecond: number
  readonly eventsPerSecond: number
  readonly requests: number
  readonly maxRssMb: number
}
const batchSize = 2_000
const rounds = 5

/** Canonical events → validated, mapped, packed requests; HTTP stubbed. The best of five rounds, after one to warm up. */
async function measure(vendor: Vendor, count: number): Promise<Measured> {
  let requests = 0
  const fetch: Host['fetch'] = async (input, init) => {
    requests++
    const body = typeof init?.body === 'string' ? init.body : init?.body instanceof Uint8Array ? Buffer.from(init.body).toString() : ''
    return subjects[vendor].answer(init?.method ?? 'GET', String(input), body)
  }
  // Budgets wait for the vendor's rate; here only our own work counts.
  const connector = await subjects[vendor].create({ fetch, budget: { take: async () => undefined, observe: () => undefined } })
  let baseline = Infinity
  let ours = Infinity
  for (let round = 0; round <= rounds; round++) {
    const lines = Array.from({ length: count }, (_, index) => JSON.stringify(shopEvent(index)))
    const started = performance.now()
    for (const line of lines) JSON.stringify(JSON.parse(line))
    const afterBaseline = performance.now()
    const parsed = lines.map((line) => JSON.parse(line) as object)
    requests = 0
    const before = performance.now()
    for (let from = 0; from < parsed.length; from += batchSize) {
      const items: Item[] = []
      for (let index = from; index < Math.min(parsed.length, from + batchSize); index++) {
        const message = parseMessage(parsed[index])
        if (message.ok) for (const item of message.items) items.push(item)
      }
      const report = await connector.deliver(items)
      const lost = report.results.find(({ outcome }) => outcome.status !== 'sent')
      if (lost) throw new Error(`${vendor}: ${JSON.stringify(lost)}`)
    }
    const spent = performance.now() - before
    if (round > 0) [baseline, ours] = [Math.min(baseline, afterBaseline - started), Math.min(ours, spent)]
  }
  const maxRssMb = Math.round(process.resourceUsage().maxRSS / 1_024)
  const perSecond = (ms: number): number => Math.round((count / ms) * 1_000)
  return { vendor, baselinePerSecond: perSecond(baseline), eventsPerSecond: perSecond(ours), requests, maxRssMb }
}

const [vendor = 'braze', count = '50000'] = process.argv.slice(2)
console.log(JSON.stringify(await measure(vendor as Vendor, Number(count))))
