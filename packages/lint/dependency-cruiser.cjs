/**
 * What may import what: the law of the house as rules of dependency-cruiser.
 *
 * `packages/lint/canaries/` is a small tree of the same shape whose files must be flagged, so every
 * path below is accepted there too. Tests stand beside what they test and may reach anything,
 * except in `kernel` and `contracts`, which stay pure.
 */
const ROOT = '^(?:packages/lint/canaries/)?';
const BACKEND = `${ROOT}apps/backend/src/`;
const MODULES = `${BACKEND}modules/`;

const TESTS = [
  '\\.test\\.tsx?$',
  'apps/backend/(?:test|bench)/',
  '/conformance(?:\\.ts$|/)',
  '/fixtures/',
  '/testing/',
  'packages/testkit/',
  '^packages/lint/[^/]+$',
  '^vitest\\.config\\.ts$',
];

/** An installed package, or one that is named but not installed (then it is not resolved). */
const packages = (...names) => `(?:^|node_modules/)(?:${names.join('|')})(?:/|$)`;

/** From left to right; layers of one line know nothing of each other. */
const LAYERS = [
  { config: 'config/' },
  { platform: 'platform/' },
  { modules: 'modules/' },
  { reactions: 'reactions(?:\\.ts$|/)', bot: 'bot/', operations: 'operations/' },
  { compose: 'compose(?:\\.ts$|-[a-z-]+\\.ts$|/)' },
  { roles: 'roles/', commands: 'commands/' },
  { main: 'main\\.ts$' },
];

/** Configuration is handed out in slices by `compose`; those who build or guard may read it. */
const CONFIG_READERS = ['operations', 'compose', 'roles', 'commands', 'main'];

/** Migrations read every model; that nobody else loads one is the rule `schema-by-migrations`. */
const MODELS_FOR = { operations: [`${BACKEND}bot/schema[^/]*\\.ts$`] };

const leftOnly = LAYERS.flatMap((line, rank) =>
  Object.entries(line).map(([name, path]) => {
    const right = LAYERS.slice(rank).flatMap((other) => Object.entries(other));
    const banned = right.filter(([other]) => other !== name).map(([, other]) => other);
    if (name !== 'config' && !CONFIG_READERS.includes(name)) banned.push(LAYERS[0].config);
    return {
      name: `left-only-${name}`,
      comment: `${name} may only import what stands left of it in the house.`,
      from: { path: `${BACKEND}${path}`, pathNot: TESTS },
      to: { path: `${BACKEND}(?:${banned.join('|') || '(?!)'})`, pathNot: MODELS_FOR[name] ?? [] },
    };
  }),
).filter((rule) => !rule.name.endsWith('-main'));

const oneHome = {
  name: 'one-home',
  comment: 'A file of the back end stands in a layer: outside of them no arrow is checked.',
  from: {
    path: BACKEND,
    pathNot: [
      ...TESTS,
      ...LAYERS.flatMap((line) => Object.values(line)).map((path) => `${BACKEND}${path}`),
    ],
  },
  to: {},
};

/** What each module may know of the others. A module that is not listed may know all but admin. */
const BASE = ['audit', 'identity', 'catalog', 'ledger'];
const MODULE_ORDER = {
  audit: [],
  identity: ['audit'],
  catalog: ['audit'],
  ledger: [],
  promotions: BASE,
  orders: [...BASE, 'promotions'],
  payments: [...BASE, 'promotions', 'orders'],
  subscriptions: [...BASE, 'promotions', 'orders', 'payments'],
  provisioning: [...BASE, 'promotions', 'orders', 'payments', 'subscriptions'],
  messaging: ['audit'],
  announcements: ['audit'],
};

const moduleOrder = Object.entries(MODULE_ORDER).map(([name, known]) => ({
  name: `module-order-${name}`,
  comment: `${name} may know only: ${known.join(', ') || 'no other module'}.`,
  from: { path: `${MODULES}${name}/`, pathNot: TESTS },
  to: { path: MODULES, pathNot: `${MODULES}(?:${[name, ...known].join('|')})/` },
}));

const COLLECTIONS = '(?:providers|panels|channels)';

const modules = [
  ...moduleOrder,
  {
    name: 'nobody-imports-admin',
    comment: 'admin composes the others; the others do not know it.',
    from: { path: MODULES, pathNot: [...TESTS, `${MODULES}admin/`] },
    to: { path: `${MODULES}admin/` },
  },
  {
    name: 'face-only-between-modules',
    comment: 'A module knows another one only by its index.ts.',
    from: { path: `${MODULES}([^/]+)/`, pathNot: TESTS },
    to: {
      path: `${MODULES}[^/]+/`,
      pathNot: [`${MODULES}$1/`, `${MODULES}[^/]+/index\\.ts$`],
    },
  },
  {
    name: 'face-only',
    comment: 'A module is its index.ts; roles mount edge/, migrations read schema.ts.',
    from: { path: BACKEND, pathNot: [...TESTS, MODULES] },
    to: { path: `${MODULES}[^/]+/(?!index\\.ts$|edge/|schema[^/]*\\.ts$)` },
  },
  {
    name: 'edge-by-roles',
    comment: 'Only roles mount the edge of a module.',
    from: { path: BACKEND, pathNot: [...TESTS, MODULES, `${BACKEND}roles/`] },
    to: { path: `${MODULES}[^/]+/edge/` },
  },
  {
    name: 'schema-by-migrations',
    comment:
      'A model is read by migrations only; elsewhere it loads MikroORM, so import its types.',
    from: { path: BACKEND, pathNot: [...TESTS, `${BACKEND}operations/migrations/`] },
    to: {
      path: `${BACKEND}(?:modules|platform|bot|operations)\\b.*/schema[^/]*\\.ts$`,
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'gateway-without-modules',
    comment:
      'Gateway and monitor live when the database does not: they load no module, not even by a detour.',
    from: {
      path: `${BACKEND}(?:roles/(?:gateway|monitor)\\.ts|operations/(?:gateway|health)/)`,
      pathNot: TESTS,
    },
    to: { path: MODULES, reachable: true },
  },
  {
    name: 'vendor-in-folder',
    comment: 'A vendor is reached only through its registry, and only by its index.ts.',
    from: {
      path: BACKEND,
      pathNot: [...TESTS, `${MODULES}[^/]+/${COLLECTIONS}/(?:[^/]+/|registry\\.ts$)`],
    },
    to: { path: `${MODULES}[^/]+/${COLLECTIONS}/[^/]+/` },
  },
  {
    name: 'vendor-by-its-index',
    comment: 'The registry takes a vendor by its index.ts.',
    from: { path: `${MODULES}[^/]+/${COLLECTIONS}/registry\\.ts$` },
    to: { path: `${MODULES}[^/]+/${COLLECTIONS}/[^/]+/(?!index\\.ts$)` },
  },
  {
    name: 'vendor-knows-no-vendor',
    comment: 'A vendor knows no other vendor: what they share stands beside their folders.',
    from: { path: `${MODULES}([^/]+/${COLLECTIONS})/([^/]+)/`, pathNot: TESTS },
    to: { path: `${MODULES}[^/]+/${COLLECTIONS}/[^/]+/`, pathNot: `${MODULES}$1/$2/` },
  },
  {
    name: 'vendor-sdk-in-folder',
    comment: "A vendor's SDK is imported in that vendor's folder only.",
    from: {
      path: `${ROOT}(?:apps|packages|products)/`,
      pathNot: `${MODULES}[^/]+/${COLLECTIONS}/[^/]+/`,
    },
    to: {
      path: packages(
        'stripe',
        '@stripe/[^/]+',
        '@paypal/[^/]+',
        '@sendgrid/[^/]+',
        '@remnawave/[^/]+',
      ),
    },
  },
];

const framework = (name, allowed, names, more = {}) => ({
  name: `framework-at-edge-${name}`,
  comment: `${names.join(', ')}: only in ${allowed.join(', ')}.`,
  from: {
    path: `${ROOT}(?:apps/(?!web/)|packages/|products/)`,
    pathNot: [...TESTS, ...allowed],
  },
  to: { path: packages(...names), ...more },
});

const frameworks = [
  framework(
    'fastify',
    [`${MODULES}[^/]+/edge/`, `${BACKEND}platform/http/`, `${BACKEND}roles/`],
    ['fastify', '@fastify/[^/]+', 'fastify-[^/]+'],
  ),
  framework(
    'grammy',
    [`${BACKEND}bot/`, `${BACKEND}platform/telegram/`],
    ['grammy', '@grammyjs/[^/]+'],
  ),
  framework('nodemailer', [`${BACKEND}platform/mail/`], ['nodemailer']),
  framework('redis', [`${BACKEND}platform/redis/`], ['@redis/[^/]+']),
  framework(
    'kysely',
    [`${BACKEND}[a-z].*/repository(?:[^/]*\\.ts$|/)`, `${BACKEND}platform/db/`],
    ['kysely'],
  ),
  framework(
    'mikro-orm',
    [
      `${BACKEND}[a-z].*/schema[^/]*\\.ts$`,
      `${BACKEND}operations/migrations/`,
      `${ROOT}apps/backend/migrations/`,
    ],
    ['@mikro-orm/[^/]+'],
    { dependencyTypesNot: ['type-only'] },
  ),
];

const within = (...paths) => paths.map((path) => `${ROOT}${path}`);

const workspaces = [
  {
    name: 'kernel-is-pure',
    comment: 'kernel imports nothing, not even Node; its tests may take Vitest and fast-check.',
    from: { path: within('packages/kernel/'), pathNot: '\\.test\\.ts$' },
    to: { pathNot: within('packages/kernel/') },
  },
  {
    name: 'kernel-tests-are-pure',
    comment: 'Tests of kernel are about values: Vitest and fast-check, nothing of ours.',
    from: { path: within('packages/kernel/.*\\.test\\.ts$') },
    to: { pathNot: [...within('packages/kernel/'), packages('vitest', 'fast-check')] },
  },
  {
    name: 'contracts-are-pure',
    comment: 'contracts imports kernel and zod.',
    from: { path: within('packages/contracts/') },
    to: {
      pathNot: [
        ...within('packages/(?:contracts|kernel)/'),
        packages('zod', 'vitest', 'fast-check'),
      ],
    },
  },
  {
    name: 'testkit-for-tests',
    comment: 'testkit is imported by tests only.',
    from: { pathNot: TESTS },
    to: { path: within('packages/testkit/') },
  },
  {
    name: 'simulators-know-kernel',
    comment:
      'A simulator is written from the documents of its vendor, by other code than the adapter.',
    from: { path: within('apps/simulators/'), pathNot: TESTS },
    to: {
      path: within('(?:apps|packages|products)/'),
      pathNot: within('apps/simulators/', 'packages/kernel/'),
    },
  },
  {
    name: 'web-knows-contracts',
    comment: 'The web speaks to the back end over the wire: contracts and kernel, never its code.',
    from: { path: within('apps/web/'), pathNot: TESTS },
    to: {
      path: within('(?:apps|packages|products)/'),
      pathNot: within('apps/web/', 'packages/(?:kernel|contracts)/'),
    },
  },
  {
    name: 'backend-stands-alone',
    comment: 'The back end knows neither the web nor the simulators.',
    from: { path: within('apps/backend/'), pathNot: TESTS },
    to: { path: within('apps/(?:web|simulators)/') },
  },
  {
    name: 'products-by-compose',
    comment: 'A product sold is data that compose loads; no other part names one.',
    from: {
      path: within('(?:apps|packages)/'),
      pathNot: [...TESTS, `${BACKEND}${LAYERS[4].compose}`],
    },
    to: { path: within('products/') },
  },
  {
    name: 'products-are-data',
    comment: 'A product has words and numbers, typed by kernel and contracts.',
    from: { path: within('products/'), pathNot: TESTS },
    to: { pathNot: within('products/', 'packages/(?:kernel|contracts)/') },
  },
];

const everywhere = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one thing, or lack a third.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'not-unresolvable',
    comment: 'An import that leads nowhere is checked by no other rule.',
    from: {},
    to: { couldNotResolve: true },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...leftOnly, oneHome, ...modules, ...frameworks, ...workspaces, ...everywhere].map(
    (rule) => ({
      severity: 'error',
      ...rule,
    }),
  ),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^packages/lint/canaries/', '/\\.next/', '/next-env\\.d\\.ts$'] },
    // Type-only imports count: what is known by its types is known.
    tsPreCompilationDeps: true,
    // A file with inputs: without any, TypeScript answers TS18003 and no rule is run.
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
  },
};
