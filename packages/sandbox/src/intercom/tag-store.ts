import { reindex } from './contact-store.ts'
import type { IntercomContext, IntercomStore } from './state.ts'
import type { Company, Contact, Tag } from './stored.ts'

/** The tag of this name, whatever its case; made if there is none. */
export function ensureTag(store: IntercomStore, name: string): Tag {
  const known = store.tagByName.get(name.toLowerCase())
  return known ?? addTag(store, String(store.ids.number()), name)
}
export function addTag(store: IntercomStore, id: string, name: string): Tag {
  const tag: Tag = { id, name, contacts: new Set(), companies: new Set() }
  store.tags.set(id, tag)
  store.tagByName.set(name.toLowerCase(), tag)
  return tag
}
export function renameTag(store: IntercomStore, tag: Tag, name: string): void {
  store.tagByName.delete(tag.name.toLowerCase())
  tag.name = name
  store.tagByName.set(name.toLowerCase(), tag)
}
/** Tagging again keeps the first time. `updated_at` stays: that tags move it is not documented. */
export function tagContact(context: IntercomContext, tag: Tag, contact: Contact): void {
  if (contact.tags.has(tag.id)) return
  contact.tags.set(tag.id, context.nowSeconds())
  tag.contacts.add(contact.id)
  reindex(context, contact)
}
export function untagContact(context: IntercomContext, tag: Tag, contact: Contact): boolean {
  tag.contacts.delete(contact.id)
  const had = contact.tags.delete(tag.id)
  if (had) reindex(context, contact)
  return had
}
export function tagCompany(tag: Tag, company: Company, wanted: boolean): void {
  if (wanted) {
    company.tags.add(tag.id)
    tag.companies.add(company.id)
  } else {
    company.tags.delete(tag.id)
    tag.companies.delete(company.id)
  }
}
export function deleteTag(context: IntercomContext, tag: Tag): void {
  const store = context.store()
  for (const id of tag.contacts) {
    const contact = store.contacts.get(id)
    if (contact) untagContact(context, tag, contact)
  }
  for (const id of tag.companies) store.companies.get(id)?.tags.delete(tag.id)
  store.tags.delete(tag.id)
  store.tagByName.delete(tag.name.toLowerCase())
}
