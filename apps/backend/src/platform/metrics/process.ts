import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './registry.ts';

const NANOSECONDS = 1e9;
/** How often the loop's delay is sampled, milliseconds; finer costs processor time. */
const SAMPLE_EVERY_MS = 20;

/** What every process tells about itself. Returns how to stop the sampling. */
export function observeProcess(metrics: Metrics, version: string): () => void {
  metrics.gauge('build_info', 'What runs here.', ['version']).cell(version).set(1);
  const delay = monitorEventLoopDelay({ resolution: SAMPLE_EVERY_MS });
  delay.enable();
  const cpu = (): number => {
    const usage = process.cpuUsage();
    return (usage.user + usage.system) / 1e6;
  };
  metrics.read('process_resident_memory_bytes', 'Resident memory.', () =>
    process.memoryUsage.rss(),
  );
  metrics.read('process_heap_used_bytes', 'Used heap.', () => process.memoryUsage().heapUsed);
  metrics.read('process_cpu_seconds', 'Processor time since the start.', cpu);
  metrics.read('process_uptime_seconds', 'Time since the start.', () => process.uptime());
  metrics.read(
    'event_loop_delay_p99_seconds',
    'How late timers were since the last reading.',
    () => {
      const seconds = delay.percentile(99) / NANOSECONDS;
      delay.reset();
      return seconds;
    },
  );
  return () => {
    delay.disable();
  };
}
