import type { Mistake } from '@tripline/model'
import { isVendor, vendors } from './vendors.ts'

/** Every mistake of a config, by path; none when the list is empty. */
export function checkConfig(config: unknown, _environment: NodeJS.ProcessEnv): readonly Mistake[] {
  if (typeof config !== 'object' || config === null)
    return [
      { path: 'default', message: 'the file exports no config; write export default defineConfig({ … })' },
    ]
  const { connectors } = config as { readonly connectors?: unknown }
  if (typeof connectors !== 'object' || connectors === null)
    return [{ path: 'connectors', message: 'is missing', allowed: vendors }]
  return Object.keys(connectors)
    .filter((name) => !isVendor(name))
    .map((name) => ({ path: `connectors.${name}`, message: 'is no vendor', allowed: vendors }))
}
