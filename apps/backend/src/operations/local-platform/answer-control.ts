/** The supervisor's side of the control socket. */
import { readFile } from 'node:fs/promises';
import type { ChildFacts, ControlAnswer, ControlRequest } from '../control/index.ts';
import type { ChildStatus, Supervisor } from '../supervisor/index.ts';

export async function answerControl(
  supervisor: Supervisor,
  request: ControlRequest,
  isReady: () => boolean,
): Promise<ControlAnswer> {
  let problem: string | undefined;
  if (request.command === 'restart') {
    const restarted = await supervisor.restart(request.name);
    const failed = restarted.filter((child) => child.state !== 'ready');
    if (restarted.length === 0) {
      const names = [...new Set(supervisor.status().map((child) => child.role))].join(', ');
      problem = `no role ${request.name} runs here: ${names}`;
    } else if (failed.length > 0) {
      problem = failed.map((child) => `${child.name} is ${child.state}`).join(', ');
    }
  }
  if (request.command === 'replace' && !supervisor.replace(request.name)) {
    problem = `no process of ${request.name} lives here`;
  }
  const children = await Promise.all(supervisor.status().map(facts));
  const answer = { ok: problem === undefined, pid: process.pid, ready: isReady(), children };
  return problem === undefined ? answer : { ...answer, problem };
}

async function facts(child: ChildStatus): Promise<ChildFacts> {
  const { pid, since, ends, ...rest } = child;
  const memoryBytes = pid === undefined ? undefined : await residentBytes(pid);
  return {
    ...rest,
    since: since.toISOString(),
    ends: ends.map((end) => ({ ...end, at: end.at.toISOString() })),
    ...(pid === undefined ? {} : { pid }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}

/** Undefined where there is no /proc. */
async function residentBytes(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
