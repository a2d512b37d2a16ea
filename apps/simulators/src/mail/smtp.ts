/** The SMTP side: takes mail as SendGrid's relay does, with the faults of the simulators. */
import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { World } from '../world.ts';
import type { Box, StoredMail } from './box.ts';
import { readContent } from './content.ts';
import { TARGET } from './events.ts';

const MAIL_MAX_BYTES = 10 * 1024 * 1024;
const NOBODY = '5.1.1 The email account that you tried to reach does not exist';
const HOLD_MS = 30_000;
const SLOW_MS = { least: 1_000, spread: 2_000 };

export interface Smtp {
  /** Resolves with the port. */
  listen(port: number): Promise<number>;
  stop(): Promise<void>;
}

/** `taken` is called for each recipient of a mail that was taken. */
export function createSmtp(world: World, box: Box, taken: (mail: StoredMail) => void): Smtp {
  const sockets = new Map<number, Socket>();
  const stopping = new AbortController();
  /** The connection dies without another word: the sender learns nothing. */
  const cut = (session: SMTPServerSession): void => {
    sockets.get(session.remotePort)?.destroy();
  };

  const server = new SMTPServer({
    name: 'smtp.sendgrid.net',
    banner: 'simulated',
    // Anybody may in: passwords are the operator's, and nothing here leaves the machine.
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: MAIL_MAX_BYTES,
    rejectOversized: true,
    onAuth: ({ username }, _session, answer) => {
      answer(null, { user: username ?? 'anybody' });
    },
    onMailFrom: (_address, session, answer) => {
      if (world.faults.strikes(TARGET, 'timeout')) {
        void world.clock.sleep(HOLD_MS, stopping.signal).then(() => cut(session));
      } else if (world.faults.strikes(TARGET, 'error')) {
        answer(reply(451, '4.3.0 try again later'));
      } else answer();
    },
    onRcptTo: ({ address }, _session, answer) => {
      const isRefused = box.mannerOf(address) === 'refuse';
      answer(isRefused ? reply(550, NOBODY) : null);
    },
    onData: (stream, session, answer) => {
      void receive({ world, box, taken, signal: stopping.signal }, stream, session).then(
        (isHeard) => {
          if (isHeard) answer(null, 'Ok: queued as simulated');
          else cut(session);
        },
        (error: unknown) => {
          world.log(`mail: not taken: ${String(error)}`);
          answer(reply(451, '4.3.0 the simulator failed, see its log'));
        },
      );
    },
  });
  server.on('error', (error) => {
    world.log(`mail: ${String(error)}`);
  });
  server.server.on('connection', (socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.on('close', () => sockets.delete(port));
  });

  return {
    listen: (port) => listenOn(server, port),
    async stop() {
      stopping.abort();
      for (const socket of sockets.values()) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

function listenOn(server: SMTPServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.server.address();
      resolve(typeof address === 'object' ? (address?.port ?? port) : port);
    });
  });
}

/** False: taken, but the answer is lost. */
async function receive(
  office: { world: World; box: Box; taken: (mail: StoredMail) => void; signal: AbortSignal },
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<boolean> {
  const { world, box } = office;
  const content = await readContent(stream);
  if (world.faults.strikes(TARGET, 'slow')) {
    const ms = SLOW_MS.least + SLOW_MS.spread * world.faults.amount(TARGET, 'slow');
    await world.clock.sleep(ms, office.signal);
  }
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  for (const { address } of envelope.rcptTo) {
    const mail = box.take({ ...content, from, to: address });
    world.journal.add({
      target: TARGET,
      direction: 'to-vendor',
      summary: `mail to ${address}`,
      detail: { id: mail.id, subject: mail.subject, arrivals: mail.arrivals.length },
    });
    office.taken(mail);
  }
  return !world.faults.strikes(TARGET, 'drop-answer');
}

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
