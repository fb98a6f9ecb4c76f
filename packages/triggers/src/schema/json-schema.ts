/** A JSON Schema, draft 2020-12. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown }

/** Collects the schemas that have a name, each described once. */
export interface SchemaNames {
  /** A reference to it. */
  define(name: string, describe: () => JsonSchema): JsonSchema
}

export function createSchemaNames(): SchemaNames & { readonly found: Readonly<Record<string, JsonSchema>> } {
  const found: Record<string, JsonSchema> = {}
  return {
    found,
    define(name, describe) {
      // Taken before it is described, so that what holds itself ends.
      if (!Object.hasOwn(found, name)) {
        found[name] = true
        found[name] = describe()
      }
      return { $ref: `#/$defs/${name}` }
    },
  }
}
