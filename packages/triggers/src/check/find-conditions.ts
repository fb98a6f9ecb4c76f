import { visitDefinitions } from '../definition/check/visit.ts'
import type { Predicate } from '../definition/comparison.ts'
import type { Definitions } from '../definition/definition.ts'
import type { Findings } from './finding.ts'
import { createJudge, type TellCause } from './truth.ts'

/** Conditions that hold always or never, events that cannot be, and what is said twice. */
export function findConditions(definitions: Definitions, findings: Findings): void {
  const judge = createJudge(definitions)
  const wholes: string[] = []
  visitDefinitions(definitions, {
    whole(condition, path) {
      wholes.push(path)
      const causes: Parameters<TellCause>[] = []
      const truth = judge.condition(condition, path, (...cause) => void causes.push(cause))
      // With `not` around it what always holds is why the whole never does.
      const guilty = causes.some(([, part]) => part === 'never') ? 'never' : 'always'
      for (const [place, part, because] of causes) {
        const isError = truth === 'never' && part === guilty
        const effect = truth === 'depends' ? '' : `, so that the whole condition ${truth} holds`
        const message = `${part} holds: ${because}${effect}; ${isError ? 'correct it' : 'correct it or leave it out'}`
        findings[isError ? 'error' : 'warn'](isError ? 'never' : part, place, message)
      }
    },
    condition(condition, path) {
      if (condition.kind === 'and' || condition.kind === 'or')
        findRepeats(condition.conditions, `${path}.conditions`, findings)
    },
    event(event, path) {
      if (event.where) findRepeatsIn(event.where, `${path}.where`, findings)
      // Events of a condition are judged with it.
      if (wholes.some((whole) => path.startsWith(`${whole}.`))) return
      judge.event(event, path, (place, _, because) =>
        findings.error('never', place, `no event can fit: ${because}; correct it`),
      )
    },
  })
}

function findRepeatsIn(predicate: Predicate, path: string, findings: Findings): void {
  if (predicate.kind === 'property') return
  findRepeats(predicate.predicates, `${path}.predicates`, findings)
  for (const [index, each] of predicate.predicates.entries())
    findRepeatsIn(each, `${path}.predicates[${index}]`, findings)
}

function findRepeats(parts: readonly unknown[], path: string, findings: Findings): void {
  const texts = parts.map((part) => JSON.stringify(part))
  for (const [index, text] of texts.entries()) {
    const first = texts.indexOf(text)
    if (first < index)
      findings.warn('redundant', `${path}[${index}]`, `says the same as [${first}]; leave one out`)
  }
}
