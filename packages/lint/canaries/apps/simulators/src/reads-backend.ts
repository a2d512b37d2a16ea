// flagged: simulators-know-kernel
import '../../backend/src/modules/ledger/index.ts';
