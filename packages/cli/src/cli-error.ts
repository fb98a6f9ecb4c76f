/** Something the user can mend: printed as it is, without a stack, and the command ends with 1. */
export class CliError extends Error {
  override readonly name = 'CliError'
}
