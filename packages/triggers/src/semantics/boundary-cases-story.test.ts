import { describe, expect, test } from 'vitest'
import { linesOfStory, textsOfStory } from '../../fixtures/cases/answers/story.ts'
import { storyTables } from '../../fixtures/cases/tables.ts'
import { ledgerByEngine, ledgerByReference } from '../../fixtures/scenario/move.ts'

/** Late events, merges and new versions, by the reference and by the engine (saved and loaded after each stage). */
describe.each(storyTables)('%s', (_, stories) => {
  test.each(stories)('$law', (story) => {
    const expected = linesOfStory(story, ledgerByReference)
    expect(textsOfStory(expected), 'reference').toEqual(story.lines)
    expect(linesOfStory(story, ledgerByEngine), 'engine').toEqual(expected)
  })
})
