import type { ConditionTrace } from '../trace/note.ts'
import { conditionWords } from './condition-words.ts'
import { dayWords, clockWords } from './time-words.ts'
import { timesWords, valueWords } from './value-words.ts'

/** A condition with its answer and the value it had, one line for each part, parts indented below. */
export function traceWords(trace: ConditionTrace): readonly string[] {
  const answer = trace.holds ? 'yes' : 'no'
  const parts = (trace.parts ?? []).flatMap(traceWords).map((line) => `  ${line}`)
  return [`${answer}: ${headWords(trace)}`, ...parts]
}

/** What is made of parts is named by how they are joined; each part follows on a line of its own. */
function headWords({ condition, value, parts }: ConditionTrace): string {
  if (parts !== undefined && parts.length > 0) {
    if (condition.kind === 'and') return 'all of'
    if (condition.kind === 'or') return 'any of'
    if (condition.kind === 'not') return 'not'
  }
  const had = hadWords(condition, value)
  return `${conditionWords(condition)}${had === undefined ? '' : ` (${had})`}`
}

function hadWords(
  condition: ConditionTrace['condition'],
  value: ConditionTrace['value'],
): string | undefined {
  switch (condition.kind) {
    case 'trait':
    case 'total':
      return value === undefined ? 'it has no value' : `it is ${valueWords(value)}`
    case 'did':
      return typeof value === 'number' ? timesWords(value) : undefined
    case 'inSession':
      if (condition.condition.kind === 'did') return typeof value === 'number' ? timesWords(value) : 'never'
      return value === undefined ? 'it has no value' : `it is ${valueWords(value)}`
    case 'inactive':
      return typeof value === 'number'
        ? `the latest at ${dayWords(value)} ${clockWords(value)}`
        : 'there was none'
    case 'inSegment':
    case 'and':
    case 'or':
    case 'not':
      return undefined
  }
}
