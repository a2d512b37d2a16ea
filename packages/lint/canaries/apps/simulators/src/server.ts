// clean
import '@opora/kernel';
