// flagged: kernel-tests-are-pure
import 'vitest';
import '../../testkit/src/index.ts';
