// flagged: @typescript-eslint/no-floating-promises
const work = async (): Promise<void> => Promise.resolve();

export function start(): void {
  work();
}
