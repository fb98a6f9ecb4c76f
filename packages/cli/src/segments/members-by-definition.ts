import {
  namedProperties,
  type Definitions,
  type Engine,
  type EngineUser,
  type Sources,
} from '@tripline/triggers'
import { openSide } from '../backtest/backtest.ts'
import { replayInput, type ReplayInput, type ReplayOutput } from '../backtest/replay/replay-input.ts'
import type { Side } from '../backtest/replay/side.ts'
import { bytesKey } from '../backtest/sort/keys.ts'
import { createSorter, type Sorter, type TemporaryFolder } from '../backtest/sort/sorter.ts'
import { CliError } from '../cli-error.ts'

export interface MembersAtOptions extends Omit<ReplayInput, 'toMs' | 'untilMs'> {
  readonly definitions: Definitions
  readonly segment: string
  /** Members are told as of everything up to this instant. @default the greatest timestamp of the input */
  readonly atMs?: number
  /** Told of each member, bytewise by id. */
  readonly onMember: (userId: string) => Promise<void>
  /** Told when the reading begins, also when it begins again. */
  readonly onStart?: () => void
}
export interface MembersAt {
  readonly members: number
  readonly people: number
  readonly events: number
  /** Lines of the input that are wrong. */
  readonly problems: number
}

/**
 * The members of a segment by its definition, from past events. Journeys run as in a backtest, as their steps may change
 * traits and static segments. The ids of the members are sorted, on disk when there are many.
 * @throws {CliError} there is no such segment
 */
export async function membersAt(options: MembersAtOptions): Promise<MembersAt> {
  const { definitions, segment, atMs } = options
  if (!definitions.segments.some(({ id }) => id === segment)) throw unknownSegment(definitions, segment)
  // What is due exactly then would come after the question.
  const times = atMs === undefined ? {} : { toMs: atMs + 1, untilMs: atMs }
  const properties = namedProperties(definitions)
  const result = await replayInput({ ...options, ...times, properties }, (folder) => {
    options.onStart?.()
    return new MemberIds(options, folder)
  })
  const { output, counts, people, problems } = result
  return { members: output.count, people, events: counts.events, problems: problems.count }
}

function unknownSegment({ segments }: Definitions, segment: string): CliError {
  const known = segments.map(({ id }) => id).join(', ')
  return new CliError(`there is no segment ${segment}; there are ${known || 'none'}`)
}

/** A person's state in an engine, and up to when it is read. */
interface Followed {
  readonly engine: Engine
  readonly user: EngineUser
  readMs: number
}

/** Asks for each person, when everything is read of it, whether it is a member. */
class MemberIds implements ReplayOutput {
  readonly #options: MembersAtOptions
  readonly #sorter: Sorter
  readonly #people = new Map<string, Followed>()

  constructor(options: MembersAtOptions, folder: TemporaryFolder) {
    this.#options = options
    this.#sorter = createSorter(folder)
  }

  sides(sources: Sources): readonly Side[] {
    const side = openSide(this.#options.definitions, sources, () => undefined)
    return [{ ...side, engine: this.#followed(side.engine), history: this.#followed(side.history) }]
  }

  onPersonEnd(userId: string): void {
    const followed = this.#people.get(userId)
    if (followed === undefined) return
    const { engine, user, readMs } = followed
    if (engine.isMember(user, this.#options.segment, readMs)) this.#sorter.add(bytesKey(userId), userId)
    this.#people.delete(userId)
  }

  async finish(): Promise<void> {
    for (const { text } of this.#sorter.sorted()) await this.#options.onMember(text)
  }

  get count(): number {
    return this.#sorter.count
  }

  /** The same engine, of which is known what it made of each person. */
  #followed(engine: Engine): Engine {
    const follow = (user: EngineUser): EngineUser => {
      const readMs = this.#people.get(user.userId)?.readMs ?? Number.NEGATIVE_INFINITY
      this.#people.set(user.userId, { engine, user, readMs })
      return user
    }
    return {
      ...engine,
      createUser: (userId) => follow(engine.createUser(userId)),
      advance: (user, next, untilMs, emit, options) => {
        engine.advance(user, next, untilMs, emit, options)
        const followed = this.#people.get(user.userId)
        if (followed !== undefined) followed.readMs = untilMs
      },
      insertLate: (...given) => follow(engine.insertLate(...given)),
      takeOver: (...given) => follow(engine.takeOver(...given)),
      merge: (user, other, ...given) => {
        this.#people.delete(other.userId)
        return follow(engine.merge(user, other, ...given))
      },
    }
  }
}
