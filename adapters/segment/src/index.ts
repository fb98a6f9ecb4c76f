export { segmentCapabilities } from './capabilities.ts'
export { createSegment } from './connector.ts'
export { segmentLimits } from './limits.ts'
export type { SegmentOptions } from './options.ts'
