import type * as form from '../journey.ts'
import { readCondition } from './condition.ts'
import { readOccasion } from './occasion.ts'
import { defaulted, isRecord, later, named, optional, reader, refuse, required, type Read } from './reader.ts'
import { choice, list, object, record } from './structures.ts'
import {
  readDurationText,
  readId,
  readLocalTime,
  readNumber,
  readOneOf,
  readPath,
  readText,
  readUrl,
  readValue,
  readZone,
} from './scalars.ts'

type Segmented = Extract<form.Step, { readonly segment: string }>
type Kind<Name extends form.Step['kind']> = Extract<form.Step, { readonly kind: Name }>

const readOneSource = object<{ anchor?: string; trait?: string; value?: never }>({
  anchor: optional(readPath),
  trait: optional(readPath),
  value: optional(readValue as Read<never>),
})
const readSource: Read<form.DataSource> = reader(
  (input, place) => {
    const names = isRecord(input) ? Object.keys(input) : []
    if (names.length !== 1) return refuse(place, 'needs exactly one of anchor, trait and value')
    return readOneSource(input, place) as form.DataSource | undefined
  },
  (names) => ({ ...(readOneSource.describe(names) as object), minProperties: 1, maxProperties: 1 }),
)
const data = defaulted<form.Data>(record(readSource), {})
const readContent: Read<form.Content> = object<form.Content>({
  kind: required(readText),
  id: required(readText),
})
const sendFields = { channel: required(readText), content: required(record(readContent)), data }
const readNode: Read<form.Step> = later(() => readStep)
export const readSteps: Read<readonly form.Step[]> = list(readNode)
const nested = defaulted<readonly form.Step[]>(readSteps, [])
const readSegmentStep: Read<form.Step> = object<Segmented>({
  kind: required(readOneOf(['addTo', 'removeFrom'])),
  segment: required(readId),
})

const readStep: Read<form.Step> = named(
  'Step',
  choice<form.Step>('kind', {
    send: object<form.SendStep>({ kind: required(readOneOf(['send'])), ...sendFields }),
    fallback: object<form.FallbackStep>({
      kind: required(readOneOf(['fallback'])),
      sends: required(list(object<Omit<form.SendStep, 'kind'>>(sendFields), 2)),
      ifNotEngagedIn: required(readDurationText),
    }),
    wait: object<Kind<'wait'>>({ kind: required(readOneOf(['wait'])), for: required(readDurationText) }),
    waitUntil: object<Kind<'waitUntil'>>({
      kind: required(readOneOf(['waitUntil'])),
      time: required(readLocalTime),
      zone: optional(readZone),
    }),
    waitFor: object<form.WaitForStep>({
      kind: required(readOneOf(['waitFor'])),
      occasion: required(readOccasion),
      timeout: required(readDurationText),
      yes: nested,
      no: nested,
    }),
    branch: object<form.BranchStep>({
      kind: required(readOneOf(['branch'])),
      condition: required(readCondition),
      yes: nested,
      no: nested,
    }),
    split: object<form.SplitStep>({
      kind: required(readOneOf(['split'])),
      experiment: optional(readId),
      arms: required(
        list(object<form.SplitStep['arms'][number]>({ weight: required(readNumber(0)), steps: nested }), 2),
      ),
    }),
    setTrait: object<Kind<'setTrait'>>({
      kind: required(readOneOf(['setTrait'])),
      trait: required(readText),
      value: required(readSource),
    }),
    addTo: readSegmentStep,
    removeFrom: readSegmentStep,
    emit: object<Kind<'emit'>>({
      kind: required(readOneOf(['emit'])),
      event: required(readText),
      properties: data,
    }),
    webhook: object<Kind<'webhook'>>({
      kind: required(readOneOf(['webhook'])),
      url: required(readUrl),
      data,
    }),
    exit: object<Kind<'exit'>>({ kind: required(readOneOf(['exit'])) }),
  }),
)
