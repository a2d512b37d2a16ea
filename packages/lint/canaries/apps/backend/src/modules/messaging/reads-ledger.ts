// flagged: module-order-messaging
import '../ledger/index.ts';
