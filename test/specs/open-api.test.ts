import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { toOpenApi } from './derived-models.ts'
import type { Node } from './json-schema.ts'
import { describeApi, type Exchange } from './open-api.ts'
import { createRecorder, readBody } from './validating-fetch.ts'

const json = (schema: unknown): Node => ({ content: { 'application/json': { schema } } })
const item = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string' }, size: { type: 'integer', nullable: true } },
}
const branch = (type: string, field: string): Node => ({
  type: 'object',
  required: ['type', field],
  properties: { type: { type: 'string', enum: [type] }, [field]: { type: 'string' } },
})
const document: Node = {
  openapi: '3.0.3',
  servers: [{ url: 'https://{region}.example.com/v1' }],
  paths: {
    '/items': {
      post: {
        requestBody: { required: true, ...json({ $ref: '#/components/schemas/Item' }) },
        responses: {
          200: json({ $ref: '#/components/schemas/Item' }),
          '4XX': json({ type: 'object', required: ['error'] }),
          default: json({ type: 'object', required: ['message'] }),
        },
      },
    },
    '/items/{id}': {
      parameters: [{ $ref: '#/components/parameters/Id' }],
      get: {
        parameters: [
          { name: 'limit', in: 'query', required: true, schema: { type: 'integer', maximum: 100 } },
          {
            name: 'page',
            in: 'query',
            schema: { type: 'object', properties: { count: { type: 'integer' } } },
          },
          { name: 'tags', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
        ],
        responses: { 200: json({}) },
      },
    },
    '/items/search': { get: { responses: { 200: {} } } },
    '/choice': {
      post: {
        requestBody: json({
          oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }],
        }),
        responses: { 204: {} },
      },
    },
    '/all': {
      post: {
        requestBody: json({
          allOf: [
            { $ref: '#/components/schemas/Item' },
            { type: 'object', properties: { more: { type: 'string' } } },
          ],
        }),
        responses: { 204: {} },
      },
    },
    '/changes#set': {
      post: {
        requestBody: json({ type: 'array', items: { ...item, required: ['set'], properties: { set: {} } } }),
        responses: { 200: json({ type: 'integer' }) },
      },
    },
    '/changes#unset': {
      post: {
        requestBody: json({
          type: 'array',
          items: { ...item, required: ['unset'], properties: { unset: {} } },
        }),
        responses: { 200: json({ type: 'object' }) },
      },
    },
    '/query': {
      post: {
        requestBody: {
          content: {
            'application/x-www-form-urlencoded': {
              schema: {
                properties: {
                  page: { type: 'integer' },
                  names: { type: 'array', items: { type: 'string' } },
                },
              },
            },
          },
        },
        responses: { 200: {} },
      },
    },
  },
  components: {
    parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'integer' } } },
    schemas: {
      Item: { ...item, properties: { ...item.properties, parent: { $ref: '#/components/schemas/Item' } } },
      A: branch('a', 'left'),
      B: branch('b', 'right'),
    },
  },
}
const strict = describeApi([document], { strictRequests: true })
const plain = describeApi([document], { strictRequests: false })

interface Given {
  readonly body?: unknown
  readonly type?: string
  readonly status?: number
  readonly answer?: unknown
}
function exchange(
  call: string,
  { body, type = 'application/json', status = 200, answer }: Given = {},
): Exchange {
  const [method = '', path = ''] = call.split(' ')
  const url = new URL(path, 'https://eu.example.com')
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    request: body === undefined ? undefined : { type, value: body },
    status,
    response: answer === undefined ? undefined : { type: 'application/json', value: answer },
  }
}
const whats = (call: string, given?: Given, description = strict): readonly string[] =>
  description.check(exchange(call, given)).violations.map(({ side, what }) => `${side}: ${what}`)

describe('operations', () => {
  test('are found below the server’s base path, literal paths before parameters', () => {
    expect(strict.check(exchange('GET /v1/items/search')).operation).toBe('GET /v1/items/search')
    expect(strict.check(exchange('GET /v1/items/7?limit=1')).operation).toBe('GET /v1/items/{id}')
  })
  test.each(['GET /items/7', 'DELETE /v1/items/7', 'GET /v1/items/7/more'])('%s is not described', (call) => {
    expect(strict.check(exchange(call))).toEqual({
      operation: call,
      violations: [{ operation: call, side: 'path', what: 'is not described' }],
    })
  })
})

describe('parameters', () => {
  test.each([
    ['7?limit=10&page[count]=5&tags=a&tags=b', []],
    ['7', ['request: query limit is missing']],
    ['7?limit=many', ['request: query limit must be integer']],
    ['7?limit=101', ['request: query limit must be <= 100']],
    ['x?limit=1', ['request: path id must be integer']],
    ['7?limit=1&page[count]=x', ['request: query page /count must be integer']],
    ['7?limit=1&colour=red', ['request: query colour is not described']],
  ])('%s', (rest, expected) => {
    expect(whats(`GET /v1/items/${rest}`)).toEqual(expected)
  })
  test('that nothing describes pass where the description is not strict', () => {
    expect(whats('GET /v1/items/7?limit=1&colour=red', {}, plain)).toEqual([])
  })
})

describe('bodies', () => {
  const right = { id: '1', size: null, parent: { id: '2', size: 3 } }
  test('right ones pass, also where schemas refer to themselves', () => {
    expect(whats('POST /v1/items', { body: right, answer: right })).toEqual([])
  })
  test.each([
    [undefined, 'the body is missing'],
    [{ size: 1 }, "/ must have required property 'id'"],
    [{ id: '1', parent: { id: 2 } }, '/parent/id must be string'],
    [{ id: '1', colour: 'red' }, '/ must NOT have additional properties colour'],
  ])('%o is told', (body, what) => {
    expect(whats('POST /v1/items', { body })).toEqual([`request: ${what}`])
  })
  test('undescribed fields pass in answers, and in requests that are not strict', () => {
    const more = { id: '1', colour: 'red' }
    expect(whats('POST /v1/items', { body: { id: '1' }, answer: more })).toEqual([])
    expect(whats('POST /v1/items', { body: more }, plain)).toEqual([])
  })
  test('what allOf combines does not refuse the fields of its other parts', () => {
    expect(whats('POST /v1/all', { body: { id: '1', more: 'x' }, status: 204 })).toEqual([])
    expect(whats('POST /v1/all', { body: { id: '1', more: 1 }, status: 204 })).toEqual([
      'request: /more must be string',
    ])
  })
  test('a media type that is not described is told; JSON is JSON', () => {
    expect(whats('POST /v1/items', { body: right, type: 'application/vnd.x.v1+json' })).toEqual([])
    expect(whats('POST /v1/items', { body: right, type: 'text/plain' })).toEqual([
      'request: a body of type text/plain is not described',
    ])
    expect(whats('GET /v1/items/search', { body: {} })).toEqual(['request: a body is not described'])
  })
  test('a choice by one field tells only of the branch that was meant', () => {
    const send = (body: unknown) => whats('POST /v1/choice', { body, status: 204 })
    expect(send({ type: 'b', right: 'x' })).toEqual([])
    expect(send({ type: 'b', right: 1 })).toEqual(['request: /right must be string'])
    expect(send({ type: 'c' })).toEqual(['request: /type must be equal to one of the allowed values a | b'])
  })
  test('records of different kinds are each checked against the kind that fits', () => {
    const send = (...body: unknown[]) => whats('POST /v1/changes', { body, answer: {} })
    expect(send({ set: 1 }, { unset: 1 })).toEqual([])
    expect(send({ set: 1 }, { other: 1 })).toHaveLength(2)
  })
  test('the fields of a form are read by their types', () => {
    const type = 'application/x-www-form-urlencoded'
    const send = (body: unknown) => whats('POST /v1/query', { body, type })
    expect(send({ page: '1', names: '["a","b"]' })).toEqual([])
    expect(send({ page: 'x', colour: 'red' })).toEqual([
      'request: / must NOT have additional properties colour',
      'request: /page must be integer',
    ])
  })
})

describe('answers', () => {
  const body = { id: '1' }
  test('the status decides: exact, class, 207 as 200, the default for errors only', () => {
    expect(whats('POST /v1/items', { body, answer: {} })).toEqual([
      "response: 200: / must have required property 'id'",
    ])
    expect(whats('POST /v1/items', { body, status: 207, answer: {} })).toHaveLength(1)
    expect(whats('POST /v1/items', { body, status: 404, answer: {} })).toEqual([
      "response: 404: / must have required property 'error'",
    ])
    expect(whats('POST /v1/items', { body, status: 500, answer: {} })).toEqual([
      "response: 500: / must have required property 'message'",
    ])
    expect(whats('POST /v1/items', { body, status: 201, answer: body })).toEqual([
      'response: status 201 is not described',
    ])
  })
})

test('an SDK’s models become a description', () => {
  const field = (type: string, required = true, more = {}) => ({ type, required, ...more })
  const derived = toOpenApi(
    {
      operations: [
        {
          method: 'POST',
          path: '/lists/{id}',
          pathParams: ['id'],
          query: { order: field("'up' | 'down'", false) },
          requestBody: 'Input',
          response: 'Output',
          versions: ['v1', 'v1alpha'],
        },
        {
          method: 'GET',
          path: '/old',
          pathParams: [],
          query: {},
          requestBody: null,
          response: 'Output',
          versions: [],
        },
      ],
    },
    {
      models: {
        Input: {
          properties: {
            kind: field('Input.KindEnum', true, { enum: ['a', 'b'] }),
            names: field('Array<string>'),
            note: field('string | null', false),
            map: field('{ [key: string]: Output; }', false),
          },
        },
        Output: { properties: { count: field('number') } },
      },
    },
    (name) => name !== 'GET /old',
  )
  const api = describeApi([derived], { strictRequests: true })
  const type = 'application/vnd.segment.v1+json'
  const send = (body: unknown, call = 'POST /lists/1?order=up') =>
    whats(call, { body, type, answer: { count: 1 } }, api)
  expect(send({ kind: 'a', names: ['x'], note: null, map: { a: { count: 1 } } })).toEqual([])
  expect(send({ kind: 'a', names: [] }, 'POST /lists/1?order=left')).toHaveLength(1)
  expect(
    send({ kind: 'c', names: 'x', note: 1, map: { a: {} }, more: 1 }).map((what) => what.split(' ')[1]),
  ).toEqual(['/', '/kind', '/names', '/note', '/note', '/note', '/map/a'])
  expect(whats('GET /old', {}, api)).toEqual(['path: is not described'])
})

describe('recording', () => {
  test('sees what was sent and answered, and changes neither', async () => {
    const sent: unknown[] = []
    const fetch: typeof globalThis.fetch = (_, init) => {
      sent.push(init?.body)
      return Promise.resolve(Response.json({ size: 1 }, { status: 200 }))
    }
    const recorder = createRecorder(strict)
    const host = recorder.host({ fetch })
    host.onCall?.({ endpoint: 'POST /items', status: 200, ms: 1, attempt: 1 })
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":"1","no":1}',
    }
    const answer = await host.fetch('https://eu.example.com/v1/items', init)
    expect(await answer.json()).toEqual({ size: 1 })
    expect(sent).toEqual([init.body])
    expect(recorder.endpoints).toEqual(new Set(['POST /items']))
    expect(recorder.exchanges).toMatchObject([
      { operation: 'POST /v1/items', status: 200, violations: [{ side: 'request' }, { side: 'response' }] },
    ])
  })
  test.each([
    ['application/json', '[{"a":1}]', { type: 'application/json', value: [{ a: 1 }] }],
    ['application/x-ndjson', '{"a":1}\n{"a":2}\n', { type: 'application/json', value: [{ a: 1 }, { a: 2 }] }],
    ['application/x-www-form-urlencoded', 'a=1&b=x+y', { value: { a: '1', b: 'x y' } }],
    ['text/plain', '1', { type: 'text/plain', value: '1' }],
  ])('reads a body of type %s, packed or not', async (type, text, expected) => {
    const message = (body: string | Uint8Array<ArrayBuffer>, more = {}): Request =>
      new Request('https://example.com', { method: 'POST', headers: { 'content-type': type, ...more }, body })
    expect(await readBody(message(text))).toMatchObject(expected)
    const packed = Uint8Array.from(gzipSync(text))
    expect(await readBody(message(packed, { 'content-encoding': 'gzip' }))).toMatchObject(expected)
  })
  test('no body is none', async () => {
    expect(await readBody(new Response(null, { status: 204 }))).toBeUndefined()
  })
})
