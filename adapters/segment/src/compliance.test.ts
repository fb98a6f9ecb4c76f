import { segmentDefaults, startSegmentSandbox } from '@tripline/sandbox/segment'
import { complianceFields, connectorCompliance } from '@tripline/testkit'
import { expectSegment, observeSegment } from '@tripline/testkit/expectations'
import { createSegment } from './index.ts'

type State = ReturnType<Awaited<ReturnType<typeof startSegmentSandbox>>['inspect']>

connectorCompliance({
  vendor: 'segment',
  // With the default account a wrong key is answered with 200 and everything is lost, which no client can see.
  start: () => startSegmentSandbox({ account: { unknownWriteKey: 'refused' } }),
  create: (sandbox, { credential, ...options }, host) =>
    createSegment(
      {
        ...options,
        baseUrl: sandbox.url,
        source: 'compliance',
        writeKey: credential
          ? async (expired) => (await credential(expired)) || segmentDefaults.writeKey
          : segmentDefaults.writeKey,
        spaceId: segmentDefaults.spaceId,
        profileToken: segmentDefaults.profileToken,
        publicApiToken: segmentDefaults.publicApiToken,
      },
      host,
    ),
  expect: (delivered) => expectSegment(delivered, { fields: complianceFields }),
  observe: observeSegment,
  starts: (state) =>
    (state as State).messages.filter(
      ({ event, traits }) => event === 'Start It' || traits?.['seg_start'] === true,
    ).length,
  samples: {
    consent: { channel: 'email', topic: 'marketing' },
    starts: [
      { via: { kind: 'event', id: 'Start It' }, data: { note: 'hello' } },
      { via: { kind: 'segment', id: 'seg_start' } },
    ],
  },
  skip: {
    'fault.silent': {
      because:
        'a 200 that lost the messages is the same as one that kept them; every result is only `accepted`, and check calls writing assumed',
      source: 'https://segment.com/docs/guides/regional-segment/',
    },
  },
})
