import type { SessionWire } from '@opora/contracts';

/** `ended`: sign in again. `unknown`: nobody answered, the session may well go on. */
export type Renewed =
  | Readonly<{ outcome: 'renewed'; session: SessionWire; leftMs: number }>
  | Readonly<{ outcome: 'ended' | 'unknown' }>;

type Answer =
  | Readonly<{ ok: true; answer: SessionWire; serverNow: number }>
  | Readonly<{ ok: false; problem: { status: number } | undefined }>;

/** What a browser does for us; `locked` lets one tab at a time through. */
export type Tabs = Readonly<{
  locked: <T>(work: () => Promise<T>) => Promise<T>;
  /** When any tab of this browser renewed last, milliseconds of this browser's clock. */
  renewedAt: () => number;
  remember: (at: number) => void;
  now: () => number;
  refresh: () => Promise<Answer>;
  read: () => Promise<Answer>;
}>;

/** Another tab's renewal is as good as our own for this long. */
const FRESH_MS = 60_000;
const UNAUTHENTICATED = 401;

/**
 * Renews the session once for all tabs. A refresh token is used up by its first use, so tabs take
 * turns, and who comes second only reads what the first one got.
 */
export function renewWith(tabs: Tabs): Promise<Renewed> {
  return tabs.locked(async () => {
    if (tabs.now() - tabs.renewedAt() < FRESH_MS) {
      const known = judge(await tabs.read());
      if (known.outcome !== 'ended') return known;
    }
    const renewed = judge(await tabs.refresh());
    if (renewed.outcome === 'renewed') tabs.remember(tabs.now());
    return renewed;
  });
}

function judge(answer: Answer): Renewed {
  if (answer.ok) {
    const leftMs = Date.parse(answer.answer.expiresAt) - answer.serverNow;
    return { outcome: 'renewed', session: answer.answer, leftMs };
  }
  return { outcome: answer.problem?.status === UNAUTHENTICATED ? 'ended' : 'unknown' };
}
