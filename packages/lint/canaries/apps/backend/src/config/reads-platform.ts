// flagged: left-only-config
import '../platform/clock/index.ts';
