// flagged: simulators-know-kernel
import '@opora/contracts';
