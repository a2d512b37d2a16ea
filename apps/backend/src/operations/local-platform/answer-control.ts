/** The supervisor's side of the control socket. */
import { readFile } from 'node:fs/promises';
import type { ChildFacts, ControlAnswer, ControlRequest } from '../control/index.ts';
import { SuccessorFailed, type ChildStatus, type Supervisor } from '../supervisor/index.ts';

export async function answerControl(
  supervisor: Supervisor,
  request: ControlRequest,
  { isReady, reload }: { isReady: () => boolean; reload: () => Promise<string | undefined> },
): Promise<ControlAnswer> {
  let problem: string | undefined;
  if (request.command === 'restart') problem = await restart(supervisor, request.name);
  if (request.command === 'reload') problem = await reload();
  if (request.command === 'replace' && !supervisor.replace(request.name)) {
    problem = `no process of ${request.name} lives here`;
  }
  const children = await Promise.all(supervisor.status().map(facts));
  const answer = { ok: problem === undefined, pid: process.pid, ready: isReady(), children };
  return problem === undefined ? answer : { ...answer, problem };
}

/** Undefined: done; else what went wrong. */
async function restart(supervisor: Supervisor, name: string): Promise<string | undefined> {
  try {
    const restarted = await supervisor.restart(name);
    if (restarted.length === 0) {
      const names = [...new Set(supervisor.status().map((child) => child.role))].join(', ');
      return `no role ${name} runs here: ${names}`;
    }
    const failed = restarted.filter((child) => child.state !== 'ready');
    const words = failed.map((child) => `${child.name} is ${child.state}`).join(', ');
    return words === '' ? undefined : words;
  } catch (error) {
    if (error instanceof SuccessorFailed) return error.message;
    throw error;
  }
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
