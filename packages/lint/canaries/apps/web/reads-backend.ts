// flagged: web-knows-contracts
import '../backend/src/modules/ledger/index.ts';
