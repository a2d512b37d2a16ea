// flagged: face-only-between-modules
import '../ledger/service.ts';
