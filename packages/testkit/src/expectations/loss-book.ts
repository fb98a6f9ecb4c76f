import type { Loss } from '@tripline/model'

/** What the losses of one result say about a path of the item. */
export interface LossBook {
  /** It, or what holds it, was left out. */
  dropped(path: string): boolean
  /** It, what holds it or a part of it arrived in another form. */
  changed(path: string): boolean
  /** Something of this kind was said about the path itself. */
  has(kind: Loss['kind'], path: string): boolean
}
const silent: LossBook = { dropped: () => false, changed: () => false, has: () => false }

export function openLossBook(losses: readonly Loss[]): LossBook {
  if (losses.length === 0) return silent
  const dropped = losses.filter(({ kind }) => kind === 'dropped')
  const changed = losses.filter(({ kind }) => kind !== 'dropped')
  return {
    dropped: (path) => dropped.some((loss) => holds(loss.path, path)),
    changed: (path) => changed.some((loss) => holds(loss.path, path) || holds(path, loss.path)),
    has: (kind, path) => losses.some((loss) => loss.kind === kind && loss.path === path),
  }
}

/** `a.b` holds itself, `a.b.c` and `a.b[0]`. */
const holds = (outer: string, inner: string): boolean =>
  inner.startsWith(outer) &&
  (inner.length === outer.length || inner[outer.length] === '.' || inner[outer.length] === '[')
