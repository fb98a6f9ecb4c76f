import type { FieldType, Value } from '@tripline/model'
import type { PropertyTypes } from '../definition/plan.ts'

/** What a value of a declared type is in TypeScript. */
export type Held<Type extends FieldType> = Type extends 'string' | 'date' | 'instant'
  ? string
  : Type extends 'number' | 'integer'
    ? number
    : Type extends 'boolean'
      ? boolean
      : Type extends 'strings'
        ? readonly string[]
        : Type extends 'money'
          ? { readonly amount: number; readonly currency: string }
          : Type extends 'object'
            ? { readonly [name: string]: Value } | readonly Value[]
            : never

/** The first name of a path: `products` of `products[].product_id`. */
type First<Path> = Path extends `${infer Start}.${string}` ? Bare<Start> : Bare<Path>
type Bare<Start> = Start extends `${infer Name}[]` ? Name : Start

/** The types below a name, by what is left of their paths. */
type Below<Types, Start extends string> = {
  [Path in keyof Types as Path extends `${Start}.${infer Rest}` ? Rest : never]: Types[Path]
}
type RestOf<Paths, Start extends string> = Paths extends `${Start}.${infer Rest}` ? Rest : never

/** What stands at a name: a list where `[]` follows it, an object where a dot does, else the value of its type. */
type At<Types, Required, Name extends string> = Name extends keyof Types
  ? Types[Name] extends FieldType
    ? Held<Types[Name]>
    : never
  : `${Name}[]` extends keyof Types
    ? readonly (Types[`${Name}[]`] extends FieldType ? Held<Types[`${Name}[]`]> : never)[]
    : [keyof Below<Types, `${Name}[]`>] extends [never]
      ? Nested<Below<Types, Name>, RestOf<Required, Name>>
      : readonly Nested<Below<Types, `${Name}[]`>, RestOf<Required, `${Name}[]`>>[]

type Names<Types> = First<keyof Types> & string
/** A name is required when it is listed, or when what it holds is. */
type RequiredNames<Types, Required> = Names<Types> & First<Required>
type Nested<Types, Required> = {
  readonly [Name in RequiredNames<Types, Required>]: At<Types, Required, Name>
} & {
  readonly [Name in Exclude<Names<Types>, RequiredNames<Types, Required>>]?: At<Types, Required, Name> | null
}

/** The properties that an event of these types and these required paths carries; others do not compile. */
export type ValuesOf<Types extends PropertyTypes, Required extends string> = Nested<Types, Required>
