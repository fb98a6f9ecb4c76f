const plainName = /^[A-Za-z_$][\w$]*$/

/** `properties` + `price` → `properties.price`; a name that is no plain word is quoted: `properties["a.b"]`. */
export function memberPath(parent: string, name: string): string {
  if (!plainName.test(name)) return `${parent}[${JSON.stringify(name)}]`
  return parent === '' ? name : `${parent}.${name}`
}

/** `products` + 2 → `products[2]`. */
export function elementPath(parent: string, index: number): string {
  return `${parent}[${index}]`
}
