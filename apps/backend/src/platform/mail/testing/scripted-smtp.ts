/**
 * For tests: a real SMTP server on a free local port that answers from a script, so that the mailer
 * meets true sockets, refusals, cuts and silence instead of a mock. It keeps what it took.
 */
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export type TakenMail = Readonly<{
  from: string;
  to: readonly string[];
  /** Names in lower case, values unfolded, as they came on the wire. */
  headers: readonly (readonly [string, string])[];
  raw: string;
}>;

/** A reply line; `cut` ends the connection instead, `silence` says nothing for ever. */
export type Reply = `${number} ${string}` | 'cut' | 'silence';

/** `END` is the moment after the mail's last line: the mail is taken whatever the reply is. */
type Step = 'MAIL' | 'RCPT' | 'DATA' | 'END' | 'AUTH';

export interface ScriptedSmtp {
  readonly url: string;
  readonly mails: readonly TakenMail[];
  readonly connections: number;
  answer(step: Step, reply: Reply): void;
  clear(): void;
  close(): Promise<void>;
}

export async function startScriptedSmtp(): Promise<ScriptedSmtp> {
  const script = new Map<Step, Reply>();
  const mails: TakenMail[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    converse(socket, script, (mail) => mails.push(mail));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP listener always has one
  return {
    url: `smtp://127.0.0.1:${String(port)}`,
    mails,
    get connections() {
      return connections;
    },
    answer(step, reply) {
      script.set(step, reply);
    },
    clear() {
      script.clear();
      mails.length = 0;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function converse(
  socket: Socket,
  script: ReadonlyMap<Step, Reply>,
  take: (mail: TakenMail) => void,
): void {
  let waiting = '';
  let data: string | undefined;
  let from = '';
  let to: string[] = [];
  const reply = (step: Step | undefined, usual: string): void => {
    const scripted = step === undefined ? undefined : script.get(step);
    if (scripted === 'silence') return;
    if (scripted === 'cut') socket.destroy();
    else socket.write(`${scripted ?? usual}\r\n`);
  };
  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') reply(undefined, '250-scripted\r\n250-8BITMIME\r\n250 AUTH PLAIN');
    else if (verb === 'AUTH') reply('AUTH', '235 2.7.0 fine');
    else if (verb === 'MAIL') {
      from = addressIn(line);
      to = [];
      reply('MAIL', '250 2.1.0 fine');
    } else if (verb === 'RCPT') {
      to.push(addressIn(line));
      reply('RCPT', '250 2.1.5 fine');
    } else if (verb === 'DATA') {
      data = '';
      reply('DATA', '354 go on');
    } else if (verb === 'QUIT' || verb === 'RSET') reply(undefined, '250 2.0.0 fine');
    else reply(undefined, '502 5.5.1 unknown command');
  };
  const lineOf = (line: string): void => {
    if (data === undefined) {
      command(line);
    } else if (line === '.') {
      take({ from, to, headers: headersOf(data), raw: data });
      data = undefined;
      reply('END', '250 2.0.0 queued as 1');
    } else data += `${line.startsWith('..') ? line.slice(1) : line}\r\n`;
  };
  socket.write('220 scripted ESMTP\r\n');
  socket.on('data', (chunk) => {
    const lines = (waiting + chunk.toString('latin1')).split('\r\n');
    waiting = lines.pop() ?? '';
    lines.forEach(lineOf);
  });
}

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';

function headersOf(raw: string): [string, string][] {
  const head = raw.split('\r\n\r\n', 1)[0] ?? '';
  return head
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
}
