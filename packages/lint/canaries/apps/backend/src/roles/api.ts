// clean
import '../compose.ts';
import '../modules/payments/edge/http.ts';
