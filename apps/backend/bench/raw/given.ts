/** What every raw program shares: its orders come as one argument of JSON, it leaves with its parent. */
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

/** Unchecked: written by the benchmark beside it. */
export function given(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}

/** Processor time as the roles tell it on /metrics. */
export function cpuText(): string {
  const { user, system } = process.cpuUsage();
  return `process_cpu_seconds ${String((user + system) / 1e6)}\n`;
}
