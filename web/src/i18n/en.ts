// SPDX-License-Identifier: Apache-2.0
// Every word of the workspace. zh.ts must have the same keys: the type of this object is the contract, and the tables of
// API words are complete by type.
import type {
  Assurance, Category, Delivery, ErrorCode, FindingReason, PairClass, PaymentKind, PaymentRefusal, PaymentState, RefundReason,
  RemedyKind, RemedyState, Role, Route, Standing, TicketState, Urgency, View,
} from "../api/types";
import type { SpanWords } from "../format/time";

export interface ApiWords {
  assurance: Record<Assurance, string>;
  assuranceMeans: Record<Assurance, string>;
  category: Record<Category, string>;
  delivery: Record<Delivery["state"], string>;
  error: Record<ErrorCode | "unreachable", string>;
  pairClass: Record<PairClass, string>;
  paymentKind: Record<PaymentKind, string>;
  paymentState: Record<PaymentState, string>;
  reason: Record<FindingReason, string>;
  refundReason: Record<RefundReason, string>;
  refusal: Record<PaymentRefusal, string>;
  remedyKind: Record<RemedyKind, string>;
  remedyState: Record<RemedyState, string>;
  role: Record<Role, string>;
  route: Record<Route, string>;
  standing: Record<Standing, string>;
  state: Record<TicketState, string>;
  urgency: Record<Urgency, string>;
  view: Record<View, string>;
}

const api: ApiWords = {
  assurance: { a0: "A0", a1: "A1", a2: "A2", a3: "A3", a4: "A4" },
  assuranceMeans: {
    a0: "Sender unproven", a1: "Mail from the registered address, proven by DMARC", a2: "Confirmed by one-time link",
    a3: "Confirmed with second factor", a4: "Identity verified again",
  },
  category: {
    account_locked: "Account locked", account_info_change: "Change of details", payment_failed: "Payment failed",
    duplicate_charge: "Charged twice", refund: "Refund", topup_withdrawal: "Top-up or withdrawal", card: "Card",
    fees_limits: "Fees and limits", identity_verification: "Identity check", login_security: "Sign-in",
    suspicious_activity: "Suspicious activity", general_howto: "How to", complaint: "Complaint", off_topic: "Off topic",
    spam: "Spam", auto_generated: "Machine mail", unclear: "Unclear",
  },
  delivery: { queued: "Waiting to be sent", sent: "Sent", failed: "Not delivered", uncertain: "Delivery uncertain" },
  error: {
    malformed: "The server did not understand the request.",
    not_signed_in: "Your session has ended. Sign in again.",
    sign_in_failed: "The address or the password is wrong.",
    totp_required: "Enter the six digits of your authenticator.",
    totp_wrong: "This code is wrong or was used already. Wait for the next one.",
    bad_key: "The key is unknown.",
    not_permitted: "Your role does not allow this.",
    origin_refused: "The request came from another site and was refused.",
    token_invalid: "This link is not valid or was used already. Ask an administrator for a new one.",
    proposer_cannot_approve: "You proposed this, so another person must approve it.",
    own_account: "This is your own account. Someone else must handle it.",
    new_staff_cannot_approve: "You may approve 24 hours after you enrolled.",
    staff_inactive: "This staff account was switched off.",
    second_factor_needed: "A fresh code of your authenticator is needed.",
    not_found: "There is nothing here that you may see.",
    already_decided: "Someone decided this before you. This is how it stands now.",
    ticket_changed: "This request changed since you opened it. Read what is new, then send again.",
    ticket_closed: "This request is closed.",
    state_not_allowed: "The request cannot change to that state from its present one.",
    open_remedy_exists: "There is an open proposal for this payment already.",
    refundable_changed: "What may be refunded has changed. The proposal no longer holds.",
    idempotency_key_reused: "This was sent before with other content.",
    customer_exists: "This address is registered already.",
    exceeds_refundable: "This is more than may still be given back.",
    duplicate_refund: "This pair was refunded before.",
    not_refundable: "This payment cannot be refunded.",
    amount_not_positive: "The amount must be above zero.",
    amount_out_of_range: "The amount is too large.",
    currencies_differ: "The amount is in another currency than the payment.",
    assurance_too_low: "The sender has not proven enough for this. Ask for confirmation first.",
    reason_missing: "Give a reason.",
    note_missing: "Say why you send it back.",
    text_missing: "Write something first.",
    unbound_amount: "Not sent: an amount in the text is bound to no payment.",
    password_too_weak: "Choose another password.",
    insufficient_funds: "The wallet does not cover it.",
    payer_locked: "The payer's account is locked.",
    wrong_currency: "There is no wallet in this currency.",
    order_already_paid: "This order was paid before.",
    declined_by_issuer: "The card issuer declined.",
    account_closed: "The account is closed.",
    body_too_large: "The text is too long.",
    too_many_requests: "Too many tries. Wait a little.",
    money_read_only: "Money is read-only until an operator has looked at the books.",
    unavailable: "The server cannot answer now. Try again.",
    storage_full: "The server's disk is nearly full. Nothing was done.",
    unreachable: "The server cannot be reached. Check the connection and try again.",
  },
  pairClass: {
    same_attempt_shown_twice: "One payment, shown twice", hold_and_capture: "A hold and its charge",
    failed_then_succeeded: "One failed, one succeeded", true_duplicate_same_order: "True duplicate: one order paid twice",
    over_collection: "More was taken than the order", already_refunded: "Already refunded",
    separate_purchases: "Two separate purchases", subscription_cycle: "A subscription's next period",
    fee_line: "A payment and its fee", other_person: "Another person on this account", not_ours: "Nothing here matches",
    unclear: "Unclear: look at both",
  },
  paymentKind: {
    top_up: "Top-up", merchant_payment: "Payment", person_to_person: "Transfer", refund: "Refund", withdrawal: "Withdrawal",
  },
  paymentState: { succeeded: "Succeeded", failed: "Failed", requires_capture: "On hold", canceled: "Canceled" },
  reason: {
    same_order_reference: "Same order reference", retried_order_reference: "Merchant retried the order",
    different_order_reference: "Different order references", same_amount: "Same amount", different_amount: "Different amounts",
    within_30_seconds: "Within 30 seconds", within_2_minutes: "Within 2 minutes", within_a_day: "Within a day",
    more_than_a_day: "More than a day apart", same_device: "Same device", different_device: "Different devices",
    same_instrument: "Same instrument", different_instrument: "Different instruments", stated_amount: "Amount as the mail says",
    stated_time: "Time as the mail says", stated_transaction: "Transaction named in the mail",
    stated_merchant: "Merchant named in the mail", usual_rhythm: "Usual rhythm of this customer",
    repeatable_goods: "Often bought twice", instalment: "Instalment", monthly_period: "A month apart", one_failed: "One failed",
    one_is_a_hold: "One is a hold", one_released: "One was released", one_refunded: "One was refunded",
    refunded_before_second: "Refunded before the second", fee_words: "Worded as a fee", subscription_words: "Worded as a subscription",
    nothing_matches: "Nothing matches",
  },
  refundReason: {
    duplicate: "Charged twice", requested_by_customer: "Asked for by the customer", error: "Our or the merchant's error",
    goodwill: "Goodwill", fraudulent: "Fraud",
  },
  refusal: {
    not_positive: "amount not positive", wrong_currency: "wrong currency", insufficient_funds: "insufficient funds",
    payer_locked: "payer locked", same_account: "same account", account_not_found: "account not found",
    order_already_paid: "order already paid", payment_not_found: "payment not found", exceeds_refundable: "exceeds refundable",
    refundable_changed: "refundable changed", not_refundable: "not refundable", duplicate_refund: "refunded before",
    amount_out_of_range: "amount out of range", account_closed: "account closed", declined_by_issuer: "declined by issuer",
  },
  remedyKind: {
    refund: "Refund", reverse_payment: "Reverse payment", unlock_account: "Unlock account", change_contact: "Change contact",
    change_instrument: "Change instrument", resend_receipt: "Send receipt again", send_statement: "Send statement",
  },
  remedyState: {
    proposed: "Needs approval", approved: "Approved", executed: "Done", rejected: "Sent back", voided: "Void", failed: "Failed",
  },
  role: { agent: "Agent", technical: "Technical", risk: "Risk", supervisor: "Supervisor", auditor: "Auditor", admin: "Administrator" },
  route: {
    auto_answer: "Answered by itself", ask_for_info: "Ask for facts", agent: "Agent", technical_team: "Technical team",
    risk_team: "Risk team", no_action: "No action",
  },
  standing: { open: "In good standing", limited: "Limited", locked: "Locked" },
  state: { new: "New", open: "Open", pending_customer: "Waiting for customer", on_hold: "On hold", solved: "Solved", closed: "Closed" },
  urgency: { critical: "Critical", high: "High", normal: "Normal", low: "Low" },
  view: { open: "Open", mine: "Mine", approvals: "Needs approval", waiting: "Waiting", solved: "Solved", all: "All" },
};

const span: SpanWords = {
  seconds: (n) => `${n} s`, minutes: (n) => `${n} min`, hours: (n) => `${n} h`, days: (n) => `${n} d`, join: " ",
};

export const en = {
  api,
  span,
  eventKind: {
    opened: "Request opened", acknowledged: "Receipt sent", triaged: "Read and sorted", threaded: "Mail joined this request",
    linked: "Linked request", assigned: "Assigned", state_changed: "State changed", remedy_proposed: "Refund proposed",
    remedy_approved: "Refund approved", remedy_executed: "Refund done", remedy_rejected: "Proposal sent back",
    remedy_voided: "Proposal void", remedy_failed: "Refund failed", delivery_failed: "Mail not delivered",
  } as Record<string, string>,
  readingFlag: {
    prompt_injection: "Text tries to instruct the system", forwarded_phishing: "Forwarded phishing", sensitive_data: "Secrets were masked",
    account_takeover: "Possible takeover", social_engineering: "Social engineering", hidden_html: "Hidden text",
    sender_differs_from_account: "Sender is not the account", multi_account: "Several accounts", needs_ocr: "Text in pictures",
  } as Record<string, string>,
  missing: {
    transaction_id: "transaction number", amount: "amount", transaction_time: "time", error_code_or_message: "error message",
    problem_description: "what happened", account_identifier: "account", new_value: "new value", card_last4: "card digits",
  } as Record<string, string>,
  app: {
    title: "OKPay console", skip: "Skip to content", demonstration: "Demonstration: invented people, no real money",
    reconnecting: "Reconnecting…", signOut: "Sign out", language: "中文", languageLabel: "Switch to Chinese", help: "Keyboard",
    views: "Views", loading: "Loading…", retry: "Try again", close: "Close", cancel: "Cancel", nobody: "Nobody", you: "you",
    back: "Back to the list", none: "None", more: "Show more", notPermitted: "Your role does not show this.",
  },
  signIn: {
    title: "Staff sign-in", email: "Email", password: "Password", code: "Six-digit code", next: "Continue", enter: "Sign in",
    codeHint: "From your authenticator app", again: "Use another account", show: "Show password", hide: "Hide password",
  },
  enrol: {
    title: "Welcome to the desk", passwordStep: "Choose a password", name: "Your name", password: "Password",
    passwordHint: "At least 8 characters; a sentence is best. A second factor comes next.", again: "Password again",
    differ: "The two passwords differ.", next: "Continue", factorStep: "Add the second factor",
    scan: "Scan this with an authenticator app, or type the secret.", secret: "Secret", code: "Six-digit code",
    confirm: "Confirm", done: "All set. Sign in with your address and password.", toSignIn: "To sign-in",
    noToken: "This page needs the one-time link that an administrator gave you.", qr: "QR code for the authenticator app",
  },
  list: {
    label: "Requests", search: "Number, address or words", searchLabel: "Search requests", clear: "Clear search",
    emptyOpen: "Nothing open. New mail appears here by itself.", emptyMine: "Nothing is assigned to you. Press i on a request to take it.",
    emptyWaiting: "No request waits for its customer.", emptySolved: "Nothing solved yet.", emptySearch: "Nothing matches.",
    emptyApprovals: "Nothing needs approval.", pick: "Choose a request on the left, or press j.",
    unassigned: "unassigned", left: (t: string) => `${t} left`, over: (t: string) => `over by ${t}`,
    firstReply: "First reply", investigation: "Investigation", noCustomer: "Not a customer",
  },
  ticket: {
    copyNumber: "Copy request number", copied: "Copied", state: "State", assignee: "Assigned to", takeIt: "Assign to me",
    giveBack: "Unassign", resolve: "Resolve", details: "Customer and ledger", conversation: "Conversation",
    firstReply: "First reply", investigation: "Investigation", met: "done in time", metLate: (t: string) => `late by ${t}`,
    left: (t: string) => `${t} left`, over: (t: string) => `over by ${t}`, quote: "Show quoted text", unquote: "Hide quoted text",
    noNewText: "(no new text)", note: "Note, staff only", system: "OKPay", stranger: "not a party of this request", events: (n: number) => `${n} events`,
    from: "From", linkedTo: "Linked to", pending: (amount: string) => `Refund of ${amount} needs approval`,
    executed: (amount: string) => `Refund of ${amount} is done`, review: "Review", missing: "Still missing", flags: "Noticed", attempts: (n: number) => `${n} tries`,
  },
  compose: {
    reply: "Reply", note: "Note", replyLabel: "Reply to the customer", noteLabel: "Note for staff",
    replyPlaceholder: "Write to the customer. Amounts must be bound to a payment: use ￥.",
    notePlaceholder: "Only staff read this.", sendTo: (who: string) => `Send to ${who}`, addNote: "Add note",
    after: "Then", afterOpen: "stay open", afterWaiting: "wait for customer", afterSolved: "solve",
    insert: "Insert a bound amount", noFigures: "No payments to bind to.", bound: "Bound", unbind: (what: string) => `Unbind ${what}`,
    changed: "Someone wrote since you began. Read it before you send.", seen: "I have read it",
    languageDiffers: "The customer writes Chinese.", languageDiffersEn: "The customer writes English.",
    sent: "Queued for sending", noted: "Note added", closed: "This request is closed. A new mail opens a follow-up.",
    discard: "Close composer", takeHint: "Nobody has this request.", mode: "Write as",
  },
  context: { customer: "Customer", ledger: "Ledger", history: "History", label: "Customer, ledger and history" },
  customer: {
    unknown: "This address belongs to no customer. Answer as if no account existed.", standing: "Standing", language: "Language", zone: "Local time",
    wallets: "Wallets", balance: "Balance", available: "Available", address: "Answers go to", assurance: "Sender", read: "What the mail says",
    amounts: "Amounts", times: "Times", transactions: "Transactions", category: "Category", urgency: "Urgency", route: "Route",
  },
  ledger: {
    findings: "Possible double charges", noFindings: "No pair of payments explains this mail.", payments: "Payments",
    noPayments: "No payments.", first: "First", second: "Second", apart: (t: string) => `${t} apart`, order: "Order", time: "Time",
    amount: "Amount", instrument: "Paid with", status: "State", refundable: "Refundable", refunded: "Refunded", score: "Match",
    why: "Why", propose: "Propose refund", proposeThis: "Propose refund of this payment", merchant: "Merchant", noOrder: "none", others: (n: number) => n === 1 ? "1 other candidate" : `${n} other candidates`,
    wallet: "wallet", copyId: "Copy payment id", remedies: "Remedies",
  },
  propose: {
    title: "Propose a refund", amount: "Amount", most: (t: string) => `at most ${t}`, reason: "Reason", note: "Note to the approver (optional)",
    submit: (t: string) => `Propose ${t}`, submitNone: "Propose", keeps: "Stays", givesBack: "Is given back", explain: "Another person approves with a second factor. Nothing moves before.",
    notAnAmount: "Enter an amount such as 12.50.", notPositive: "The amount must be above zero.", tooMuch: "More than may be given back.",
    done: "Proposed. Another person must approve.", what: "Payment",
  },
  remedy: {
    title: "Refund", source: "From", destination: "To", reason: "Reason", evidence: "Evidence", note: "Note", postings: "Postings",
    account: "Account", before: "Before", after: "After", change: "Change", proposedBy: "Proposed by", decidedBy: "Decided by",
    approve: "Approve", approveAmount: (t: string) => `Approve ${t}`, sendBack: "Send back", code: "Six-digit code from your authenticator", why: "Why do you send it back?",
    refundId: "Refund", answer: "Answer to the customer", noAnswer: "No answer was sent.", duplicateOf: "Twin that stays", original: "Payment given back",
    cannot: "You cannot approve this:", originalSource: "back to where it was paid from", words: "The customer's words",
    checks: "Checks", checkSucceeded: "The payment succeeded", checkRefundable: "What may be refunded is unchanged",
    checkTwin: "The twin succeeded and stays", checkFirst: "Nothing of it was refunded before", checkSender: "The sender is proven (A1 or more)",
    checkOther: "Another person proposed it", yes: "yes", no: "no", executedBy: "Approved by", openTicket: "Open the request", decided: "Decided",
  },
  approvals: {
    title: "Needs approval", empty: "Nothing needs approval. Proposals appear here by themselves.", pick: "Choose a proposal.",
    payments: "Payments and postings", people: "People and proof", list: "Proposals by clock",
  },
  keys: {
    title: "Keyboard", off: "Single keys act outside text fields.", next: "Next request", previous: "Previous request", open: "Open", back: "Back to the list",
    reply: "Reply", note: "Note", resolve: "Resolve", assign: "Assign to me", propose: "Propose refund", go_mine: "Go to mine", go_approvals: "Go to approvals",
    go_open: "Go to open", help: "This help", send: "Send", copy: "Copy request number", tab_1: "Customer", tab_2: "Ledger", tab_3: "History", search: "Search",
    then: "then", enabled: "Use single-key shortcuts",
  },
};

export type Dictionary = typeof en;
