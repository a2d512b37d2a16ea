import { composeModules } from '../compose.ts';
import { loadConfig } from '../config/load.ts';

export const help = `opora owner-code [--if-none] [--reset <e-mail>]

  A one-time code for <web>/admin/first-owner, good for 24 hours; a new one voids the one before.

  (nothing)        while nobody owns the platform: whoever enters it becomes the first owner
  --if-none        the same, and no failure when there is an owner
  --reset <e-mail> for this owner, who lost the password or the second factor: both are set anew
                   with the code, and all sessions of the owner end then

  Whoever runs it has a shell on this server; every code is in the audit log.`;

const EXIT_USAGE = 64;

export async function run(args: readonly string[]): Promise<number> {
  const [flag, email] = args;
  const isReset = flag === '--reset' && email !== undefined && args.length === 2;
  const isIfNone = flag === '--if-none' && args.length === 1;
  if (args.length > 0 && !isReset && !isIfNone) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const config = loadConfig();
  const parts = await composeModules(config, 'owner-code', 0);
  try {
    const code = await parts.signIn.ownerCode(isReset ? email : undefined);
    if (code === undefined) {
      if (isIfNone) return 0;
      process.stderr.write('there is an owner: --reset <e-mail> makes a way back in\n');
      return 1;
    }
    // This very line is what `opora up` looks for.
    process.stdout.write(`owner code: ${code}\n`);
    return 0;
  } finally {
    await parts.lifecycle.stop('done');
  }
}
