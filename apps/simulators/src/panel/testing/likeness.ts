/**
 * Compares what the simulator said with what the real panel said: the same keys everywhere, the
 * same types, the same literals. Only what no two panels share is compared by its form.
 */

const FORMS: readonly RegExp[] = [
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  /^https?:\/\/[^/]+\/.*$/,
];
const SECRET_KEYS = new Set(['shortUuid', 'trojanPassword', 'ssPassword']);
const SECRET = /^[A-Za-z0-9_-]+$/;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** These dates follow from the request and the clock of the test, to within a second. */
const FACT_DATES = new Set(['expireAt', 'expiresAt']);
/** Measurements of a machine: only that they are numbers matters. */
const MEASURED = new Set(
  `rss heapUsed heapTotal external arrayBuffers eventLoopDelayMs eventLoopP99Ms activeHandles uptime
   pid timestamp cores total free used`.split(/\s+/),
);
const MEASURED_UNDER = /(runtimeMetrics|cpu|memory)/;

/** One sentence per difference; none when `got` is alike. */
export function differences(real: unknown, got: unknown, path = ''): string[] {
  const key = path.split('.').at(-1) ?? '';
  if (Array.isArray(real) && Array.isArray(got)) {
    if (real.length !== got.length) {
      return [`${path}: ${String(got.length)} items, real ${String(real.length)}`];
    }
    return real.flatMap((each: unknown, at) => differences(each, got[at], `${path}.${String(at)}`));
  }
  if (isObject(real) && isObject(got)) {
    const missing = Object.keys(real).filter((each) => !(each in got));
    const extra = Object.keys(got).filter((each) => !(each in real));
    return [
      ...missing.map((each) => `${path}.${each}: missing`),
      ...extra.map((each) => `${path}.${each}: the real panel has no such key`),
      ...Object.keys(real)
        .filter((each) => each in got)
        .flatMap((each) => differences(real[each], got[each], `${path}.${each}`)),
    ];
  }
  return alike(real, got, key, path) ? [] : [`${path}: ${show(got)}, real ${show(real)}`];
}

function alike(real: unknown, got: unknown, key: string, path: string): boolean {
  if (typeof real === 'number' && typeof got === 'number') {
    const measured =
      MEASURED.has(key) && (key === 'timestamp' || key === 'uptime' || MEASURED_UNDER.test(path));
    return measured || real === got;
  }
  if (typeof real !== 'string' || typeof got !== 'string') return Object.is(real, got);
  if (FACT_DATES.has(key)) return Math.abs(Date.parse(real) - Date.parse(got)) <= 1_000;
  if (real === '<jwt>') return JWT.test(got);
  if (SECRET_KEYS.has(key)) return SECRET.test(got) && got.length === real.length;
  if (key === 'subscriptionUrl') {
    return got.includes('/remnawave/sub/') && lastPart(got).length === lastPart(real).length;
  }
  const form = FORMS.find((each) => each.test(real));
  return form === undefined ? real === got : form.test(got);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const lastPart = (url: string): string => url.split('/').at(-1) ?? '';

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
