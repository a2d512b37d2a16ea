// flagged: edge-by-roles
import '../modules/payments/edge/http.ts';
