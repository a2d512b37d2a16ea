import type { Simulator, World } from '../world.ts';
import { openBox, type Fate, type Manner, type StoredMail } from './box.ts';
import { registerControl } from './control.ts';
import { befall, TARGET } from './events.ts';
import { registerPages } from './pages/index.ts';
import { createSmtp } from './smtp.ts';

/** What becomes of mail to an address of each manner; a refused one was never taken. */
const FATES: Readonly<Record<Exclude<Manner, 'refuse'>, readonly Fate[]>> = {
  bounce: ['bounce'],
  block: ['blocked'],
  complain: ['delivered', 'spamreport'],
};

/**
 * A mail service with the mailbox behind it: SMTP for whoever sends, a page for whoever reads, and
 * SendGrid's signed events about what became of each mail. Nothing leaves the machine.
 */
export function createMail(world: World): Simulator {
  const box = openBox(world);
  const smtp = createSmtp(world, box, (mail) => {
    world.store.together(() => {
      for (const fate of fatesOf(mail)) mail = befall(world, box, { mail, fate });
    });
  });

  function fatesOf(mail: StoredMail): readonly Fate[] {
    if (box.droppedReason(mail.to) !== undefined) return ['dropped'];
    const manner = box.mannerOf(mail.to);
    return manner === undefined || manner === 'refuse' ? ['delivered'] : FATES[manner];
  }

  return {
    id: TARGET,
    title: 'SMTP, SendGrid',
    about:
      'A mail server and the mailbox behind it: whatever the platform sends is read here. Reports of deliveries and bounces come back signed, as SendGrid signs them.',
    links: [{ title: 'Mailbox', href: '/mail/' }],
    register(router) {
      registerControl(router, world, box);
      registerPages(router, world, box);
    },
    async start() {
      const port = await smtp.listen(world.config.mail.port);
      world.log(`simulators: mail is taken on smtp://127.0.0.1:${String(port)}`);
    },
    stop: () => smtp.stop(),
  };
}
