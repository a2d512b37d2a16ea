// flagged: gateway-without-modules
import '../compose-edge.ts';
