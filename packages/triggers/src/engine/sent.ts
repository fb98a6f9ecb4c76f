import type { Backoff, Cap } from '../definition/definition.ts'
import { durationMs } from '../definition/duration.ts'

/** A send that passed guard 10, as long as caps or back-off can still ask for it. */
export interface Sent {
  readonly atMs: number
  readonly channel: string
  /** Of its ledger line; `''` where nothing in the definitions asks for it. */
  readonly id: string
  /** Names the event or effect at whose instant it went; absent for a timer. */
  readonly placeKey: string | undefined
  /** The user engaged with a send of the channel after this one went. */
  settled: boolean
}

interface CapRule {
  readonly channel: string | undefined
  readonly count: number
  readonly perMs: number
}
interface BackoffRule {
  readonly windowMs: number
  readonly baseMs: number
  readonly factor: number
  readonly maxMs: number
}

/** How often is looked for old sends behind one that is kept for ever. */
const sweepEvery = 64

/**
 * What caps and back-off ask of the sends before. Kept of one user: the sends of the longest `per` of the caps (at most
 * as many as they allow, and those of channels they do not concern); of channels with back-off every send, as an
 * engagement of whatever age counts.
 */
export class SendRules {
  readonly #caps: readonly CapRule[]
  readonly #backoff: ReadonlyMap<string, readonly BackoffRule[]>
  readonly #keepMs: number

  constructor(caps: readonly Cap[], backoff: readonly Backoff[], retainMs: number) {
    this.#caps = caps.map(({ channel, count, per }) => ({ channel, count, perMs: durationMs(per) }))
    const rules = backoff.map((each) => [each.channel, toRule(each)] as const)
    this.#backoff = new Map(
      rules.map(([channel]) => [
        channel,
        rules.filter(([other]) => other === channel).map(([, rule]) => rule),
      ]),
    )
    this.#keepMs = Math.max(retainMs, ...this.#caps.map(({ perMs }) => perMs))
  }

  get needsIds(): boolean {
    return this.#caps.length > 0 || this.#backoff.size > 0
  }

  /** The caps that concern a send in the channel, with what they have counted, up to their limit. */
  capsOf(sends: readonly Sent[], channel: string, atMs: number): readonly CapCount[] {
    const counts: CapCount[] = []
    for (const [index, cap] of this.#caps.entries()) {
      if (cap.channel !== undefined && cap.channel !== channel) continue
      const count = countSince(sends, cap.channel, atMs - cap.perMs, cap.count)
      counts.push({ cap: index, count, limit: cap.count, perMs: cap.perMs })
    }
    return counts
  }

  /** What back-off says about one more send; `undefined` where the channel has none, or nothing was ignored. */
  backoffOf(sends: readonly Sent[], channel: string, atMs: number): BackoffAnswer | undefined {
    const rules = this.#backoff.get(channel)
    const last = rules && sends.findLast((sent) => sent.channel === channel)
    if (rules === undefined || last === undefined) return undefined
    let strictest: BackoffAnswer | undefined
    for (const { windowMs, baseMs, factor, maxMs } of rules) {
      const ignored = countIgnored(sends, channel, atMs - windowMs)
      if (ignored === 0) continue
      const nextMs = last.atMs + Math.round(Math.min(baseMs * factor ** (ignored - 1), maxMs))
      if (strictest === undefined || nextMs > strictest.nextMs) {
        strictest = { ignored, lastMs: last.atMs, nextMs }
      }
    }
    return strictest
  }

  /** Adds a send and drops what nothing can ask for any more. */
  add(sends: Sent[], sent: Sent): void {
    if (this.#keepMs === 0 && !this.#backoff.has(sent.channel)) return
    sends.push(sent)
    const untilMs = sent.atMs - this.#keepMs
    const isOld = ({ atMs, channel }: Sent) => atMs <= untilMs && !this.#backoff.has(channel)
    const mayHaveOld = isOld(sends[0] as Sent) || sends.length % sweepEvery === 0
    if (mayHaveOld && sends.some(isOld))
      sends.splice(0, sends.length, ...sends.filter((each) => !isOld(each)))
  }
}

export interface CapCount {
  /** Index of the cap in the policy. */
  readonly cap: number
  readonly count: number
  readonly limit: number
  readonly perMs: number
}
export interface BackoffAnswer {
  /** How many sends of the channel were ignored since the latest engagement. */
  readonly ignored: number
  readonly lastMs: number
  /** The next send is allowed from then on. */
  readonly nextMs: number
}

/** Up to `limit`: more are not asked for. */
function countSince(
  sends: readonly Sent[],
  channel: string | undefined,
  afterMs: number,
  limit: number,
): number {
  let count = 0
  for (let index = sends.length - 1; index >= 0 && count < limit; index--) {
    const sent = sends[index] as Sent
    if (sent.atMs <= afterMs) break
    if (channel === undefined || sent.channel === channel) count++
  }
  return count
}

/** Sends of the channel up to `untilMs` that nothing has settled; what is settled lies before them. */
function countIgnored(sends: readonly Sent[], channel: string, untilMs: number): number {
  let count = 0
  for (let index = sends.length - 1; index >= 0; index--) {
    const sent = sends[index] as Sent
    if (sent.channel !== channel) continue
    if (sent.settled) break
    if (sent.atMs <= untilMs) count++
  }
  return count
}

function toRule({ responseWindow, base, factor, max }: Backoff): BackoffRule {
  return { windowMs: durationMs(responseWindow), baseMs: durationMs(base), factor, maxMs: durationMs(max) }
}
