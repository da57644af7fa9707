import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        // One image at a time, on the engine.
        test: {
          name: 'images',
          include: ['test/images/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 600_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Whole labs, on the engine, one file after the other: they measure time and share two processors.
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          setupFiles: ['test/support/what-was-found.ts'],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
