/**
 * The supervisor of a laptop and of the drills: one process for each role, started again when it
 * dies, ended in an order that loses nothing. In production the host does this work (systemd,
 * Compose, Kubernetes).
 */
import type { Clock } from '@opora/kernel';
import { beginLife, type Life, type Program } from '../process/life.ts';
import { Child, type ChildDeps, type ChildSpec, type ChildState } from './child.ts';

export { SuccessorFailed, type ChildSpec, type ChildState } from './child.ts';
export type ChildStatus = ReturnType<Child['status']>;

/** Doors first, then those who work, then what they stand on. */
export const STOP_ORDER = [
  ...['web', 'gateway', 'bot', 'api', 'auth', 'worker', 'monitor', 'simulators', 'database'],
] as const;

export type Supervisor = ReturnType<typeof createSupervisor>;

export function createSupervisor(deps: ChildDeps) {
  const children: Child[] = [];
  const task = createTask(deps.clock);
  let stopped: Promise<void> | undefined;
  const over = Promise.withResolvers<undefined>();

  async function stopAll(): Promise<void> {
    await task.end();
    await stopInOrder(children);
    over.resolve(undefined);
  }

  return {
    get stopping() {
      return stopped !== undefined;
    },
    /** Resolves when a stop has ended everything. */
    over: over.promise,
    status: (): ChildStatus[] => children.map((child) => child.status()),
    /** Adds a child; resolves with `ready`, `given_up`, or `stopped` when all leave meanwhile. */
    async launch(spec: ChildSpec): Promise<ChildState> {
      if (stopped !== undefined) return 'stopped';
      const child = new Child(spec, deps);
      children.push(child);
      return await child.start();
    },
    /** Runs a program to its end; resolves with its exit code, or -1 after a signal. */
    async run(program: Program, onLine: (line: string) => void): Promise<number> {
      return stopped === undefined ? await task.run(program, onLine) : -1;
    },
    /**
     * `api` or `api#1`: one instance after the other, so that some instance always serves. Throws
     * `SuccessorFailed` when the next life of one is no good; the present one serves on then.
     */
    async restart(name: string): Promise<ChildStatus[]> {
      const chosen = children.filter((c) => name === c.spec.role || name === c.status().name);
      for (const child of chosen) {
        if (stopped !== undefined) break;
        if ((await child.restart()) !== 'ready') break;
      }
      return chosen.map((child) => child.status());
    },
    /**
     * Ends the present life of one that hangs, without asking it; what follows is the policy's
     * matter, as after any death. False: there is none of this name, or it does not live.
     */
    replace(name: string): boolean {
      const child = children.find((one) => one.status().name === name);
      if (child?.status().pid === undefined) return false;
      child.kill();
      return true;
    },
    /** Ends one for good: nobody follows it. */
    async retire(name: string): Promise<void> {
      const child = children.find((one) => one.status().name === name);
      await child?.stop();
      children.splice(0, Infinity, ...children.filter((one) => one !== child));
    },
    /** To every ready child of a role. */
    signal(role: string, name: NodeJS.Signals): void {
      for (const child of children) if (child.spec.role === role) child.signal(name);
    },
    stop: (): Promise<void> => (stopped ??= stopAll()),
    /** Nothing is waited for: everything that lives is killed. */
    killAll(): void {
      task.kill();
      for (const child of children) child.kill();
    },
  };
}

async function stopInOrder(children: readonly Child[]): Promise<void> {
  for (const role of new Set<string>([...STOP_ORDER, ...children.map((c) => c.spec.role)])) {
    await Promise.all(children.filter((c) => c.spec.role === role).map((c) => c.stop()));
  }
}

/** One program at a time that is run to its end. */
function createTask(clock: Clock) {
  let life: Life | undefined;
  return {
    async run(program: Program, onLine: (line: string) => void): Promise<number> {
      life = beginLife(program, { clock, onLine });
      const { code } = await life.ended;
      life = undefined;
      return code ?? -1;
    },
    end: async (): Promise<void> => life?.end(),
    kill: (): void => life?.kill(),
  };
}
