// clean
import '@opora/testkit';
import '../ledger/service.ts';
