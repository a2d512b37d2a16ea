import type { Host } from './state.ts';
import type { Status, User } from './user.ts';

export type Trouble = Exclude<Status, 'ACTIVE'> | 'NO_HOSTS' | 'NO_HWID' | 'TOO_MANY_DEVICES';

/** What a placeholder says in place of a server's name; apps show it in their server list. */
const REMARKS: Readonly<Record<Trouble, readonly string[]>> = {
  NO_HOSTS: ['→ Remnawave', '→ No hosts found', '→ Check Hosts tab', '→ Check Internal Squads tab'],
  EXPIRED: ['⌛ Subscription expired', 'Contact support'],
  LIMITED: ['🚧 Subscription limited', 'Contact support'],
  DISABLED: ['🚫 Subscription disabled', 'Contact support'],
  NO_HWID: ['App not supported'],
  TOO_MANY_DEVICES: ['Limit of devices reached'],
};

const NOWHERE = 'vless://00000000-0000-0000-0000-000000000000@0.0.0.0:1';

/** Links that lead nowhere: all-zero uuid and address, by which a smoke test knows them. */
export function placeholders(trouble: Trouble): string[] {
  return REMARKS[trouble].map(
    (remark) => `${NOWHERE}?encryption=none&type=tcp&security=none#${encodeURIComponent(remark)}`,
  );
}

/** One link per host, as an app would import it; the hosts themselves do not exist. */
export function hostLinks(user: User, hosts: readonly Host[]): string[] {
  return hosts.map(({ remark, address, port }) => {
    const settings = new URLSearchParams({
      encryption: 'none',
      type: 'tcp',
      security: 'tls',
      sni: address,
      fp: 'chrome',
    });
    const server = `${user.vlessUuid}@${address}:${String(port)}`;
    return `vless://${server}?${settings.toString()}#${encodeURIComponent(remark)}`;
  });
}
