import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../platform/log/index.ts';
import { keepServer } from './keep.ts';

const log = createLog({ level: 'fatal', role: 'test', write: () => undefined });

/** Servers one after another; `answers` says whether the present one greets. */
async function createStage() {
  const clock = createManualClock();
  const killed: number[] = [];
  let [lives, answers] = [0, true];
  const cluster = {
    start() {
      lives += 1;
      const pid = lives;
      answers = true;
      const ended = Promise.withResolvers<string>();
      const end = (words: string): void => {
        ended.resolve(words);
      };
      return Promise.resolve({
        ...{ pid, exited: ended.promise, leftovers: 'none' as const },
        stop() {
          end('stopped');
          return Promise.resolve();
        },
        kill() {
          killed.push(pid);
          end('SIGKILL');
        },
      });
    },
  };
  const greet = (): Promise<void> =>
    answers ? Promise.resolve() : Promise.reject(new Error('late'));
  const kept = await keepServer({ cluster, greet, clock, chance: () => 0, log });
  return {
    ...{ clock, killed, kept },
    hang: () => (answers = false),
    answer: () => (answers = true),
  };
}

describe('a server of ours that greets nobody', () => {
  it('is killed after ninety seconds, and another one is started', async () => {
    const { clock, killed, kept, hang } = await createStage();
    await clock.advance(60_000);
    hang();
    await clock.advance(89_000);
    expect(killed).toEqual([]);
    await clock.advance(11_000);
    expect([killed, kept.pid(), kept.accepting()]).toEqual([[1], 2, true]);
    await clock.advance(10 * 60_000);
    expect(killed).toEqual([1]);
    await kept.stop();
  });

  it('is left alone when it answers in between', async () => {
    const { clock, killed, kept, hang, answer } = await createStage();
    for (let times = 0; times < 5; times += 1) {
      hang();
      await clock.advance(80_000);
      answer();
      await clock.advance(10_000);
    }
    expect([killed, kept.restarts()]).toEqual([[], 0]);
    await kept.stop();
  });
});
