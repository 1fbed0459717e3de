import { defineConfig } from 'vitest/config';

/** The built application in a real browser, and as a package. One file after the other: each uses every core. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.test.ts'],
    environment: 'node',
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A window fills its tables a few rows a frame.
    expect: { poll: { timeout: 10_000 } },
  },
});
