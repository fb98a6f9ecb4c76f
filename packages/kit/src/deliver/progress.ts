import type { Fault, ItemBase, ItemResult, Loss, Outcome } from '@tripline/model'
import { withoutPersonalData } from '../http/without-personal-data.ts'
import type { Mapped, Verdict, Write } from './operation.ts'

/** Where one item stands while it is delivered. */
export interface Progress {
  readonly item: ItemBase
  readonly writes: readonly Write[]
  losses: readonly Loss[]
  done: readonly string[]
  /** Next write to send; equal to `writes.length` when none is left. */
  next: number
  outcome: Outcome | undefined
}

const none: readonly never[] = []

export function startProgress(item: ItemBase, mapped: Mapped): Progress {
  const { done = none } = item
  const { losses } = mapped
  if (mapped.kind === 'settled') return { item, writes: none, losses, done, next: 0, outcome: mapped.outcome }
  const writes = done.length === 0 ? mapped.writes : mapped.writes.filter(({ step }) => !done.includes(step))
  const outcome = writes.length === 0 ? finished(mapped.writes.length > 0) : undefined
  return { item, writes, losses, done, next: 0, outcome }
}
/** Nothing is left to send: earlier calls did all of it, or there was nothing. */
const finished = (wasSent: boolean): Outcome =>
  wasSent
    ? { status: 'sent', proof: 'accepted' }
    : { status: 'skipped', because: 'unchanged', detail: 'nothing to write' }

/** Takes in what became of the item's current write. */
export function settleWrite(progress: Progress, { outcome, losses }: Verdict): void {
  const write = progress.writes[progress.next]
  if (!write) return
  if (losses && losses.length > 0) progress.losses = [...progress.losses, ...losses]
  progress.next++
  if (outcome.status === 'sent' || outcome.status === 'skipped') {
    if (outcome.status === 'sent')
      progress.done = progress.done.length === 0 ? [write.step] : [...progress.done, write.step]
    progress.outcome = mergeOutcome(progress.outcome, outcome)
    return
  }
  const fault = withoutPersonalData(outcome.fault)
  progress.outcome = fault === outcome.fault ? outcome : { ...outcome, fault }
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

export const laneHeld: Fault = { code: 'unavailable', message: 'an earlier item of its lane must go first' }

/** Not sent, because an earlier item of its lane must go first. */
export function holdBack(progress: Progress): void {
  progress.outcome = { status: 'retry', fault: laneHeld }
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
    done: dryRun ? (item.done ?? none) : done,
  }
}
