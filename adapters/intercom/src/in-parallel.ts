/**
 * Runs `work` for each value, at most `max` at a time, and answers in the order of the values.
 * @throws the first error of `work`; what is under way then is not waited for
 */
export async function inParallel<Value, Result>(
  values: readonly Value[],
  max: number,
  work: (value: Value, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  let next = 0
  const run = async (): Promise<void> => {
    for (let index = next++; index < values.length; index = next++) {
      results[index] = await work(values[index] as Value, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(max, values.length) }, run))
  return results
}
