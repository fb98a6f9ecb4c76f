import { describe, expect, test } from 'vitest'
import { vendors } from '../../scripts/workspace.ts'
import { deviations } from './deviations.ts'
import { endpointTables } from './endpoint-tables.ts'
import type { Violation } from './open-api.ts'
import { templatePattern } from './operations.ts'
import { scenarios } from './scenarios/index.ts'
import { createRecorder } from './validating-fetch.ts'
import { descriptionsPresent, vendorDescriptions } from './vendor-descriptions.ts'

const title = (vendor: string): string =>
  descriptionsPresent ? vendor : `${vendor} (skipped: data not present)`

describe.each(vendors.map((vendor) => ({ vendor, title: title(vendor) })))('$title', ({ vendor }) => {
  test.skipIf(!descriptionsPresent)(
    'every endpoint is used, and every exchange is described and valid',
    async () => {
      const recorder = createRecorder(vendorDescriptions[vendor]())
      await scenarios[vendor].run(recorder)
      expect([...recorder.endpoints].toSorted()).toEqual(endpointTables[vendor].toSorted())

      const found = recorder.exchanges.flatMap(({ violations }) => violations)
      const reviewed = deviations.filter((each) => each.vendor === vendor)
      const isReviewed = (violation: Violation): boolean => reviewed.some((each) => isSame(each, violation))
      const occurs = (each: Violation): boolean => found.some((violation) => isSame(each, violation))
      expect({
        new: [...new Set(found.filter((violation) => !isReviewed(violation)).map(line))],
        gone: reviewed.filter((each) => !occurs(each)).map(line),
      }).toEqual({ new: [], gone: [] })
    },
  )
})

test('every deviation says why and where that is written', () => {
  for (const { because, source } of deviations) {
    expect(because).toMatch(/^\S.{10,}/)
    expect(source).toMatch(/^https:\/\/|^[\w.-]+\/[\w.-]+[:@#]/)
  }
  expect(new Set(deviations.map((each) => `${each.vendor} ${line(each)}`)).size).toBe(deviations.length)
})

/** The operation of a deviation may be a template: a path without a description has none of its own. */
function isSame(deviation: Violation, { operation, side, what }: Violation): boolean {
  if (deviation.side !== side || deviation.what !== what) return false
  return deviation.operation === operation || templatePattern(deviation.operation).test(operation)
}
function line({ operation, side, what }: Violation): string {
  return `${operation} · ${side} · ${what}`
}
