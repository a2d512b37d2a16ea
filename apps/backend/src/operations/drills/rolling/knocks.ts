/** Somebody new at each door, again and again: every call on a connection of its own. */
import type { Clock } from '@opora/kernel';
import { Agent, request } from 'undici';
import type { Config } from '../../../config/shape.ts';
import { whyUnanswered } from '../unanswered.ts';
import type { Call } from './report.ts';

const PAUSE_MS = 50;
const ANSWER_MS = 20_000;

export async function knockUntil(
  isOver: () => boolean,
  { config, clock, web }: { config: Config; clock: Clock; web: boolean },
): Promise<readonly Call[]> {
  const { gatewayUrl, ports, webUrl } = config;
  const doors = {
    gateway: `${gatewayUrl}/health/live`,
    diagnostics: `http://127.0.0.1:${String(ports.gatewayDiagnostics)}/health`,
    monitor: `http://127.0.0.1:${String(ports.monitor)}/system-health`,
    ...(web ? { web: webUrl } : {}),
  };
  // Without pipelining a connection serves one request.
  const dispatcher = new Agent({ pipelining: 0, headersTimeout: ANSWER_MS });
  const calls: Call[] = [];
  const knock = async ([kind, address]: readonly [string, string]): Promise<void> => {
    while (!isOver()) {
      const startedMs = clock.monotonicMs();
      const answered = await statusOf(address, dispatcher);
      calls.push({ kind, ...answered, tookMs: clock.monotonicMs() - startedMs });
      await clock.sleep(PAUSE_MS);
    }
  };
  await Promise.all(Object.entries(doors).map(knock));
  await dispatcher.destroy();
  return calls;
}

/** 0: no answer. */
async function statusOf(address: string, dispatcher: Agent): Promise<Pick<Call, 'status' | 'why'>> {
  try {
    const { statusCode, body } = await request(address, { dispatcher });
    await body.dump();
    return { status: statusCode };
  } catch (error) {
    return { status: 0, why: whyUnanswered(error) };
  }
}
