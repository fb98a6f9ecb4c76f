import { TriplineError, type Cursor, type Page } from '@tripline/model'

/** A read position of an adapter, as JSON inside an opaque token. */
export interface CursorCodec<State> {
  encode(state: State): Cursor
  /** @throws {TriplineError} code `invalid`: not a cursor of this vendor and version */
  decode(cursor: Cursor): State
}

/**
 * Cursors of one vendor: the state as JSON, in base64url, behind the version. Not signed: a state may hold positions,
 * never a secret, and whoever reads it back checks what it points to.
 * @param version part of the token, so that a cursor of an older release is refused instead of misread
 * @example const codec = createCursorCodec<{ after: string }>('hubspot', 'contacts-1'); codec.encode({ after: '100' })
 */
export function createCursorCodec<State>(vendor: string, version: string): CursorCodec<State> {
  const prefix = `${version}:`
  return {
    encode: (state) => ({ vendor, token: prefix + Buffer.from(JSON.stringify(state)).toString('base64url') }),
    decode(cursor) {
      if (cursor.vendor === vendor && cursor.token.startsWith(prefix)) {
        try {
          return JSON.parse(
            Buffer.from(cursor.token.slice(prefix.length), 'base64url').toString('utf8'),
          ) as State
        } catch {
          // falls through to the one refusal
        }
      }
      throw new TriplineError(vendor, {
        code: 'invalid',
        message: `not a cursor of ${vendor} (${version}): start the read anew`,
      })
    },
  }
}

/**
 * Pages from "read the page after this state", until `next` is undefined. Asks only when the consumer wants more. With a
 * `codec` each page but the last carries the cursor of the next one.
 * @throws what `readPage` throws; the signal's reason when it was aborted between two pages
 * @example for await (const page of paginate('', (after) => readContacts(after), { codec })) await store(page.items)
 */
export async function* paginate<Item, State>(
  start: State,
  readPage: (state: State) => Promise<{ readonly items: readonly Item[]; readonly next: State | undefined }>,
  options: { readonly codec?: CursorCodec<State>; readonly signal?: AbortSignal } = {},
): AsyncGenerator<Page<Item>, void, undefined> {
  let state: State | undefined = start
  while (state !== undefined) {
    options.signal?.throwIfAborted()
    const page: { readonly items: readonly Item[]; readonly next: State | undefined } = await readPage(state)
    const { items, next } = page
    const cursor = next !== undefined && options.codec ? options.codec.encode(next) : undefined
    yield { items, last: next === undefined, ...(cursor && { cursor }) }
    state = next
  }
}
