// flagged: backend-stands-alone
import '../../../simulators/src/server.ts';
