import type { ConditionTrace } from '../trace/note.ts'
import { conditionWords } from './condition-words.ts'
import { dayWords, clockWords } from './time-words.ts'
import { timesWords, valueWords } from './value-words.ts'

/** A condition with its answer and the value it had, one line for each part, parts indented below. */
export function traceWords(trace: ConditionTrace): readonly string[] {
  const parts = partsOf(trace)
    .flatMap(traceWords)
    .map((line) => `  ${line}`)
  return [`${trace.holds ? 'yes' : 'no'}: ${headWords(trace)}`, ...parts]
}

/** What is made of parts is named by how they are joined; each part follows on a line of its own. */
function headWords(trace: ConditionTrace): string {
  const { condition, value, parts = [] } = trace
  const [first] = parts
  if (first !== undefined) {
    if (condition.kind === 'and') return 'all of'
    if (condition.kind === 'or') return 'any of'
    // One line for both, as the answer of one is that of the other turned round.
    if (condition.kind === 'not') return `not ${headWords(first)}`
  }
  const had = hadWords(condition, value)
  return `${conditionWords(condition)}${had === undefined ? '' : ` (${had})`}`
}

function partsOf({ condition, parts = [] }: ConditionTrace): readonly ConditionTrace[] {
  const [first] = parts
  return condition.kind === 'not' && first !== undefined ? partsOf(first) : parts
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
