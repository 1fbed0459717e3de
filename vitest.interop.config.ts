import { defineConfig } from 'vitest/config';

/** With other people's programs, fetched for the purpose: needs a network. Not part of npm test. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.interop.test.ts'],
    environment: 'node',
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
