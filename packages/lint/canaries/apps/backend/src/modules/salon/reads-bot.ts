// flagged: left-only-modules
import '../../bot/index.ts';
