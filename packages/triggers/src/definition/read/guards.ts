import type * as form from '../guards.ts'
import { readCondition } from './condition.ts'
import { readEventMatch } from './comparison.ts'
import { defaulted, optional, reader, refuse, required, type FieldReaders, type Read } from './reader.ts'
import { list, object } from './structures.ts'
import {
  readBoolean,
  readDurationText,
  readId,
  readInteger,
  readLocalTime,
  readNumber,
  readOneOf,
  readText,
} from './scalars.ts'

const readEnding: Read<form.Ending> = object<form.Ending>({
  event: required(readEventMatch),
  within: optional(readDurationText),
})
const readAtMost: Read<form.AtMost> = object<form.AtMost>({
  count: required(readInteger(1)),
  per: required(readDurationText),
})

const readHours: Read<form.QuietHours> = object<form.QuietHours>({
  from: required(readLocalTime),
  to: required(readLocalTime),
  action: defaulted(readOneOf(['defer', 'drop']), 'defer'),
})
export const readQuietHours: Read<form.QuietHours> = reader((input, place) => {
  const hours = readHours(input, place)
  if (hours?.from === undefined || hours.from !== hours.to) return hours
  return refuse(place, 'from and to are the same: neither no hour nor the whole day can be meant safely')
}, readHours.describe)

/** The default experiment is the trigger's id, which the reader of the trigger fills in. */
const readHoldout: Read<Omit<form.Holdout, 'experiment'> & { readonly experiment?: string }> = object({
  share: required(readNumber(0, 1)),
  experiment: optional(readId),
})

export const guardFields: FieldReaders<form.Guards> = {
  enabled: defaulted(readBoolean, true),
  who: optional(readCondition),
  purpose: defaulted(readText, 'marketing'),
  reentry: defaulted(readOneOf(['single', 'parallel']), 'single'),
  cooldown: optional(readDurationText),
  atMost: defaulted(list(readAtMost), []),
  holdout: optional(readHoldout as Read<form.Holdout>),
  goals: defaulted(list(readEnding), []),
  exits: defaulted(list(readEnding), []),
  priority: defaulted(readInteger(), 0),
  transactional: defaulted(readBoolean, false),
  quietHours: optional(readQuietHours),
  migrate: defaulted(readOneOf(['finish', 'exit']), 'finish'),
}
