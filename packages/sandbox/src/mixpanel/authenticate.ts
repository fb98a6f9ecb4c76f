import type { SimReply, SimRequest } from '../core/index.ts'
import type { MixpanelServiceAccount } from './account.ts'
import {
  appError,
  exportError,
  importError,
  ingestionError,
  invalidSecretText,
  queryError,
} from './errors.ts'
import type { Project } from './project.ts'

/** The legacy project secret is switched off from this day. https://developer.mixpanel.com/reference/project-secret */
const secretEndsAtMs = Date.UTC(2027, 2, 3)

type Credential =
  | { readonly kind: 'service'; readonly service: MixpanelServiceAccount }
  | { readonly kind: 'token' }
  | { readonly kind: 'secret' }
  | { readonly kind: 'none' }
  | { readonly kind: 'wrong' }

type Family = 'import' | 'ingestion' | 'query' | 'export' | 'gdpr' | 'app' | 'open'

/** Which API family, and so which credential, a path belongs to. */
export function familyOf(path: string): Family {
  if (path === '/import') return 'import'
  if (path === '/track' || path === '/engage' || path === '/groups') return 'ingestion'
  if (path.startsWith('/api/query/')) return 'query'
  if (path.startsWith('/api/2.0/')) return 'export'
  if (path.startsWith('/api/app/data-')) return 'gdpr'
  if (path.startsWith('/api/app/validate-project-credentials')) return 'open'
  return path.startsWith('/api/app/') ? 'app' : 'open'
}

/** Undefined: let it in. https://developer.mixpanel.com/reference/authentication */
export function authenticate(project: Project, request: SimRequest): SimReply | undefined {
  const family = familyOf(request.path)
  if (family === 'open' || family === 'ingestion') return undefined
  if (family === 'gdpr') return authenticateGdpr(project, request)
  const credential = credentialOf(project, request)
  if (credential.kind === 'wrong' || credential.kind === 'none')
    return refuse(family, request, 'Invalid credentials')
  if (credential.kind === 'token')
    return family === 'import' ? undefined : refuse(family, request, invalidSecretText)
  if (credential.kind === 'secret')
    return family === 'app' ? refuse(family, request, 'Invalid credentials') : undefined
  return scopeOfService(project, request, family, credential.service)
}

/** The service account behind the call, for `/api/app/me` and the cohorts it makes. */
export function serviceOf(project: Project, request: SimRequest): MixpanelServiceAccount | undefined {
  const credential = credentialOf(project, request)
  return credential.kind === 'service' ? credential.service : undefined
}

function credentialOf({ account, clock }: Project, request: SimRequest): Credential {
  const header = request.headers['authorization']
  if (header === undefined) return { kind: 'none' }
  const [scheme = '', encoded = ''] = header.split(' ')
  if (scheme.toLowerCase() !== 'basic') return { kind: 'wrong' }
  const plain = Buffer.from(encoded, 'base64').toString('utf8')
  const user = plain.split(':')[0] ?? ''
  const secret = plain.slice(user.length + 1)
  if (secret === '' && user === account.projectToken) return { kind: 'token' }
  if (secret === '' && user === account.projectSecret && clock.now() < secretEndsAtMs)
    return { kind: 'secret' }
  const service = account.serviceAccounts.find((one) => one.username === user && one.secret === secret)
  if (!service || clock.now() >= (service.expiresAtMs ?? Infinity)) return { kind: 'wrong' }
  return { kind: 'service', service }
}

function scopeOfService(
  { account }: Project,
  request: SimRequest,
  family: Family,
  service: MixpanelServiceAccount,
): SimReply | undefined {
  const asked = family === 'app' ? projectOfPath(request.path, account) : projectOfCall(request)
  if (asked === undefined) return family === 'app' ? undefined : refuse(family, request, invalidSecretText)
  if (asked !== String(account.projectId))
    return forbid(family, request, 'Service account has no access to this project')
  const mayImport = service.role === 'owner' || service.role === 'admin'
  if (family === 'import' && !mayImport)
    return forbid(family, request, 'Service account role cannot import events')
  return undefined
}

/** The server merges body parameters over the address's (mixpanel/mixpanel-headless:src/mixpanel_headless/_internal/pacer.py). */
const projectOfCall = (request: SimRequest): string | undefined => {
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  const inBody =
    form && request.path !== '/import' && new URLSearchParams(request.body.toString()).get('project_id')
  return inBody || request.query.get('project_id') || undefined
}

/** Undefined for paths without a project, such as `/api/app/me`. */
function projectOfPath(path: string, account: Project['account']): string | undefined {
  const [kind, id] = path.split('/').slice(3, 5)
  if (kind === 'projects') return id ?? ''
  if (kind === 'workspaces')
    return id === String(account.workspaceId) ? String(account.projectId) : (id ?? '')
  return undefined
}

function authenticateGdpr({ account }: Project, request: SimRequest): SimReply | undefined {
  const [scheme = '', token = ''] = (request.headers['authorization'] ?? '').split(' ')
  if (scheme.toLowerCase() !== 'bearer' || !account.gdprTokens.includes(token))
    return appError(401, 'Invalid credentials')
  if (request.query.get('token') !== account.projectToken) return appError(403, 'Invalid project token')
  return undefined
}

export const refuse = (family: Family, request: SimRequest, text: string): SimReply =>
  answer(family, request, 401, text)
const forbid = (family: Family, request: SimRequest, text: string): SimReply =>
  answer(family, request, 403, text)

/** A refusal in the words of the family. */
export function answer(family: Family, request: SimRequest, status: number, text: string): SimReply {
  if (family === 'import') return importError(status, text)
  if (family === 'ingestion') return ingestionError(status, text)
  if (family === 'query') return queryError(request, status, text)
  return family === 'export' ? exportError(status, text) : appError(status, text)
}
