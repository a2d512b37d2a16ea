// flagged: left-only-platform
import '../config/load.ts';
