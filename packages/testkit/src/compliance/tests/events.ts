import type { Identity } from '@tripline/model'
import { expect } from 'vitest'
import type { ComplianceTest } from '../compliance-test.ts'
import { eventName } from '../fields.ts'
import { resultStatuses, withRig } from '../rig.ts'

export const eventTests: readonly ComplianceTest[] = [
  {
    name: 'event.stored-as-given',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences }) => {
        const people = await arrive('u1', '00001')
        const events = await settleAll([
          make.event('u1', { note: 'a', amount: 1.5, isNew: true, step: 3 }),
          make.event('00001', { note: 'naïve 🧀', amount: -0.01, isNew: false, step: 0 }),
          make.event('u1', {}),
        ])
        expect(resultStatuses(events)).toEqual(['sent', 'sent', 'sent'])
        expect(differences([...people, ...events])).toEqual([])
      }),
  },
  {
    name: 'event.pages-and-screens',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences }) => {
        const people = await arrive('u1')
        const events = await settleAll([
          make.event('u1', {}, { event: { type: 'page', event: 'Home', properties: {} } }),
          make.event('u1', {}, { event: { type: 'screen', event: 'Home', properties: {} } }),
        ])
        expect(resultStatuses(events)).toEqual(['sent', 'sent'])
        expect(differences([...people, ...events])).toEqual([])
      }),
  },
  {
    name: 'event.unknown-properties',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences }) => {
        const people = await arrive('u1')
        const events = await settleAll([
          make.event('u1', {
            neverDeclared: 'x',
            nested: { deep: [1, 'two', true], none: null },
            note: 'kept',
          }),
          make.event('u1', { note: 'the next one' }),
        ])
        // Stored, or dead with its reason, or with a loss for what is left out: never silently less.
        expect(events.at(1)?.result.outcome.status).toBe('sent')
        expect(differences([...people, ...events])).toEqual([])
      }),
  },
  {
    name: 'event.an-id-that-is-no-text-is-dead-and-the-rest-arrives',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences }) => {
        const people = await arrive('00001', '1')
        const bad = [7, '', 'half \ud83e'].map((userId) => ({ userId }) as unknown as Identity)
        const delivered = await settleAll([
          ...bad.flatMap((who) => [
            make.event(who, {}, { lane: 'bad' }),
            { ...make.profile('bad', { plan: 'x' }), who },
          ]),
          make.event('00001', { note: 'zeros stay' }),
          make.event('1', { note: 'another person' }),
        ])
        expect(resultStatuses(delivered)).toEqual([...bad.flatMap(() => ['dead', 'dead']), 'sent', 'sent'])
        for (const { result } of delivered.slice(0, -2))
          expect(result.outcome).toMatchObject({ fault: { code: 'invalid', path: 'who.userId' } })
        expect(differences([...people, ...delivered])).toEqual([])
      }),
  },
  {
    name: 'event.context-is-kept-or-said-to-be-lost',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences }) => {
        const people = await arrive('u1')
        const context = { locale: 'de-DE', page: { url: 'https://example.com/a', title: 'A' }, unknown: 1 }
        const event = { type: 'track', event: eventName, properties: { note: 'x' }, context } as const
        const events = await settleAll([make.event('u1', {}, { event }), make.event('u1', { note: 'none' })])
        expect(resultStatuses(events)).toEqual(['sent', 'sent'])
        expect(differences([...people, ...events])).toEqual([])
      }),
  },
  {
    name: 'event.a-time-that-is-none-is-dead-and-the-rest-arrives',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences }) => {
        const people = await arrive('u1')
        const delivered = await settleAll([
          make.event('u1', { step: 1 }),
          make.event('u1', { step: 2 }, { at: 'yesterday' }),
          make.event('u1', { step: 3 }),
        ])
        expect(resultStatuses(delivered)).toEqual(['sent', 'dead', 'sent'])
        expect(delivered[1]?.result.outcome).toMatchObject({ fault: { code: 'invalid', path: 'at' } })
        expect(differences([...people, ...delivered])).toEqual([])
      }),
  },
  {
    name: 'event.repeat-is-as-declared',
    needs: ['event', 'profile'],
    run: (subject) =>
      withRig(subject, {}, async ({ arrive, settleAll, make, differences, connector }) => {
        const people = await arrive('u1', 'u2')
        const events = [make.event('u1', { step: 1 }), make.event('u2', { step: 2 })]
        const first = await settleAll(events)
        const second = await settleAll(events)
        expect(resultStatuses([...first, ...second])).toEqual(['sent', 'sent', 'sent', 'sent'])
        const doubles = connector.capabilities.event.repeat === 'doubles'
        expect(differences([...people, ...first, ...(doubles ? second : [])])).toEqual([])
      }),
  },
]
