import { defineConfig } from 'vitest/config'

const isSeeded = process.env['PROPERTY_SEED'] !== undefined
const tests = ['packages/*/src', 'adapters/*/src', 'examples', 'test']

/**
 * One run for everything. Resolve conditions stay at their default on purpose: `development` is among them, so
 * workspace packages resolve to their `src`, and adding `import` would break CommonJS dependencies.
 */
export default defineConfig({
  test: {
    include: tests.map((folder) => `${folder}/**/*.test.ts`),
    typecheck: {
      enabled: true,
      checker: 'tsc',
      include: tests.map((folder) => `${folder}/**/*.test-d.ts`),
      tsconfig: './tsconfig.test.json',
      // Sources and tests are checked whole by `tsc -b`; here only the expectations about types count.
      ignoreSourceErrors: true,
    },
    // Else each run of a property-based test tries cases of its own, and names its seed.
    setupFiles: isSeeded ? ['./test/property-seed.ts'] : [],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
})
