/** Of commands that read triggers and segments, for `context.definitions` and `context.openDefinitions`. */
export const definitionsArgument = {
  type: 'string',
  placeholder: 'FILE',
  help: 'triggers and segments, as JSON or a module; without it those of the config',
} as const
