/** Debian's nginx as a proxy that does what our gateway does, one worker, started from a folder of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/platform/clock/index.ts';
import type { Lifecycle } from '../../src/platform/lifecycle/index.ts';
import { BenchSkipped } from './rounds.ts';

const READY_TRIES = 100;
const READY_PAUSE_MS = 50;

export type NginxOptions = Readonly<{
  folder: string;
  port: number;
  upstreamPort: number;
  /** Writes an access log, limits the rate and asks the upstream about every request. */
  guards: boolean;
}>;

/** Resolves with the pid of the worker when it answers; throws `BenchSkipped` where there is none. */
export async function startNginx(options: NginxOptions, lifecycle: Lifecycle): Promise<number> {
  if (spawnSync('nginx', ['-v']).status !== 0) {
    throw new BenchSkipped('nginx is not installed (apt-get install nginx-light)');
  }
  const { folder, port } = options;
  const file = join(folder, `nginx-${String(port)}.conf`);
  await writeFile(file, configuration(options));
  const master = spawn('nginx', ['-c', file, '-e', 'stderr'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const left = new Promise<'left'>((resolve) => {
    master.once('exit', () => {
      resolve('left');
    });
  });
  lifecycle.onStop(`nginx ${String(port)}`, async () => {
    master.kill('SIGTERM');
    await left;
  });
  for (let tries = 0; tries < READY_TRIES; tries += 1) {
    const answers = await fetch(`http://127.0.0.1:${String(port)}/`).then(
      ({ ok }) => ok,
      () => false,
    );
    const worker = answers ? await onlyChildOf(master.pid) : undefined;
    if (worker !== undefined) return worker;
    await Promise.race([systemClock.sleep(READY_PAUSE_MS), left]);
  }
  throw new Error('nginx does not answer');
}

async function onlyChildOf(pid: number | undefined): Promise<number | undefined> {
  const path = `/proc/${String(pid)}/task/${String(pid)}/children`;
  const [child] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
  return child === undefined || child === '' ? undefined : Number(child);
}

/** The rate is far above the load: the limit is counted for every request and refuses none. */
function configuration({ folder, port, upstreamPort, guards }: NginxOptions): string {
  const own = (name: string): string => join(folder, `nginx-${String(port)}-${name}`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${own(name)};`,
  );
  return `
    daemon off;
    worker_processes 1;
    pid ${own('pid')};
    error_log stderr warn;
    events { worker_connections 1024; }
    http {
      ${temporary.join('\n')}
      access_log ${guards ? `${own('access.log')} combined` : 'off'};
      keepalive_requests 1000000000;
      keepalive_timeout 65s;
      server_tokens off;
      limit_req_zone $binary_remote_addr zone=everybody:1m rate=1000000r/s;
      upstream api {
        server 127.0.0.1:${String(upstreamPort)} max_fails=3 fail_timeout=5s;
        keepalive 256;
        keepalive_requests 1000000000;
      }
      server {
        listen 127.0.0.1:${String(port)};
        location / {
          ${guards ? 'limit_req zone=everybody burst=10000 nodelay;' : ''}
          ${guards ? 'auth_request /authorise;' : ''}
          proxy_pass http://api;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_set_header X-Request-Id $request_id;
          proxy_set_header X-Forwarded-For $remote_addr;
          proxy_set_header Forwarded "";
          proxy_hide_header X-Powered-By;
          add_header X-Request-Id $request_id;
          add_header X-Frame-Options DENY;
          add_header Referrer-Policy no-referrer;
          add_header Strict-Transport-Security "max-age=63072000";
        }
        location = /authorise {
          internal;
          proxy_pass http://api/authorise;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_pass_request_body off;
          proxy_set_header Content-Length "";
        }
      }
    }`;
}
