import { createFakeClock } from '@tripline/testkit'
import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { createGate } from './gate.ts'

const forEver = new AbortController().signal

fcTest.prop([
  fc.integer({ min: 1, max: 5 }),
  fc.array(
    fc.record({
      comesAtMs: fc.nat({ max: 50 }),
      staysMs: fc.nat({ max: 20 }),
      leavesAfterMs: fc.nat({ max: 60 }),
    }),
    {
      maxLength: 30,
    },
  ),
])('never lets more in than it may, in order of arrival, and forgets who gives up', async (max, visitors) => {
  const clock = createFakeClock(0)
  const gate = createGate(max)
  const arrived: number[] = []
  const entered: number[] = []
  let inside = 0
  let most = 0
  const visit = async (
    index: number,
    { comesAtMs, staysMs, leavesAfterMs }: (typeof visitors)[number],
  ): Promise<void> => {
    await clock.sleep(comesAtMs)
    arrived.push(index)
    const patience = new AbortController()
    void clock.sleep(leavesAfterMs).then(() => patience.abort())
    const leave = await gate.enter(patience.signal).catch(() => undefined)
    if (!leave) return
    entered.push(index)
    most = Math.max(most, ++inside)
    await clock.sleep(staysMs)
    inside--
    leave()
    leave()
  }
  await clock.run(Promise.all(visitors.map((visitor, index) => visit(index, visitor))))
  expect(most).toBeLessThanOrEqual(max)
  expect(entered).toEqual(arrived.filter((index) => entered.includes(index)))
  const places = await Promise.all(Array.from({ length: max }, () => gate.enter(forEver)))
  expect(places).toHaveLength(max)
})

test('a place that is handed on cannot be taken by a newcomer as well', async () => {
  const gate = createGate(1)
  const leave = await gate.enter(forEver)
  const second = gate.enter(forEver)
  leave()
  let thirdIsIn = false
  const third = gate.enter(forEver).then((leaveThird) => {
    thirdIsIn = true
    return leaveThird
  })
  const leaveSecond = await second
  await Promise.resolve()
  expect(thirdIsIn).toBe(false)
  leaveSecond()
  await third
})

test('a signal that is already aborted does not enter and does not wait', async () => {
  const gate = createGate(1)
  const gone = AbortSignal.abort(new Error('gone'))
  await expect(gate.enter(gone)).rejects.toThrow('gone')
  await gate.enter(forEver)
  await expect(gate.enter(gone)).rejects.toThrow('gone')
})
