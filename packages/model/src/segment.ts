/** A segment in the form in which a vendor holds it. */
export interface SegmentRef {
  readonly form: 'list' | 'tag' | 'attribute' | 'cohort' | 'audience' | 'segment'
  /** The vendor's id; opaque text. */
  readonly id: string
  readonly name?: string
}
