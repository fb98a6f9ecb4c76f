/** All that the engine keeps of one user. Opaque: created, advanced, saved and loaded by its `Engine`. */
export interface EngineUser {
  readonly userId: string
}
