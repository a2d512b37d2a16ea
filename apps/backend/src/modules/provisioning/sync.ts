/**
 * Our books against the whole panel. Subscriptions are taken a window at a time and the panel is
 * read through once for each, so memory is bounded by `WINDOW` however large both are. Whatever
 * looks different is read again from both sides before it is told, because the shop sells on.
 *
 * Nothing here writes to the panel: a repair is the job by which the one writer of a subscription
 * delivers again (principle 11), and that takes nothing away without evidence (principle 10).
 */
import type { Plan } from '../catalog/index.ts';
import type { Subscription } from '../subscriptions/index.ts';
import { deliverJob } from './deliver.ts';
import { panelOf, type ProvisioningDeps } from './deps.ts';
import { PanelUnsupported } from './errors.ts';
import type { PanelAccount } from './panel.ts';
import { selectAccount, selectAccounts, selectOwnNames, type AccountRow } from './repository.ts';
import { compare, hasEnded, isOff, wantedBy, type Aspect, type Difference } from './wanted.ts';

/** Subscriptions in memory at once: about a kilobyte each. */
const WINDOW = 20_000;
/** Rows of one statement. */
const PAGE = 500;

/** What `apply` mends: each of these gives a payer what our books say, but the last two. */
type Repair =
  /** No account on the panel, or a row of ours that does not know its ids or newest revision. */
  | 'missing'
  | 'unrecorded'
  | 'shorter'
  | 'limits'
  | 'squads'
  | 'off'
  /** The panel still gives what our books have ended or closed: a term, a ban. */
  | 'ended'
  | 'on';
/** What is only told. */
type Report = 'longer' | 'wider' | 'duplicate' | 'stranger';

export type Finding = Readonly<{
  kind: Repair | Report;
  isRepaired: boolean;
  username: string;
  /** Undefined for a stranger. */
  subscriptionId: string | undefined;
  /** What differs, and what each side says of it. */
  aspect: Aspect | undefined;
  panel: string | undefined;
  books: string | undefined;
}>;

/** One comparison: what it was asked for, and what it need not look up for every account. */
type Run = Readonly<{
  deps: ProvisioningDeps;
  apply: boolean;
  squads: readonly string[];
  /** Few, and no version of a plan ever changes. */
  plans: Map<string, Promise<Plan>>;
}>;

/** `window` is smaller in tests, so that several are seen. */
export async function* syncPanel(
  deps: ProvisioningDeps,
  { apply, window = WINDOW }: { apply: boolean; window?: number },
): AsyncGenerator<Finding> {
  const panel = panelOf(deps);
  const { version, isSupported } = await panel.info();
  if (apply && !isSupported) {
    const says = `version ${version} of the panel is read only for us: nothing is repaired`;
    throw new PanelUnsupported(says, { facts: { version } });
  }
  const squads = deps.squads.length > 0 ? deps.squads : await panel.squads();
  const run: Run = { deps, apply, squads, plans: new Map() };
  let after: string | undefined;
  let isFirst = true;
  do {
    const books = await loadWindow(deps, after, window);
    after = books.size < window ? undefined : [...books.values()].at(-1)?.subscription.id;
    yield* onePass(run, books, isFirst);
    isFirst = false;
  } while (after !== undefined);
}

type Books = Readonly<{ subscription: Subscription; row: AccountRow | undefined }>;

/** The next subscriptions by the names of their accounts. */
async function loadWindow(
  deps: ProvisioningDeps,
  after: string | undefined,
  window: number,
): Promise<Map<string, Books>> {
  const books = new Map<string, Books>();
  let last = after;
  while (books.size < window) {
    const limit = Math.min(PAGE, window - books.size);
    const page = await deps.subscriptions.page(last, limit);
    const bySubscription = await selectAccounts(
      deps.db.read,
      page.map(({ id }) => id),
    );
    for (const subscription of page) {
      const row = bySubscription.get(subscription.id);
      books.set(row?.username ?? subscription.id, { subscription, row });
    }
    if (page.length < limit) break;
    last = page.at(-1)?.id;
  }
  return books;
}

/** All accounts of the panel against one window; strangers are looked for in the first pass only. */
async function* onePass(
  run: Run,
  books: Map<string, Books>,
  isFirst: boolean,
): AsyncGenerator<Finding> {
  const { deps } = run;
  let unknown: PanelAccount[] = [];
  for await (const account of panelOf(deps).list()) {
    const own = books.get(account.username);
    books.delete(account.username);
    if (own !== undefined) {
      const suspicions = await judge(run, own, account);
      if (suspicions.length > 0) yield* confirmed(run, own.subscription.id);
    } else if (isFirst) {
      unknown.push(account);
    }
    if (unknown.length < PAGE) continue;
    yield* foreign(deps, unknown);
    unknown = [];
  }
  yield* foreign(deps, unknown);
  for (const own of books.values()) {
    const suspicions = await judge(run, own, undefined);
    if (suspicions.length > 0) yield* confirmed(run, own.subscription.id);
  }
}

/**
 * Both sides read again: what was bought or delivered while the panel was read is no difference.
 * One job mends all that one account lacks.
 */
async function* confirmed(run: Run, id: string): AsyncGenerator<Finding> {
  const { deps, apply } = run;
  const row = await selectAccount(deps.db.read, id);
  const account = await panelOf(deps).find(row?.username ?? id);
  // Last, so that a purchase of this moment makes the books longer and not the panel.
  const subscription = await deps.subscriptions.find(id);
  const findings = await judge(run, { subscription, row }, account);
  if (apply && findings.some(({ isRepaired }) => isRepaired)) {
    const enable = findings.some(({ kind }) => kind === 'off');
    await deps.jobs.add(deps.db.read, [deliverJob(id, { again: true, enable })]);
  }
  yield* findings;
}

async function judge(
  run: Run,
  { subscription, row }: Books,
  account: PanelAccount | undefined,
): Promise<Finding[]> {
  const at = run.deps.clock.now();
  const username = row?.username ?? subscription.id;
  const plan = await planOf(run, subscription.planVersionId);
  const wanted = wantedBy(subscription, plan, {
    username,
    squads: run.squads,
    telegramId: undefined,
  });
  const isOver = hasEnded(wanted, at);
  const found = (kind: Repair | Report, sides: Partial<Difference>): Finding => ({
    kind,
    isRepaired: kind !== 'longer' && kind !== 'wider',
    username,
    subscriptionId: subscription.id,
    aspect: sides.aspect,
    panel: sides.panel,
    books: sides.books,
  });
  const isClosed = row?.switchedOffAt !== undefined;
  const until = wanted.expiresAt.toISOString();
  if (account === undefined) return isOver ? [] : [found('missing', { books: until })];
  const { lacks, exceeds } = compare(wanted, account, at);
  return [
    ...lacks.map((lack) => found(lackOf(lack.aspect, isOver), lack)),
    ...exceeds.map((more) => found(more.aspect === 'expiry' ? 'longer' : 'wider', more)),
    // What we switched off ourselves (a ban, a revoked term) should be off, and nothing else.
    ...(!isOver && isClosed !== isOff(account, at)
      ? [found(isClosed ? 'on' : 'off', { panel: account.status, books: until })]
      : []),
    ...(isRecorded(subscription, row, account)
      ? []
      : [found('unrecorded', recordsOf(subscription, row, account))]),
  ];
}

function planOf({ deps, plans }: Run, versionId: string): Promise<Plan> {
  const known = plans.get(versionId) ?? deps.catalog.version(versionId);
  plans.set(versionId, known);
  return known;
}

function lackOf(aspect: Aspect, isOver: boolean): Repair {
  if (aspect === 'expiry') return isOver ? 'ended' : 'shorter';
  return aspect === 'squads' ? 'squads' : 'limits';
}

function isRecorded(
  { revision }: Subscription,
  row: AccountRow | undefined,
  account: PanelAccount,
): boolean {
  return (
    row !== undefined &&
    row.deliveredRevision >= revision &&
    row.panelId === account.id &&
    row.shortId === account.shortId &&
    row.subscriptionUrl === account.subscriptionUrl
  );
}

/** The link is left out: it is a credential. */
function recordsOf(
  { revision }: Subscription,
  row: AccountRow | undefined,
  { id }: PanelAccount,
): Partial<Difference> {
  const of = (panelId: string | undefined, known: number): string =>
    `id ${panelId ?? 'unknown'}, revision ${String(known)}`;
  return { panel: of(id, revision), books: of(row?.panelId, row?.deliveredRevision ?? 0) };
}

/** Accounts that no subscription of the window has: another window's, a second one, or a stranger. */
async function* foreign(
  deps: ProvisioningDeps,
  accounts: readonly PanelAccount[],
): AsyncGenerator<Finding> {
  const claims = ({ username, description }: PanelAccount): string[] => [
    username.toLowerCase(),
    description,
  ];
  const names = accounts.map(({ username }) => username);
  const own = new Set([
    ...(await selectOwnNames(deps.db.read, names)),
    ...(await deps.subscriptions.known(names)),
  ]);
  const known = new Set(await deps.subscriptions.known(accounts.flatMap(claims)));
  for (const account of accounts) {
    if (own.has(account.username)) continue;
    const subscriptionId = claims(account).find((claim) => known.has(claim));
    yield {
      kind: subscriptionId === undefined ? 'stranger' : 'duplicate',
      isRepaired: false,
      username: account.username,
      subscriptionId,
      aspect: undefined,
      panel: account.expiresAt.toISOString(),
      books: undefined,
    };
  }
}
