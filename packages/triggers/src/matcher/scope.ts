import type { Occasion } from '../definition/occasion.ts'
import { compileAnchors } from './anchors.ts'
import type { Builder, Handler, Happened, Host, Source, TimedNode } from './builder.ts'
import { tableByEvent, type KindMatch } from './by-event.ts'
import { loadSlots, plain, saveSlots, type Codec } from './codec.ts'
import type { ScopedOccasion, ScopeFire, Sink } from './core.ts'
import type { SharedLog } from './keyed-log.ts'
import { compileOccasion, type Context } from './occasion.ts'
import { firstDueMs, needsQueue, restoreQueue, takeDue } from './queue.ts'
import { emptyState, newState, type NodeState } from './user.ts'

interface Registered {
  readonly kind: 'cancel' | 'happening'
  readonly handler: Handler
}

/** Collects the nodes of one `waitFor`. What they listen to belongs to the user. */
class ScopeHost implements Host {
  readonly codecs: Codec[] = []
  readonly nodes: TimedNode[] = []
  readonly listeners = new Map<Source, Happened[]>()
  readonly logs = new Map<string, SharedLog>()
  readonly #entries: { readonly match: KindMatch; readonly item: Registered }[] = []

  newSlot(codec: Codec = plain): number {
    return this.codecs.push(codec) - 1
  }

  onEvent(kind: 'cancel' | 'happening', match: KindMatch, handler: Handler): void {
    this.#entries.push({ match, item: { kind, handler } })
  }

  addNode(rank: TimedNode['rank'], { due, slot }: Pick<TimedNode, 'due' | 'slot'>): TimedNode {
    const node: TimedNode = { rank, number: this.nodes.length, due, slot }
    this.nodes.push(node)
    return node
  }

  listen(source: Source, happened: Happened): void {
    source.isScoped = true
    this.listeners.set(source, [...(this.listeners.get(source) ?? []), happened])
  }

  plans() {
    const of = (items: readonly Registered[], kind: Registered['kind']) => [
      ...new Set(items.filter((item) => item.kind === kind).map(({ handler }) => handler)),
    ]
    return tableByEvent(this.#entries, (items) => [...of(items, 'cancel'), ...of(items, 'happening')])
  }
}

/** Compiles the occasion of a `waitFor` so that its state is that of one run; see `ScopedOccasion`. */
export function compileScoped(
  occasion: Occasion,
  builder: Builder,
  context: Pick<Context, 'trigger' | 'node' | 'sourceOf'>,
): ScopedOccasion {
  const host = new ScopeHost()
  const happened: Happened = (_, __, atMs, anchor, dueMs, out) => out.fire(0, anchor, atMs, dueMs)
  const anchors = compileAnchors(occasion, builder.place)
  compileOccasion(occasion, happened, { ...context, builder, host, anchors })
  const handlersOf = host.plans()
  const { nodes } = host
  const empty = emptyState(host.codecs.length, needsQueue(nodes))
  const listen = (scope: NodeState, user: Parameters<Handler>[1], atMs: number, out: Sink) => {
    for (const { source, anchor } of builder.place.happened) {
      for (const listener of host.listeners.get(source) ?? [])
        listener(scope, user, atMs, anchor, undefined, out)
    }
  }
  return {
    start: () => newState(empty),
    concerns: (event) => builder.place.happened.length > 0 || handlersOf(event).length > 0,
    apply(scope, user, event, fire) {
      const out = sinkOf(fire)
      for (const handle of handlersOf(event)) handle(scope, user, event, out)
      if (builder.place.happened.length > 0) listen(scope, user, event.atMs, out)
    },
    hear(scope, user, atMs, fire) {
      if (builder.place.happened.length > 0) listen(scope, user, atMs, sinkOf(fire))
    },
    nextDueMs: (scope) => firstDueMs(scope, nodes),
    endDue(scope, user, atMs, fire) {
      const out = sinkOf(fire)
      if (builder.place.happened.length > 0) listen(scope, user, atMs, out)
      endNodes(scope, user, nodes, atMs, out)
    },
    save: (scope) => saveSlots(scope, host.codecs),
    load(saved) {
      const scope = newState(empty)
      loadSlots(scope, saved as readonly unknown[], host.codecs)
      restoreQueue(scope, nodes)
      return scope
    },
  }
}

function sinkOf(fire: ScopeFire): Sink {
  return { fire: (_, anchor, atMs, dueMs) => fire(anchor, atMs, dueMs), membership: () => undefined }
}

/** Ends everything that is due by then, in order. */
export function endNodes(
  state: NodeState,
  user: Parameters<TimedNode['due']>[1],
  nodes: readonly TimedNode[],
  atMs: number,
  out: Sink,
): void {
  for (;;) {
    const node = takeDue(state, nodes, atMs, nodes.length)
    if (node === undefined) return
    node.due(state, user, atMs, out)
  }
}
