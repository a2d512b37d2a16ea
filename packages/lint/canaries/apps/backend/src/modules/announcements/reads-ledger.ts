// flagged: module-order-announcements
import '../ledger/index.ts';
