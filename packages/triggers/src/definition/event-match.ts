import type { Predicate } from './comparison.ts'

/**
 * Which events: those of a type, of a name where it has one, whose properties fit `where`. `any` is every track, page,
 * screen and identify event but what a vendor reports about our own sends (`source: 'vendor'`); those are matched by
 * name, as `track`. A `page` or `screen` without `name` is every page or screen.
 */
export type EventMatch =
  | { readonly type: 'track'; readonly name: string; readonly where?: Predicate }
  | { readonly type: 'page' | 'screen'; readonly name?: string; readonly where?: Predicate }
  | { readonly type: 'identify' | 'any'; readonly where?: Predicate }
