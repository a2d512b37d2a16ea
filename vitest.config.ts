/**
 * Three kinds of tests by file name: `pure` needs nothing, `database` needs PostgreSQL (a template
 * is made once and cloned per file), `browser` needs a Chromium and the whole platform.
 */
import { defineConfig } from 'vitest/config';

const NOT_OURS = ['**/node_modules/**', '**/.next/**', '**/.opora/**', 'packages/lint/canaries/**'];
const DATABASE = ['**/*.db.test.ts', 'apps/backend/test/**/*.drill.test.ts'];
const BROWSER = ['apps/**/*.e2e.test.ts'];

export default defineConfig({
  test: {
    // Two workers keep the two cores of the smallest machine busy; more only wait for each other.
    maxWorkers: 2,
    globalSetup: ['packages/testkit/src/temporary-setup.ts'],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/main.ts'],
      reportsDirectory: 'coverage',
    },
    projects: [
      {
        test: {
          name: 'pure',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...NOT_OURS, ...DATABASE, ...BROWSER],
          pool: 'threads',
        },
      },
      {
        test: {
          name: 'database',
          include: DATABASE,
          exclude: NOT_OURS,
          // Processes: these tests start servers, send signals and hold native sockets.
          pool: 'forks',
          globalSetup: ['apps/backend/test/database-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: BROWSER,
          exclude: NOT_OURS,
          pool: 'forks',
          // One platform and one browser at a time fit the memory of a laptop.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
