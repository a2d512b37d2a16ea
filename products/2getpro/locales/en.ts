import type { ru } from './ru.ts';

/** Every word of the bot in English; the same keys and values as in Russian. */
export const en: typeof ru = {
  messages: {
    'start.new':
      '<b>{product}</b>\n{promise}\n\nChoose a plan, pay, and your connection link arrives within a minute.',
    'start.back':
      'Welcome back, {name}.\nYour subscription works until <b>{until}</b>, {days} left.',
    'start.expired':
      'Welcome back, {name}.\nYour access ended on {at}. Your link and devices are kept: pay, and all works again.',
    menu: '<b>{product}</b>\nWhat would you like to do?',
    'calm.incident': 'We know and are mending it: {title}. Nothing paid for is lost.',
    'calm.maintenance': 'Planned work until {until}: {title}. Nothing paid for is lost.',
    help: 'I understand buttons and commands. Here is what you can do:',
    language: 'Which language do you prefer?',

    plans: '<b>Plans</b>\nDevices: up to {devices}. Traffic: {traffic}.\nChoose a term:',
    'plans.extend':
      '<b>Extend</b>\nYou have access until {until}. The new term is added to it: no days are lost.\nChoose a term:',
    'plans.none': 'No plans are on sale now. Current subscriptions work as usual.',
    price:
      '<b>{term}, {price}</b>\nAccess until {until}. That is {monthly} a month.\nRefund rules: /terms',
    'price.extend':
      '<b>{term}, {price}</b>\nThe term is added to yours: access until {until}. That is {monthly} a month.\nRefund rules: /terms',
    balance: '<b>Balance: {sum}</b>',
    'balance.also': 'and <b>{sum}</b>',
    'balance.held':
      'Set aside for an unpaid order: <b>{sum}</b>. If you do not pay it, it comes back here.',
    'balance.hint':
      'Your balance can pay for a subscription, or for a part of it and the rest any way you like.',
    'balance.in': '+{sum}: {what}, {at}',
    'balance.out': '−{sum}: {what}, {at}',
    'balance.kind.payment': 'top-up',
    'balance.kind.sale': 'subscription paid',
    'balance.kind.refund': 'refunded to you',
    'balance.kind.sale_refund': 'refund to the balance',
    'balance.kind.hold': 'part of an order',
    'balance.kind.release': 'back on the balance',
    'balance.kind.adjustment': 'changed by support',
    topUp: '<b>Top up your balance</b>\nHow would you like to pay?',
    'topUp.sum':
      '<b>Top up your balance</b>, {method}\nBy how much? The money stays yours until you spend it.',
    'pay.balance':
      'Your balance is <b>{balance}</b>, enough for this. We take <b>{price}</b> from it.',
    'pay.mixed':
      'Your balance is <b>{balance}</b>, the price <b>{price}</b>.\nWe take <b>{part}</b> from the balance, <b>{rest}</b> is left to pay. If you do not pay it, the balance gets its part back.',
    'pay.chooseRest': 'How would you like to pay the remaining <b>{price}</b>?',
    'pay.choose': 'How would you like to pay <b>{price}</b>?',
    'pay.resting':
      '⚠️ {method} cannot take payments right now. Choose another way, or come back later.',
    'pay.priceOf': '{method}: <b>{price}</b>',
    'pay.link':
      'Your bill for <b>{price}</b> is ready. The link works until {deadline}.\nWe write to you as soon as the money arrives.',
    'pay.linkRest':
      'Your bill for <b>{price}</b> is ready; <b>{part}</b> more is set aside from your balance. The link works until {deadline}.\nIf you do not pay, {part} goes back to your balance.',
    'pay.unavailable':
      '⚠️ {method}: the payment page does not open right now. You were not charged, your access is unchanged.\nTry again in a minute.',
    'pay.closed':
      'This bill was closed without a payment: you were not charged.\nTo buy, choose a term again.',
    waiting:
      '⏳ We do not see the payment yet. It usually takes up to a minute.\nIf you have paid, do nothing: the payment will not be lost.',

    'stars.closed': 'This bill cannot be paid any more. Choose a term again in the chat.',
    'stars.unsure':
      'We cannot take this payment right now. You were not charged; try again in a minute.',

    paid: '✅ <b>Paid: {price}</b>\nAccess until <b>{until}</b>, devices: {devices}, traffic: {traffic}.\n\nYour link (tap to copy):\n<code>{link}</code>',
    extended:
      '✅ <b>Extended: {price}</b>\nNow until <b>{until}</b>. Your link is the same, nothing to set up.',
    'paid.balance':
      '✅ <b>Paid from the balance: {price}</b>\nLeft on the balance: {left}. We are preparing access and write to you: usually within a minute.',
    'paid.preparing':
      '✅ <b>Paid: {price}</b>\nWe have the money and are preparing access: the access server is slow to answer.\nWe will send the link; no need to pay again.',
    twice:
      'Order {order} was paid twice. One subscription was given; the extra <b>{price}</b> is on your balance: <b>{balance}</b>.\nPay with it next time, or ask support for a refund.',
    toppedUp:
      '✅ <b>Your balance is topped up: {price}</b>\nIt is <b>{balance}</b> now. You can pay with it.',
    'refund.balance':
      '✅ We returned <b>{price}</b> to your balance. It is <b>{balance}</b> now.\nAccess: {access}.',
    declined:
      '⚠️ The payment did not go through: {reason}.\nYou were not charged; your order is kept until {deadline}.',
    refund:
      '✅ Refund of <b>{price}</b> sent: {method}. It usually takes {term}.\nAccess: {access}.',

    'price.renews':
      '\n\n🔁 Automatic renewal: <b>{price}</b> for {term}. We charge a day before the term ends and tell you three days ahead. The way you pay is kept. Switch it off at any time: /subscription',
    'price.renewsAtVendor':
      '\n{ways}: charged there by itself, the same sum each time, about the end of the term.',
    'renewal.on':
      '<b>Automatic renewal is on</b>\nWe charge {price} on {at}, {method}, and tell you three days ahead.\nIf the price changes we do not charge without your consent.',
    'renewal.off':
      '<b>Automatic renewal is off</b>\nKept: {method}. Nothing is charged without your consent.\nIf you switch it on: {price} a day before the term ends, and we tell you three days ahead.',
    'renewal.none':
      '<b>Automatic renewal is off</b>\nNo way to pay is kept. To switch it on, extend your subscription and tick “Renew automatically”.',
    'renewal.soon':
      '🔁 Access until {until}. On {at} we renew your subscription: <b>{price}</b>, {method}.\nNot wanted? Switch automatic renewal off below.',
    'renewal.done':
      '✅ <b>Renewed automatically: {price}</b>, {method}\nNow until <b>{until}</b>. Your link is the same, nothing to set up.',
    'renewal.declined':
      '⚠️ We could not charge <b>{price}</b>, {method}: {reason}.\nYou were not charged. We try again on {at}. You can also extend it yourself, no days are lost.',
    'renewal.ended':
      '⚠️ <b>Automatic renewal is off</b>: {why}.\nAccess until {until}. To go on without a break, extend your subscription: no days are lost.',
    'renewal.why.terms_changed':
      'the price or the terms of the plan changed, and we do not charge without your consent',
    'renewal.why.money_back': 'the last payment was given back',
    'renewal.why.another_method': 'the bank did not take the payment, another way to pay is needed',
    'renewal.why.stop': 'the bank forbade charges to this method',
    'renewal.why.declined': 'the charge did not go through, and we do not try any more',
    'renewal.why.unknown':
      'the bank did not answer, and we do not charge a second time. If you are charged after all, the money is not lost',
    'renewal.why.banned': 'support closed your access',
    'renewal.why.late': 'the term ended before we could tell you of a charge',
    'renewal.soon.subject': 'We renew your subscription soon',
    'renewal.done.subject': 'Your subscription was renewed',
    'renewal.declined.subject': 'We could not renew your subscription',
    'renewal.ended.subject': 'Automatic renewal is off',
    'toast.renewalOn': 'Automatic renewal is on',
    'toast.renewalOff': 'Automatic renewal is off',
    'toast.methodGone': 'Removed',
    'access.refunded':
      'The money of order {order} went back, so its remaining days were taken.\nYour access now lasts until <b>{until}</b>. Days of other orders are untouched.',
    'access.disputed':
      'Your bank disputes the payment of order {order}, so its remaining days are on hold.\nYour access now lasts until <b>{until}</b>. When the dispute ends in our favour, the days come back. If you did not ask for it, write to us.',
    'access.restored':
      '✅ The dispute about order {order} is over. Its days are yours again.\nAccess until <b>{until}</b>, your link is the same.',

    'staff.balance': 'We changed your balance: it is <b>{balance}</b> now.',
    'away.extended':
      '⚠️ Payments do not work right now, so we extended your access until <b>{until}</b>.\nYour link is the same, and there is nothing to pay for these days.',
    'away.returned':
      'Payments work again. The days we had added for that time are over: your access lasts until <b>{until}</b>.\nDays you paid for are untouched.',
    'staff.extended':
      '✅ <b>We added days to your subscription</b>\nNow until <b>{until}</b>. Your link is the same, nothing to set up.',
    'staff.granted':
      '✅ <b>We opened access for you</b>\nUntil <b>{until}</b>, devices: {devices}, traffic: {traffic}. There is nothing to pay.\n\nYour link (tap to copy):\n<code>{link}</code>',
    'staff.link': 'Your link (tap to copy):\n<code>{link}</code>\n\nAccess until <b>{until}</b>.',
    'staff.revoked':
      'Your access was ended on {until}. If this is a mistake, write to us; a person will answer.',
    'staff.banned':
      'Your account was closed and access is off. If this is a mistake, write to us; a person will answer.',
    'staff.unbanned': '✅ Your account is open again. What was paid for works until its date.',
    'staff.message': '<b>Support</b>\n{message}',
    'alert.silent':
      '🔴 <b>{name}</b>: its notices of payments do not come\nPaid without them: {payments}. Money and access are safe: we find payments by asking, only slower.\nCheck the address and the secret of notices in its cabinet, then the refused ones: {link}',
    'alert.heard':
      '🟢 <b>{name}</b>: its notices come again\nThey did not since {since} UTC. Nothing was lost: {link}',
    'alert.stillCharged':
      '🟠 <b>{name}</b>: a customer is still charged there\nTheir renewal has ended with us and we cannot end it there: without you it is charged again. End the order in its cabinet, payment {payment}.\nThe person: {link}',
    late: '✅ A payment of <b>{price}</b> arrived for order {order}. It does not cover the order any more.\nWe put it on your balance: <b>{balance}</b>. Pay with it, or ask support for a refund.',
    expiring:
      'Your subscription ends on {until}, {days} left.\nExtending adds to the term: no days are lost.',

    'staff.balance.subject': 'Your balance has changed',
    'away.extended.subject': 'Your access is extended',
    'away.returned.subject': 'Your access date has changed',
    'staff.extended.subject': 'We added days to your subscription',
    'staff.granted.subject': 'We opened access for you',
    'staff.link.subject': 'Your connection link',
    'staff.revoked.subject': 'Your access was ended',
    'staff.banned.subject': 'Your account was closed',
    'staff.unbanned.subject': 'Your account is open again',
    'staff.message.subject': 'A message from support',
    'alert.silent.subject': '{name}: notices do not come',
    'alert.heard.subject': '{name}: notices come again',
    'alert.stillCharged.subject': '{name}: end a subscription by hand',
    'mail.granted':
      '✅ <b>We opened access for you</b>\nUntil <b>{until}</b>, devices: {devices}, traffic: {traffic}. There is nothing to pay.\n\nYour connection link:\n<code>{link}</code>',
    'mail.link': 'Your connection link:\n<code>{link}</code>\n\nAccess until <b>{until}</b>.',
    'paid.subject': 'Paid, your access is on',
    'extended.subject': 'Your subscription is extended',
    'paid.preparing.subject': 'Paid, your access is being prepared',
    'twice.subject': 'Your order was paid twice',
    'late.subject': 'Your payment arrived and is on your balance',
    'toppedUp.subject': 'Your balance is topped up',
    'refund.balance.subject': 'Money is back on your balance',
    'declined.subject': 'The payment did not go through',
    'access.refunded.subject': 'Your access changed after a refund',
    'access.disputed.subject': 'Your payment is disputed',
    'access.restored.subject': 'Your access is back',
    'refund.subject': 'Your refund is on its way',
    'expiring.subject': 'Your subscription ends soon',
    'mail.paid':
      '✅ <b>Paid: {price}</b>\nAccess until <b>{until}</b>, devices: {devices}, traffic: {traffic}.\n\nYour connection link:\n<code>{link}</code>',
    'mail.code.subject': 'Your sign-in code',
    'mail.code':
      'Your sign-in code: <b>{code}</b>\nIt works until {until}.\n\nTell it to nobody: we never ask for it. If you were not signing in, there is nothing to do.',
    'mail.invite.subject': 'An invitation to the team',
    'mail.invite':
      '{inviter} invites you to the team of {product}.\nThe link works once, until {until}.\n\nIf you did not expect this, there is nothing to do.',
    'mail.reset.subject': 'A new password',
    'mail.reset':
      'To set a new password, open the link. It works once, until {until}.\n\nIf you did not ask for it, do nothing: your password stays as it is.',
    'mail.nobody.subject': 'No account with this address',
    'mail.nobody':
      'Somebody asked for a new password for this address, but no account here has it. You can sign in with a code by mail: that makes an account.\n\nIf it was not you, there is nothing to do.',
    'mail.emailChanged.subject': 'Your account has another mail address now',
    'mail.emailChanged':
      'This address no longer belongs to your account: it was changed or taken away.\n{at}\n\nIf it was you, there is nothing to do. If not, take the change back by the link. It works once, until {until}, and signs everybody out.',
    'mail.security.subject': 'Something changed in your account',
    'mail.security':
      '<b>{what}</b>\n{at}\n\nIf this was you, there is nothing to do. If not, open your account by the link and write to support.',
    'security.subject': 'Something changed in your account',
    security:
      '<b>{what}</b>\n{at}\n\nIf this was you, there is nothing to do. If not, open your account and write to support: {link}',
    'security.signIn': 'A sign-in from a new device',
    'security.password': 'The password was changed',
    'security.email': 'The mail address was changed',
    'security.telegram': 'Telegram was connected or disconnected',
    'security.passkey': 'A passkey was added or taken away',
    'security.key': 'An API key was made',
    'security.secondStep': 'The second step of signing in was changed',
    'security.recoveryCode': 'A recovery code was used to sign in',
    'mail.footer': '{product}\nSupport: {support}',

    subscription:
      '<b>Your subscription works</b>\nUntil <b>{until}</b>, {days} left.\n{devices}\n{traffic}\n\nYour link (tap to copy):\n<code>{link}</code>',
    'subscription.preparing':
      '⏳ <b>Access is being prepared</b>\nWe have the money. It usually takes a minute and we send the link ourselves. No need to pay again.',
    'subscription.expired':
      'Your access ended on {at}. Your link and devices are kept: pay, and all works again.',
    'subscription.none':
      'No subscription yet. Choose a plan, and your link arrives within a minute.',
    'devices.of': 'Devices: {used} of {limit}',
    'devices.upTo': 'Devices: up to {limit}',
    'traffic.of': 'Traffic: {spent} of {limit}',
    'traffic.unlimited': 'Traffic: {spent}, unlimited',
    devices:
      '<b>Devices: {used} of {limit}</b>\n{list}\n\nA removed device can connect again with the same link.',
    'devices.full':
      'Devices in use: {used} of {limit}. Remove one to add another. The others keep working.\n{list}',
    'devices.none': 'No devices yet. You can connect up to {limit}.',
    'devices.unavailable':
      '⏳ The list of devices did not load just now. Your access is not affected, it works as usual.',
    'connect.choose': 'What shall we connect?',
    connect:
      '<b>Connect: {platform}</b>\n1. Install {app}.\n2. Press Add or paste the link.\n3. Switch it on. Done.\n<code>{link}</code>',

    account:
      '<b>Your account on the site</b>\nSubscription, devices, payments and receipts.\nThe sign-in link works for 10 minutes and once: do not pass it on.',
    'account.none': 'Everything in the account can be done here: subscription, devices, payment.',

    support:
      'Write to us, a person will answer. If it is about a payment, tell the sum and the time: we will find it.\nRefunds are made there too.',
    terms: '<b>Terms</b>\n{terms}',
    banned: 'Your account was closed. If this is a mistake, write to us; a person will answer.',
    group: 'I work in private chats only: please write to me directly.',
    error:
      '⚠️ This did not work: {what}. Your money and access are unchanged.\nTry again in a minute. Number for support: <code>{id}</code>',
    'what.open': 'opening this screen',
    'toast.stale': 'This button is out of date. Here is how things are now.',
    'toast.priceChanged': 'The plan has changed. Please choose a term again.',
    'toast.notYet': 'We do not see the payment yet',
    'toast.removed': 'The device was removed',
    'toast.tooOften': 'Too often. Please wait a minute.',

    'method.balance': 'balance',
    'method.manual': 'the way you paid us',
    'method.yookassa': 'YooKassa',
    'method.stripe': 'Stripe',
    'method.paypal': 'PayPal',
    'method.tkassa': 'T-Kassa',
    'method.freekassa': 'FreeKassa',
    'method.stars': 'Telegram Stars',
    'method.cryptopay': 'Crypto Pay',
    'method.tribute': 'Tribute',
    'refund.term': '1–3 days, sometimes up to 10 working days',
    'refund.access.immediately': 'the remaining days of this order end',
    'refund.access.at_period_end': 'until the end of the paid term',
    'refund.access.never': 'unchanged',
    'reason.declined': 'the bank declined it',
    'reason.insufficient_funds': 'not enough money on the card',
    'reason.3d_secure_failed': 'the bank got no confirmation',
    'reason.card_expired': 'the card has expired',
    'reason.fraud_suspected': 'the bank found it suspicious',

    'command.start': 'Start over',
    'command.menu': 'Main menu',
    'command.plans': 'Plans and payment',
    'command.subscription': 'My subscription',
    'command.language': 'Language',
    'command.support': 'Support',
    'command.terms': 'Terms and refunds',
    'command.paysupport': 'A question about a payment',
  },
  buttons: {
    renewOn: '☑ Renew automatically',
    renewOff: '☐ Renew automatically',
    renewal: 'Renewal',
    switchOn: 'Switch on',
    switchOff: 'Switch off',
    forget: 'Remove {method}',
    plans: 'Plans',
    support: 'Support',
    menu: 'Menu',
    connect: 'Connect',
    connectDevice: 'Connect a device',
    extend: 'Extend',
    restore: 'Restore access',
    mySubscription: 'My subscription',
    myAccount: 'My account',
    openAccount: 'Open my account',
    devices: 'Devices',
    language: 'Language',
    terms: 'Terms',
    term: '{term} for {price}',
    pay: 'Pay {price}',
    balance: 'Balance',
    topUp: 'Top up',
    sum: '{sum}',
    payBalance: 'Pay from the balance',
    payRest: 'Pay the remaining {price}',
    keepBalance: 'Keep the balance',
    otherTerm: 'Other term',
    otherWay: 'Another way',
    'way.balance': 'From the balance',
    'way.yookassa': 'Card or SBP',
    'way.tkassa': 'T-Kassa',
    'way.freekassa': 'FreeKassa',
    'way.stripe': 'Card, Stripe',
    'way.paypal': 'PayPal',
    'way.stars': 'Telegram Stars',
    'way.cryptopay': 'Crypto',
    'way.tribute': 'Tribute',
    goPay: 'Go to payment',
    check: 'Check',
    checkAgain: 'Check again',
    tryAgain: 'Try again',
    repeat: 'Try again',
    install: 'Install',
    add: 'Add',
    copyLink: 'Copy link',
    otherDevice: 'Other device',
    remove: 'Remove {device}',
    write: 'Write to us',
    russian: 'Русский',
    english: 'English',
    openOverview: 'Open the overview',
    openPerson: 'Open the person',
    acceptInvite: 'Accept the invitation',
    newPassword: 'Set a new password',
    toSignIn: 'Sign in',
    undoEmail: 'Take the change back',
    checkAccount: 'Check my account',
  },
};
