import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { isSince216, versionOf } from '../authenticate.ts'
import { isObject, ok, readObject, refuse, refuseParameter, refuseUnknown, route } from '../errors.ts'
import { standardAttributes, type StandardAttribute } from '../standard-attributes.ts'
import type { IntercomContext, IntercomStore } from '../state.ts'
import type { AttributeType, DataAttribute } from '../stored.ts'
import { readString } from '../validate-contact.ts'
import { tokenOwner } from './me.ts'

const createKeys = new Set(['name', 'model', 'data_type', 'description', 'options', 'messenger_writable'])
const updateKeys = new Set(['description', 'archived', 'options', 'messenger_writable'])
/** Asked for → stored. Lists are text with options; times are dates in stable versions. */
const types: Readonly<Record<string, AttributeType>> = {
  string: 'string',
  integer: 'integer',
  float: 'float',
  boolean: 'boolean',
  date: 'date',
  datetime: 'date',
  options: 'string',
}
/**
 * The refusal speaks of "alphanumeric characters, currency symbols, and hyphens"; underscores and spaces are accepted
 * in practice. `$` is left out although it is a currency symbol: it may not be in a key.
 */
const goodName = /^(?!.*\$)[\p{L}\p{N}\p{Sc}_ -]+$/u

export function dataAttributeRoutes(context: IntercomContext): readonly Route[] {
  const { store } = context
  return [
    route('GET', '/data_attributes', (request) => list(request, context)),
    route('POST', '/data_attributes', (request) => {
      const attribute = readNew(readObject(request), context)
      refuseFull(attribute.model, context)
      addAttribute(store(), attribute)
      return ok(render(attribute, tokenOwner(context).id))
    }),
    route('PUT', '/data_attributes/{data_attribute_id}', (request) => {
      const attribute = store().attributes.get(Number(request.params['data_attribute_id']))
      if (!attribute) return refuse(404, 'field_not_found', "We couldn't find that data attribute to update")
      update(attribute, readObject(request), context)
      return ok(render(attribute, tokenOwner(context).id))
    }),
  ]
}

function list(request: SimRequest, context: IntercomContext): SimReply {
  const model = request.query.get('model')
  const since216 = isSince216(versionOf(request, context.account()))
  if (model === 'conversation' && since216)
    refuse(
      422,
      'parameter_invalid',
      'model=conversation is no longer supported. Use GET /conversations/attributes instead',
    )
  if (model !== null && !['contact', 'company', 'conversation'].includes(model))
    refuseParameter('The Data Attribute model field must be either contact or company')
  const archivedToo = request.query.get('include_archived') === 'true'
  const wanted = (attribute: { readonly model: string }): boolean =>
    model === null || attribute.model === model
  const custom = [...context.store().attributes.values()].filter(
    (attribute) => wanted(attribute) && (archivedToo || !attribute.archived),
  )
  const adminId = tokenOwner(context).id
  const standard = standardAttributes.filter(wanted).map(renderStandard)
  return ok({ type: 'list', data: [...standard, ...custom.map((attribute) => render(attribute, adminId))] })
}

export function addAttribute(store: IntercomStore, attribute: DataAttribute): void {
  store.attributes.set(attribute.id, attribute)
  store.attributeByName.set(attribute.name, attribute)
}

function readNew(body: Readonly<Record<string, unknown>>, context: IntercomContext): DataAttribute {
  const { model } = body
  if (model !== 'contact' && model !== 'company')
    return refuseParameter('The Data Attribute model field must be either contact or company')
  refuseUnknown(body, createKeys)
  const asked = String(body['data_type'])
  const type = Object.hasOwn(types, asked) ? types[asked] : undefined
  if (!type) return refuseParameter("Data Type isn't an option")
  const store = context.store()
  return {
    id: store.ids.number(),
    name: readName(body['name'], model, store),
    model,
    data_type: type,
    options: asked === 'options' ? readOptions(body['options']) : null,
    description: body['description'] === undefined ? null : readString('description', body['description']),
    messenger_writable: body['messenger_writable'] === true,
    archived: false,
    created_at: context.nowSeconds(),
    updated_at: context.nowSeconds(),
  }
}

function readName(value: unknown, model: DataAttribute['model'], store: IntercomStore): string {
  const name = readString('name', value)
  if (!goodName.test(name))
    refuseParameter(
      'Your name for this attribute must only contain alphanumeric characters, currency symbols, and hyphens',
    )
  const people = (which: DataAttribute['model']): string => (which === 'contact' ? 'people' : 'company')
  const holder = store.attributeByName.get(name)
  if (holder)
    refuseParameter(
      `You already have '${name}' in your ${people(holder.model)} data. To save this as new ${people(model)} data, use a different name.`,
    )
  return name
}
/** 250 for people, archived ones not counted (help article 179); no limit for companies is known. Code known, status assumed. */
function refuseFull(model: DataAttribute['model'], context: IntercomContext): void {
  if (model !== 'contact') return
  const { maxContactAttributes } = context.account()
  const live = [...context.store().attributes.values()].filter(
    (one) => one.model === 'contact' && !one.archived,
  )
  if (live.length >= maxContactAttributes)
    refuse(400, 'custom_data_limit_reached', `Limit of ${maxContactAttributes} custom attributes reached`)
}
function readOptions(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return refuseParameter("Options isn't an array")
  if (value.length < 2) return refuseParameter('At least two options are required')
  return value.map((option: unknown) =>
    isObject(option) && typeof option['value'] === 'string'
      ? option['value']
      : refuseParameter('Options must be objects with a value'),
  )
}

function update(
  attribute: DataAttribute,
  body: Readonly<Record<string, unknown>>,
  context: IntercomContext,
): void {
  refuseUnknown(body, updateKeys)
  const { description, archived, options, messenger_writable } = body
  const listed = options === undefined ? undefined : readOptions(options)
  if (archived === true && isUsed(attribute, context.store()))
    refuse(422, 'data_invalid', 'The Data Attribute you are trying to archive has a dependant object')
  if (archived === false && attribute.archived) refuseFull(attribute.model, context)
  if (listed) attribute.options = listed
  if (description !== undefined) attribute.description = readString('description', description)
  if (typeof archived === 'boolean') attribute.archived = archived
  if (typeof messenger_writable === 'boolean') attribute.messenger_writable = messenger_writable
  attribute.updated_at = context.nowSeconds()
}
function isUsed({ name, model }: DataAttribute, store: IntercomStore): boolean {
  const mentions = (part: unknown): boolean => {
    if (Array.isArray(part)) return part.some(mentions)
    return isObject(part) && (part['field'] === `custom_attributes.${name}` || mentions(part['value']))
  }
  return model === 'contact' && [...store.segments.values()].some(({ rule }) => mentions(rule))
}

function render(attribute: DataAttribute, adminId: string): object {
  const { id, name, model, data_type, options, description, messenger_writable, archived } = attribute
  return {
    id,
    type: 'data_attribute',
    name,
    full_name: `custom_attributes.${name}`,
    label: name,
    ...(description !== null && { description }),
    data_type,
    ...(options !== null && { options }),
    api_writable: true,
    ui_writable: false,
    messenger_writable,
    custom: true,
    archived,
    admin_id: adminId,
    created_at: attribute.created_at,
    updated_at: attribute.updated_at,
    model,
  }
}
const renderStandard = ({ model, full_name, label, data_type, api_writable }: StandardAttribute): object => ({
  type: 'data_attribute',
  name: full_name.split('.').at(-1),
  full_name,
  label,
  description: label,
  data_type,
  api_writable,
  ui_writable: false,
  messenger_writable: true,
  custom: false,
  archived: false,
  model,
})
