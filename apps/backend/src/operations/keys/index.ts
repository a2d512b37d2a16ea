/**
 * Sets of keys and their change (security I2, I6). A set is a setting, newest key first; the first
 * one seals and signs, all open and verify. Works where the sets lie in files of ours (`local.env`
 * of OPORA_HOME, or what `NAME_FILE` names); elsewhere it says what to do by hand.
 */
export { KeysNotOurs, openKeyFiles, type KeyFiles } from './key-files.ts';
export { KEY_CLASSES, keysIn, SETTING, type KeyClass } from './key-set-text.ts';
export {
  dropKey,
  KEPT_FOR_MS,
  KEY_HOLDERS,
  KeyKept,
  rotateKeys,
  type RotationDeps,
} from './rotation.ts';
