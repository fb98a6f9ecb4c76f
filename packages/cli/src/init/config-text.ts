import type { Vendor } from '../config/vendors.ts'
import { templates } from './templates.ts'

/** A config for these vendors. It reads every credential from the environment. */
export function configText(vendors: readonly Vendor[]): string {
  const connectors = vendors.flatMap((vendor) => [
    `    ${vendor}: {`,
    ...templates[vendor].connector.map((line) => `      ${line}`),
    '    },',
  ])
  const usesAddress = connectors.some((line) => line.includes('...address('))
  return [
    `import { defineConfig } from 'tripline'`,
    '',
    ...(usesAddress ? addressLines : []),
    'export default defineConfig({',
    '  // Secrets are read from the environment (.env.example has their names).',
    '  connectors: {',
    ...connectors,
    '  },',
    '  // The fields you send, the most important first. "tripline fields plan" shows what the vendors lack.',
    '  fields: [',
    `    { of: 'user', name: 'email', type: 'string' },`,
    `    { of: 'user', name: 'plan', type: 'string' },`,
    '  ],',
    '  // What goes where; without a route everything goes everywhere.',
    `  // routes: { ${vendors[0] ?? 'braze'}: { events: { except: ['Page Viewed'] }, lastDays: 90 } },`,
    '  routes: {},',
    '})',
    '',
  ].join('\n')
}

const addressLines = [
  '/** Set by "tripline sandbox"; without it the vendor’s own hosts are used. */',
  `const address = (url: string | undefined) => (url ? { baseUrl: url } : {})`,
  '',
]

export const environmentExample = (vendors: readonly Vendor[]): string =>
  `${vendors.map((vendor) => templates[vendor].environment.join('\n')).join('\n\n')}\n`
