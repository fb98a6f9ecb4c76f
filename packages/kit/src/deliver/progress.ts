import type { Instant, ItemBase, ItemResult, Loss, Outcome } from '@tripline/model'
import type { Mapped, Verdict, Write } from './operation.ts'

/** Where one item stands while it is delivered. */
export interface Progress {
  readonly item: ItemBase
  readonly writes: readonly Write[]
  readonly losses: Loss[]
  readonly done: string[]
  /** Next write to send; equal to `writes.length` when none is left. */
  next: number
  outcome: Outcome | undefined
}

export function startProgress(item: ItemBase, mapped: Mapped): Progress {
  const done = [...(item.done ?? [])]
  const base = { item, losses: mapped.losses as Loss[], done, next: 0 }
  if (mapped.kind === 'settled') return { ...base, writes: [], outcome: mapped.outcome }
  const left = done.length === 0 ? mapped.writes : mapped.writes.filter((write) => !done.includes(write.step))
  return {
    ...base,
    writes: left,
    outcome: left.length === 0 ? { status: 'sent', proof: 'accepted' } : undefined,
  }
}

/** Takes in what became of the item's current write. */
export function settleWrite(progress: Progress, { outcome, losses }: Verdict): void {
  const write = progress.writes[progress.next]
  if (!write) return
  if (losses && losses.length > 0) progress.losses.push(...losses)
  progress.next++
  if (outcome.status === 'sent' || outcome.status === 'skipped') {
    if (outcome.status === 'sent') progress.done.push(write.step)
    const merged = mergeOutcome(progress.outcome, outcome)
    progress.outcome = merged
    return
  }
  progress.outcome = outcome
  progress.next = progress.writes.length // what follows in this item is not sent
}
export const isOpen = (progress: Progress): boolean => progress.next < progress.writes.length

/** An item of several writes is as sure as its least sure write. */
function mergeOutcome(before: Outcome | undefined, now: Outcome): Outcome {
  if (before?.status !== 'sent' || now.status !== 'sent') return before?.status === 'sent' ? before : now
  const proof = before.proof === 'accepted' || now.proof === 'accepted' ? 'accepted' : 'stored'
  const vendorId = now.vendorId ?? before.vendorId
  return {
    status: 'sent',
    proof,
    ...(vendorId !== undefined && { vendorId }),
    ...((before.maybeTwice ?? now.maybeTwice) && { maybeTwice: true }),
  }
}

/** Not sent, because an earlier item of its lane must go first or the call ended. */
export function holdBack(progress: Progress, because: string, notBefore?: Instant): void {
  progress.outcome = {
    status: 'retry',
    fault: { code: 'unavailable', message: because },
    ...(notBefore !== undefined && { notBefore }),
  }
  progress.next = progress.writes.length
}

export function toResult({ item, outcome, losses, done }: Progress, dryRun: boolean): ItemResult {
  const settled: Outcome = outcome ?? {
    status: 'retry',
    fault: { code: 'unavailable', message: 'not reached' },
  }
  return {
    key: item.key,
    outcome: dryRun && settled.status === 'sent' ? { status: 'planned' } : settled,
    losses,
    done: dryRun ? [] : done,
  }
}
