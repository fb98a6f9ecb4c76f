import type { SimRequest } from '../core/index.ts'
import type { IntercomVersion } from './account.ts'
import { isSince216 } from './authenticate.ts'
import { readCustomAttributes, type AttributeChanges } from './custom-attributes.ts'
import { readObject, refuse, refuseParameter, refuseUnknown } from './errors.ts'
import type { IntercomContext } from './state.ts'
import type { ContactRole } from './stored.ts'

/** What a create or update sets. An absent name is left alone. */
export interface ContactInput {
  role?: ContactRole
  external_id?: string
  email?: string
  email_verified?: boolean | null
  phone?: string | null
  name?: string | null
  avatar?: string | null
  owner_id?: string | null
  unsubscribed_from_emails?: boolean
  signed_up_at?: number | null
  last_seen_at?: number | null
  attributes: AttributeChanges
}
const writable = new Set([
  'role',
  'external_id',
  'email',
  'phone',
  'name',
  'avatar',
  'signed_up_at',
  'last_seen_at',
  'owner_id',
  'unsubscribed_from_emails',
  'custom_attributes',
])
const writableSince216 = new Set([...writable, 'email_verified'])

/** The body of `POST /contacts` and `PUT /contacts/{id}`, with the types of the description. Texts of type errors are assumed. */
export function readContact(
  request: SimRequest,
  context: IntercomContext,
  version: IntercomVersion,
): ContactInput {
  const body = readObject(request)
  refuseUnknown(body, isSince216(version) ? writableSince216 : writable)
  const input: ContactInput = {
    attributes: readCustomAttributes(body['custom_attributes'], 'contact', context),
  }
  const { role, external_id, email, email_verified, owner_id, unsubscribed_from_emails } = body
  if (role !== undefined) input.role = readRole(role)
  if (external_id !== undefined) input.external_id = readText('external_id', external_id)
  if (email !== undefined) input.email = readEmail(email)
  if (email_verified !== undefined) {
    if (email === undefined) refuseParameter('email_verified must be supplied together with an email')
    input.email_verified = email_verified === null ? null : readBoolean('email_verified', email_verified)
  }
  for (const name of ['phone', 'name', 'avatar'] as const) {
    const value = body[name]
    if (value !== undefined) input[name] = value === null ? null : readString(name, value)
  }
  for (const name of ['signed_up_at', 'last_seen_at'] as const) {
    const value = body[name]
    if (value !== undefined) input[name] = value === null ? null : readSeconds(name, value)
  }
  if (owner_id !== undefined) input.owner_id = readOwner(owner_id, version)
  // Nullable by the description; that null means "not unsubscribed" is assumed.
  if (unsubscribed_from_emails !== undefined)
    input.unsubscribed_from_emails =
      unsubscribed_from_emails !== null && readBoolean('unsubscribed_from_emails', unsubscribed_from_emails)
  return input
}

const wrong = (name: string, type: string): never => refuseParameter(`${name} must be ${type}`)

function readRole(value: unknown): ContactRole {
  return value === 'user' || value === 'lead' ? value : wrong('role', 'user or lead')
}
export function readString(name: string, value: unknown): string {
  return typeof value === 'string' ? value : wrong(name, 'a string')
}
function readText(name: string, value: unknown): string {
  const text = readString(name, value)
  return text === '' ? wrong(name, 'a non-empty string') : text
}
function readEmail(value: unknown): string {
  const text = readString('email', value)
  return /^[^\s@]+@[^\s@]+$/.test(text) ? text.toLowerCase() : refuseParameter('Email is invalid')
}
function readBoolean(name: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : wrong(name, 'a boolean')
}
/** Milliseconds are a common slip: no second of this or the next two centuries has eleven digits. */
export function readSeconds(name: string, value: unknown): number {
  const seconds = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 9_999_999_999
  return seconds ? value : wrong(name, 'a UNIX timestamp in seconds')
}
/** An integer until 2.15, a string since 2.16. */
function readOwner(value: unknown, version: IntercomVersion): string | null {
  if (value === null) return null
  if (isSince216(version)) return readString('owner_id', value)
  return typeof value === 'number' && Number.isInteger(value)
    ? String(value)
    : wrong('owner_id', 'an integer')
}

export function requireIdentity(input: ContactInput): void {
  if (input.email === undefined && input.external_id === undefined && input.role === undefined)
    refuse(400, 'parameter_not_found', 'One of email, external_id or role is required')
}
