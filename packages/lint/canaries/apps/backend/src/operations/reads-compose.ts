// flagged: left-only-operations
import '../compose.ts';
