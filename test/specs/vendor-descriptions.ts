import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root, type Vendor } from '../../scripts/workspace.ts'
import { toOpenApi, type DerivedModels, type DerivedOperations } from './derived-models.ts'
import { isNode, type Node } from './json-schema.ts'
import { describeApi, type Description } from './open-api.ts'

const folder = join(root, '..', 'shared', 'specs')
/** The descriptions stand beside the repository, not in it. */
export const descriptionsPresent = existsSync(folder)

/** Reads a vendor's description: the files of the versions that our adapters speak. */
export const vendorDescriptions: Readonly<Record<Vendor, () => Description>> = {
  segment: () => {
    const published = readDocument('segment', 'public-api-32.0.5-openapi.yaml')
    const has = (name: string): boolean => {
      const [method = '', path = ''] = name.split(' ')
      const item = isNode(published['paths']) ? published['paths'][path] : undefined
      return isNode(item) && item[method.toLowerCase()] !== undefined
    }
    const operations = readDocument('segment', 'public-api-73.2.0-operations.json')
    const models = readDocument('segment', 'public-api-73.2.0-models.json')
    // What is newer than the last published document is known from the SDK that is generated from it.
    const newer = toOpenApi(
      operations as unknown as DerivedOperations,
      models as unknown as DerivedModels,
      (name) => !has(name),
    )
    return describeApi([published, newer], { strictRequests: true })
  },
  mixpanel: () =>
    readAll('mixpanel', [
      'ingestion.openapi.yaml',
      'identity.openapi.yaml',
      'query.openapi.yaml',
      'lexicon-schemas.openapi.yaml',
      'service-accounts.openapi.yaml',
    ]),
  hubspot: () =>
    readAll('hubspot', [
      'crm-contacts.2026-09.json',
      'crm-objects.2026-09.json',
      'crm-associations.2026-09.json',
      'crm-properties.2026-09.json',
      'crm-lists.2026-09.json',
      'event-send.2026-09.json',
      'communication-preferences.2026-09.json',
      'automation-flows.v4.json',
      'account-info.2026-09.json',
    ]),
  // Inferred from examples by its community: what it does not list may exist all the same.
  braze: () =>
    describeApi([readDocument('braze', 'openapi-community-braze-specification.json')], {
      strictRequests: false,
    }),
  intercom: () => readAll('intercom', ['api.intercom.io-2.16.yaml']),
}

function readAll(vendor: Vendor, files: readonly string[]): Description {
  return describeApi(
    files.map((file) => readDocument(vendor, file)),
    { strictRequests: true },
  )
}

function readDocument(vendor: Vendor, file: string): Node {
  const text = readFileSync(join(folder, vendor, file), 'utf8')
  return (file.endsWith('.json') ? JSON.parse(text) : parse(text)) as Node
}
