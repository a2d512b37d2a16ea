import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { stillWanted } from './index.ts';
import { setUp } from './testing/app.ts';

/** The route does its work only when it is wanted; one caller stays, one hangs up after its question. */
async function ask(leaves: boolean): Promise<string> {
  const { app, http } = setUp();
  const outcome = Promise.withResolvers<string>();
  app.post('/once', { config: { permission: 'public' } }, async (request) => {
    await stillWanted(request).then(
      () => {
        outcome.resolve('done');
      },
      (error: unknown) => {
        outcome.resolve(error instanceof Error ? error.name : 'odd');
      },
    );
    return {};
  });
  const socket = connect(await http.listen(0), '127.0.0.1');
  await once(socket, 'connect');
  const question = 'POST /once HTTP/1.1\r\nhost: here\r\ncontent-length: 0\r\n\r\n';
  if (leaves) socket.end(question);
  else socket.write(question);
  const found = await outcome.promise;
  socket.destroy();
  return found;
}

it('what must not be done late is not done for a caller who hung up (a stopped process that goes on)', async () => {
  expect(await ask(false)).toBe('done');
  expect(await ask(true)).toBe('DeadlineExceeded');
});
