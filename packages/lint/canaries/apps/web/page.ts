// clean
import '@opora/contracts';
import '@opora/kernel';
