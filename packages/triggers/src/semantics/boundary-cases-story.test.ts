import { describe, expect, test } from 'vitest'
import { EngineReader, ReferenceReader } from '../../fixtures/cases/answers/story-readers.ts'
import { definitionsOfParts, tellStory } from '../../fixtures/cases/answers/story.ts'
import { storyTables } from '../../fixtures/cases/tables.ts'

/** Late events, merges and new versions, by the reference and by the engine (saved and loaded after each stage). */
describe.each(storyTables)('%s', (_, stories) => {
  test.each(stories)('$law', (story) => {
    const definitions = definitionsOfParts(story.from)
    expect(tellStory(story, new ReferenceReader(definitions)), 'reference').toEqual(story.lines)
    expect(tellStory(story, new EngineReader(definitions)), 'engine').toEqual(story.lines)
  })
})
