import type { Clock } from '@opora/kernel';
import {
  isThisMachine,
  readCertificate,
  resolveByName,
  type Certificate,
  type Outside,
} from '../../certificate.ts';
import { good, PAGES, skipped, warning, wrong, type Check, type Finding } from '../check.ts';

const DAY_MS = 86_400_000;
/** Renewal by machine comes 30 days before; when it has not come by now, nobody renews. */
const WARNING_DAYS = 14;

/** The name is known, and who answers there proves to be it. `key` is the setting's name. */
export function checkAddress(
  key: string,
  address: string | undefined,
  deps: { clock: Clock; outside?: Outside },
): Check {
  const { clock, outside = { resolve: resolveByName } } = deps;
  return {
    name: key === 'OPORA_WEB_URL' ? 'web address' : 'public address',
    async run() {
      if (address === undefined) return skipped(`${key} is not set: this machine only`);
      const url = new URL(address);
      if (isThisMachine(url)) return skipped(`${url.host} is this machine`);
      if (url.protocol !== 'https:') {
        return wrong(`${key} is not https: nobody outside should send secrets there`, {
          mend: 'a TLS proxy (nginx, Caddy) before the platform, and https:// in the setting',
          page: PAGES.toReal,
        });
      }
      const ip = await outside.resolve(url.hostname).catch(() => undefined);
      if (ip === undefined) {
        return wrong(`nobody knows the name ${url.hostname}`, {
          mend: `an A record for it where the domain is managed, or mend ${key}`,
          page: PAGES.toReal,
        });
      }
      return judge(await readCertificate(url, ip, outside), { url, ip, now: clock.now() });
    },
  };
}

function judge(
  found: Certificate | string,
  { url, ip, now }: { url: URL; ip: string; now: Date },
): Finding {
  const page = PAGES.toReal;
  if (typeof found === 'string') {
    return wrong(`${url.host} (${ip}) does not answer: ${found}`, {
      mend: 'the proxy must listen there and the firewall let it through',
      page,
    });
  }
  if (found.problem !== undefined) {
    return wrong(`the certificate of ${url.host} does not hold: ${found.problem}`, {
      mend: 'renew it, with its whole chain and this very name (certbot or the proxy does it)',
      page,
    });
  }
  const days = Math.floor((found.validTo.getTime() - now.getTime()) / DAY_MS);
  const says = `${url.hostname} is ${ip}, its certificate lasts ${String(days)} days`;
  if (days >= WARNING_DAYS) return good(says);
  return warning(says, { mend: 'its renewal did not come: look at certbot or the proxy', page });
}
