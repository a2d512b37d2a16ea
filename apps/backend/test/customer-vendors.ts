/** The vendors behind the customer's API: a shop that remembers what it was asked, a panel with phones. */
import type { PaymentOrder, StartedPayment } from '../src/modules/payments/provider.ts';
import type { PanelDevice } from '../src/modules/provisioning/panel.ts';
import { ScriptedPanel } from './scripted-panel.ts';
import { ScriptedProvider } from './scripted-provider.ts';

export class Shop extends ScriptedProvider {
  readonly asked: PaymentOrder[] = [];
  override start(order: PaymentOrder): Promise<StartedPayment> {
    this.asked.push(order);
    return super.start(order);
  }
}

export class Phones extends ScriptedPanel {
  held: PanelDevice[] = [];
  override devices(): Promise<readonly PanelDevice[]> {
    return Promise.resolve(this.held);
  }
  override removeDevice(_account?: unknown, hwid?: string): Promise<void> {
    this.held = this.held.filter((device) => device.hwid !== hwid);
    return Promise.resolve();
  }
}
