// flagged: kernel-is-pure
import 'node:crypto';
