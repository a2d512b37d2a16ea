// The lint of the house. `packages/lint/canaries/` is a small tree of the same shape whose files
// must be flagged: patterns begin with `**/` so that they fit there too.
import tseslint from 'typescript-eslint';
import { house } from './packages/lint/eslint-rules.mjs';

const TESTS = [
  '**/*.test.ts',
  '**/*.test.tsx',
  '**/conformance.ts',
  '**/conformance/**',
  '**/testing/**',
];
/** They run the program as a whole, in real time and with a real environment. */
const WHOLE_RUNS = ['**/apps/backend/test/**', '**/apps/backend/bench/**', '**/*.e2e.test.ts'];
const FUNCTION_LINES_MAX = 70;
const COMPOSE_LINES_MAX = 250;
const FILE_LINES_MAX = 400;

/** `== null` asks for both kinds of nothing at once; every other loose comparison is an accident. */
const EQUALITY = ['error', 'always', { null: 'ignore' }];

const functionLines = (max) => ({ 'max-lines-per-function': ['error', { max }] });

export default tseslint.config(
  {
    ignores: [
      'packages/lint/canaries/**',
      '**/.next/**',
      '**/next-env.d.ts',
      '.opora/**',
      'coverage/**',
      'test-results/**',
      'deploy/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { house },
    rules: {
      'house/no-ambient-env': 'error',
      'house/no-ambient-time': 'error',
      'house/no-ambient-chance': 'error',
      'house/reasoned-assertion': 'error',
      'house/no-contracts-in-browser': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      // A port promises; an adapter that happens not to wait still keeps the promise.
      '@typescript-eslint/require-await': 'off',
      // TypeScript asks for env['NAME'] under noPropertyAccessFromIndexSignature-like care.
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // `[...text]` counts code points on purpose: limits of vendors are counted in them.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // Parts are closures behind interfaces, not classes: their methods carry no `this`.
      '@typescript-eslint/unbound-method': 'off',
      eqeqeq: EQUALITY,
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportNamedDeclaration > FunctionDeclaration[params.length>3]',
          message: 'Three positional parameters at most, then one object.',
        },
      ],
      'max-lines': ['error', { max: FILE_LINES_MAX }],
      ...functionLines(FUNCTION_LINES_MAX),
    },
  },
  // Generated, then read by a person: one statement per table.
  { files: ['**/apps/backend/migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['**/src/compose.ts', '**/src/compose-*.ts'], rules: functionLines(COMPOSE_LINES_MAX) },
  {
    // Bodies of answers are parsed JSON: a test that reads a wrong field fails by itself.
    files: [...TESTS, ...WHOLE_RUNS],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: [
      '**/apps/backend/src/config/load.ts',
      '**/apps/simulators/src/main.ts',
      '**/apps/web/next.config.ts',
      '**/apps/web/shared/environment.ts',
      '**/packages/testkit/src/*-setup.ts',
      ...WHOLE_RUNS,
    ],
    rules: { 'house/no-ambient-env': 'off' },
  },
  {
    // A browser has one clock and one source of chance, and nobody to inject another.
    files: ['**/apps/web/**'],
    rules: { 'house/no-ambient-chance': 'off' },
  },
  {
    // The same of time; the back end has both.
    files: [
      '**/apps/backend/src/platform/clock/**',
      '**/apps/simulators/src/main.ts',
      '**/apps/web/**',
      '**/packages/testkit/src/*-setup.ts',
      'packages/lint/check.ts',
      ...WHOLE_RUNS,
    ],
    rules: { 'house/no-ambient-time': 'off' },
  },
  {
    files: ['**/apps/backend/src/platform/ids/**', '**/apps/simulators/src/main.ts', ...WHOLE_RUNS],
    rules: { 'house/no-ambient-chance': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    extends: [tseslint.configs.base],
    rules: { eqeqeq: EQUALITY, ...functionLines(FUNCTION_LINES_MAX) },
  },
);
