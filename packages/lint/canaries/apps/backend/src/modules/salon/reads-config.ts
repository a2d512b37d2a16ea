// flagged: left-only-modules
import '../../config/load.ts';
