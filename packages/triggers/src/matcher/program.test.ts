import { describe, expect, test } from 'vitest'
import { normaliseDefinitions, type DefinitionsInput, type TriggerInput } from '../index.ts'
import type { Fire } from './event.ts'
import { compile } from './program.ts'

describe('program', () => {
  const a = { type: 'track', name: 'A' } as const
  const trigger = (id: string, when: TriggerInput['when']): TriggerInput => ({ specVersion: 1, id, when })
  const compileInput = (input: Omit<DefinitionsInput, 'specVersion'>) =>
    compile(normaliseDefinitions({ specVersion: 1, ...input }))
  const event = (atMs: number, properties = {}) =>
    ({ messageId: `m${atMs}`, type: 'track', name: 'A', atMs, properties }) as const

  test('fires of one event come by trigger id, whatever the order of the definitions', () => {
    const program = compileInput({
      triggers: [trigger('b', { kind: 'on', event: a }), trigger('a', { kind: 'on', event: a })],
    })
    const fires: Fire[] = []
    program.advance(program.createUser('u'), event(1), (fire) => fires.push(fire))
    expect(fires).toEqual([
      { trigger: 'a', userId: 'u', atMs: 1, anchorKey: 'm1' },
      { trigger: 'b', userId: 'u', atMs: 1, anchorKey: 'm1' },
    ])
  })

  test('an event before the one before it is refused', () => {
    const program = compileInput({})
    const user = program.createUser('u')
    program.advance(user, event(2), () => undefined)
    expect(() => program.advance(user, event(1), () => undefined)).toThrow('lies before 2')
  })

  test('a state of other definitions is refused', () => {
    const program = compileInput({ triggers: [trigger('a', { kind: 'on', event: a })] })
    const other = compileInput({ triggers: [trigger('b', { kind: 'on', event: a })] })
    const saved = program.saveUser(program.createUser('u'))
    expect(program.loadUser(saved).userId).toBe('u')
    expect(() => other.loadUser(saved)).toThrow('is not of this program')
  })

  test('values of by that left the window are swept: state stays bounded', () => {
    const when = { kind: 'times', event: a, count: 3, within: '1h', by: 'id' } as const
    const program = compileInput({ triggers: [trigger('t', when)] })
    const user = program.createUser('u')
    for (let id = 0; id < 10_000; id++) program.advance(user, event(id * 600_000, { id }), () => undefined)
    expect(program.saveUser(user).length).toBeLessThan(2_000)
  })

  test('0.1 + 0.2 is 0.3, also after the state was saved and loaded', () => {
    const total = { kind: 'total', event: a, property: 'v', aggregate: 'sum', op: 'eq', value: 0.3 } as const
    const program = compileInput({
      segments: [
        { specVersion: 1, kind: 'dynamic', id: 'ever', condition: total },
        { specVersion: 1, kind: 'dynamic', id: 'day', condition: { ...total, within: '1d' } },
      ],
    })
    let user = program.createUser('u')
    program.advance(user, event(1, { v: 0.1 }), () => undefined)
    expect(program.isMember(user, 'ever', 1)).toBe(false)
    user = program.loadUser(program.saveUser(user))
    program.advance(user, event(2, { v: 0.2 }), () => undefined)
    expect(program.isMember(user, 'ever', 2)).toBe(true)
    expect(program.isMember(user, 'day', 86_400_000)).toBe(true)
    // The first value leaves the window exactly a day after it came.
    expect(program.isMember(user, 'day', 86_400_001)).toBe(false)
  })
})
