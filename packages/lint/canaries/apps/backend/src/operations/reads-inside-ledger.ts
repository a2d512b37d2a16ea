// flagged: face-only
import '../modules/ledger/service.ts';
