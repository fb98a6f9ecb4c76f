import type { Value } from '@tripline/model'

const mostLetters = 80

/** A value as people read it: texts in quotes, lists and objects as JSON, long ones cut. */
export function valueWords(value: Value): string {
  const text = JSON.stringify(value)
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text
}

/** `3 times`, `once`, `never`. */
export function timesWords(count: number): string {
  if (count === 0) return 'never'
  return count === 1 ? 'once' : `${count.toLocaleString('en-US')} times`
}

/** `1st`, `2nd`, `11th`. */
export function ordinalWords(count: number): string {
  const teen = count % 100 >= 11 && count % 100 <= 13
  const ending = teen ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')
  return `${count.toLocaleString('en-US')}${ending}`
}
