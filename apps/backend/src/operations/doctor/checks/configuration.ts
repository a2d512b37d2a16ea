import { configSchema } from '../../../config/schema.ts';
import { UNUSED_KEYS } from '../../../config/unused-keys.ts';
import type { Environment } from '../../../config/load.ts';
import type { Config } from '../../../config/shape.ts';
import { CHILD_MARK } from '../../local-platform/previous-run.ts';
import { good, PAGES, warning, type Check } from '../check.ts';

/** Whoever begins a setting with these means one of ours. */
const OURS =
  /^(?:OPORA|DATABASE|TELEGRAM|REMNAWAVE|YOOKASSA|TKASSA|FREEKASSA|STRIPE|PAYPAL|CRYPTOPAY|TRIBUTE|SMTP|MAIL)_/;

/**
 * The settings are well-formed (else nothing could be looked at): is every one of them read, and do
 * they fit the environment?
 */
export function checkConfiguration(config: Config, environment: Environment): Check {
  return {
    name: 'configuration',
    async run() {
      const unread = Object.keys(environment).filter(isUnread);
      if (unread.length > 0) {
        return warning(`nobody reads ${unread.join(', ')}`, {
          mend: 'a slip of the pen? `npx opora config` lists every setting there is',
          page: PAGES.settings,
        });
      }
      if (config.environment === 'production' && config.database.embedded) {
        return warning('production on the embedded database, which nobody backs up', {
          mend: 'set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL you back up',
          page: PAGES.toReal,
        });
      }
      if (config.environment === 'staging' && config.sitePassword === undefined) {
        return warning('staging is open to everybody who finds it', {
          mend: 'set OPORA_SITE_PASSWORD, or let only your networks through the proxy before it',
          page: PAGES.settings,
        });
      }
      const unused = Object.keys(UNUSED_KEYS).filter((key) => isSet(environment, key));
      if (unused.length > 0) {
        const why = new Set(unused.map((key) => UNUSED_KEYS[key]));
        return warning(`${unused.join(', ')}: set, and of no use to Opora`, {
          mend: `${[...why].join('; ')}. Take it away where nothing else needs it`,
          page: PAGES.settings,
        });
      }
      const world = config.simulators ? 'simulated world' : 'real services';
      return good(`${config.environment}, product ${config.product}, ${world}`);
    },
  };
}

function isSet(environment: Environment, key: string): boolean {
  return environment[key] !== undefined || environment[`${key}_FILE`] !== undefined;
}

function isUnread(key: string): boolean {
  if (!OURS.test(key) || key === CHILD_MARK) return false;
  return !Object.hasOwn(configSchema.shape, key.replace(/_FILE$/, ''));
}
