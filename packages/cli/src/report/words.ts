/** `1,579 events`, `1 event`. */
export const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`

/** A share of 1 as a percentage: three digits, or as many as the whole part has. `0.0731` gives `7.31 %`. */
export function percentage(share: number): string {
  const percent = share * 100
  const digits = percent >= 99.95 ? 0 : percent >= 9.995 ? 1 : 2
  return `${percent.toFixed(digits)} %`
}

/** A part under its heading, nothing where it has no text. */
export const section = (heading: string, text: string): readonly string[] =>
  text === '' ? [] : ['', heading, text]

export const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join('\n')
