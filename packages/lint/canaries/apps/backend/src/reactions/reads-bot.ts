// flagged: left-only-reactions
import '../bot/index.ts';
