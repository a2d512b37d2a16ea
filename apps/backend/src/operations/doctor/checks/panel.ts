import { DomainError, type Clock, type Secret } from '@opora/kernel';
import { z } from 'zod';
import type { Panel } from '../../../modules/provisioning/index.ts';
import { good, PAGES, warning, wrong, type Check, type Finding } from '../check.ts';

const DAY_MS = 86_400_000;
const WARNING_DAYS = 30;
const NEW_TOKEN =
  'in the panel, Remnawave Settings, API Tokens, "Create": copy it into REMNAWAVE_TOKEN and restart';

/** Address, token, version, and how long the token lasts. */
export function checkPanel(
  config: Readonly<{ url: string | undefined; token: Secret | undefined }>,
  panel: () => Panel | undefined,
  clock: Clock,
): Check {
  return {
    name: 'panel',
    async run() {
      const { url, token } = config;
      if (url === undefined || token === undefined) return incomplete(url, token);
      const days = daysLeft(token.reveal(), clock.now());
      // The panel says "Unauthorized" to a token that is over; which it is, is in the token.
      if (days !== undefined && days < 0) {
        return wrong(`the token expired ${inDays(-days)} ago`, {
          mend: NEW_TOKEN,
          page: PAGES.panel,
        });
      }
      try {
        const info = await panel()?.info();
        return judge(info, days);
      } catch (error) {
        return explain(error);
      }
    },
  };
}

function judge(info: Awaited<ReturnType<Panel['info']>> | undefined, days?: number): Finding {
  const version = `Remnawave ${info?.version ?? ''}`;
  if (info?.isSupported !== true) {
    return wrong(`${version} is read only for us: access is not delivered`, {
      mend: 'upgrade the panel to 2.8 or 3.x',
      page: PAGES.panel,
    });
  }
  if (days === undefined) return good(`${version} lets us in`);
  const says = `${version}, the token lasts ${inDays(days)}`;
  return days < WARNING_DAYS ? warning(says, { mend: NEW_TOKEN, page: PAGES.panel }) : good(says);
}

function incomplete(url: string | undefined, token: Secret | undefined): Finding {
  const more = { mend: `REMNAWAVE_URL is the panel's address; ${NEW_TOKEN}`, page: PAGES.toReal };
  if (url === undefined && token === undefined) {
    return warning('REMNAWAVE_URL and REMNAWAVE_TOKEN are not set: access is not delivered', more);
  }
  const missing = url === undefined ? 'REMNAWAVE_URL' : 'REMNAWAVE_TOKEN';
  return wrong(`${missing} is not set: access is not delivered`, more);
}

const EXPLAINED: Readonly<Record<string, readonly [says: string, mend: string]>> = {
  'provisioning.panel_credentials': ['the panel refuses the token', NEW_TOKEN],
  'provisioning.panel_misconfigured': [
    'something else than the panel answers',
    'REMNAWAVE_URL is the address without /api; a proxy before it wants REMNAWAVE_HEADERS or REMNAWAVE_COOKIE',
  ],
  'provisioning.panel_unavailable': [
    'the panel does not answer',
    'is it up, and may this machine reach it? Deliveries wait and are made when it is back',
  ],
};

function explain(error: unknown): Finding {
  if (!(error instanceof DomainError)) throw error;
  const [says, mend] = EXPLAINED[error.code] ?? ['the panel refuses to say its version', NEW_TOKEN];
  return wrong(`${says} (${error.message})`, { mend, page: PAGES.panel });
}

const payloadSchema = z.object({ exp: z.number().positive() });

/** Whole days until the `exp` of a JSON Web Token; undefined when it has none or is none. */
function daysLeft(token: string, now: Date): number | undefined {
  try {
    const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    const { exp } = payloadSchema.parse(JSON.parse(text));
    return Math.floor((exp * 1_000 - now.getTime()) / DAY_MS);
  } catch {
    // Another kind of token: how long it lasts is not written in it.
    return undefined;
  }
}

function inDays(days: number): string {
  return days === 1 ? '1 day' : `${String(days)} days`;
}
