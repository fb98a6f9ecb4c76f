/** The command that the words name: `['fields', 'plan', '--json']` → `fields plan`. Options before it have no value. */
export function findCommand(argv: readonly string[], names: readonly string[]): string | undefined {
  const words = argv.filter((word) => !word.startsWith('-'))
  const two = words.slice(0, 2).join(' ')
  return names.find((name) => name === two) ?? names.find((name) => name === words[0])
}
