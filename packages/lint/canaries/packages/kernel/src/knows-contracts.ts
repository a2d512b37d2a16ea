// flagged: kernel-is-pure
import type {} from '@opora/contracts';
