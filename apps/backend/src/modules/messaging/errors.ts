import { OperationalError } from '@opora/kernel';

/** The channel could not be reached, or asked us to wait (`retryAfterMs`): sent later. */
export class ChannelUnavailable extends OperationalError {
  readonly code = 'messaging.channel_unavailable';
}
