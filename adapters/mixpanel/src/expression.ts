/** The part of Mixpanel's expressions that we write. https://developer.mixpanel.com/reference/segmentation-expressions */
export type Expression =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'equals'; readonly left: Expression; readonly right: Expression }

/**
 * The text of an expression for `where`. Names and texts are quoted here and nowhere else, so that none of them can
 * become a part of the expression.
 * @example toWhere({ kind: 'property', name: 'say "hi"' }) // => 'properties["say \\"hi\\""]'
 */
export function toWhere(expression: Expression): string {
  switch (expression.kind) {
    case 'property':
      return `properties[${quote(expression.name)}]`
    case 'literal':
      return typeof expression.value === 'string' ? quote(expression.value) : String(expression.value)
    case 'equals':
      return `(${toWhere(expression.left)} == ${toWhere(expression.right)})`
  }
}

/** Only `\"` and `\\` are known to be escapes; other characters stand as they are. */
const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
