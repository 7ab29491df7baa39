// SPDX-License-Identifier: Apache-2.0
// Against a real server: tests/story/client_test.py starts one and says in the environment where it is.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

const { OkpayClient, OkpayProblem, OkpayUnreachable, addAmounts, amountOf, decimalsOf, minorOf, newKey } = await import(
  process.env.OKPAY_CLIENT
);
const { OKPAY_URL: baseUrl, OKPAY_KEY: apiKey, OKPAY_CUSTOMER: customer } = process.env;
const usd = (amount) => ({ amount, currency: "USD" });
const wait = () => Promise.resolve();
const shop = (more = {}) => new OkpayClient({ baseUrl, apiKey, wait, ...more });
const charge = (amount) => ({ customer, amount: usd(amount), memo: "client" });

async function payments() {
  const found = [];
  for await (const payment of shop().all("/api/v1/payments", { query: { limit: 2 } })) found.push(payment.id);
  assert.equal(new Set(found).size, found.length, "an item came twice");
  return found;
}

test("a key makes one payment, and another body with it is refused", async () => {
  const idempotencyKey = newKey();
  const first = await shop().post("/api/v1/payments", { body: charge("1.25"), idempotencyKey });
  const again = await shop().post("/api/v1/payments", { body: charge("1.25"), idempotencyKey });
  assert.equal(first.state, "succeeded");
  assert.deepEqual(again, first);
  await assert.rejects(shop().post("/api/v1/payments", { body: charge("1.26"), idempotencyKey }), (error) => {
    assert.ok(error instanceof OkpayProblem);
    assert.deepEqual([error.code, error.status, error.retry], ["idempotency_key_reused", 409, "never"]);
    return true;
  });
});

test("an answer that was lost is asked for again with the same key", async () => {
  const before = await payments();
  const keys = [];
  const losesTheFirst = async (url, init) => {
    const response = await fetch(url, init); // the server does it, and nobody hears
    keys.push(init.headers["Idempotency-Key"]);
    if (keys.length === 1) throw new TypeError("fetch failed");
    return response;
  };
  const paid = await shop({ fetch: losesTheFirst }).post("/api/v1/payments", { body: charge("1.50") });
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  const after = await payments();
  assert.equal(after.length, before.length + 1);
  assert.ok(after.includes(paid.id));
});

test("what the server refuses is not sent again", async () => {
  let sent = 0;
  const counts = (url, init) => (++sent, fetch(url, init));
  await assert.rejects(shop({ fetch: counts }).post("/api/v1/payments", { body: charge("9999999.00") }), {
    name: "OkpayProblem",
    code: "insufficient_funds",
    retry: "never",
  });
  assert.equal(sent, 1);
});

test("what may be sent again is, after Retry-After and not for ever", async () => {
  const keys = [];
  const busy = createServer((request, response) => {
    keys.push(request.headers["idempotency-key"]);
    const problem = { type: "about:blank", title: "Unavailable", status: 503, code: "unavailable", detail: "Busy." };
    response.writeHead(503, { "Content-Type": "application/problem+json", "Retry-After": "2" });
    response.end(JSON.stringify({ ...problem, retry: "same_key" }));
  });
  await new Promise((listening) => busy.listen(0, "127.0.0.1", listening));
  const waited = [];
  const client = new OkpayClient({
    baseUrl: `http://127.0.0.1:${busy.address().port}`,
    apiKey,
    retries: 3,
    wait: async (ms) => void waited.push(ms),
  });
  await assert.rejects(client.post("/api/v1/payments", { body: charge("1.00") }), {
    code: "unavailable",
    retryAfter: 2,
  });
  assert.deepEqual(waited, [2_000, 2_000, 2_000]);
  assert.equal(new Set(keys).size, 1);
  assert.equal(keys.length, 4);
  busy.closeAllConnections();
  await new Promise((closed) => busy.close(closed));
  await assert.rejects(client.post("/api/v1/payments", { body: charge("1.00"), idempotencyKey: "kept" }), (error) => {
    assert.ok(error instanceof OkpayUnreachable);
    assert.equal(error.idempotencyKey, "kept");
    return true;
  });
});

test("a dry run says what would be posted and does nothing", async () => {
  const before = await payments();
  const tried = await shop().rehearse("/api/v1/payments", { body: charge("2.00") });
  assert.deepEqual([tried.dry_run, tried.id, tried.state], [true, null, "succeeded"]);
  const wallet = tried.postings.find((posting) => posting.account_kind === "customer_wallet");
  assert.deepEqual([wallet.direction, wallet.amount, wallet.balance_after], ["debit", usd("2.00"), null]);
  const own = tried.postings.find((posting) => posting.account_kind === "merchant_payable");
  assert.equal(own.direction, "credit");
  assert.ok(minorOf(own.balance_after) >= 200n);
  assert.deepEqual(await payments(), before);
});

test("a person signs in, and the cookie stays with the client", async () => {
  const person = new OkpayClient({ baseUrl, wait });
  await assert.rejects(person.get("/api/v1/me"), { code: "not_signed_in" });
  const { OKPAY_EMAIL: email, OKPAY_PASSWORD: password } = process.env;
  await person.post("/api/v1/me/sign-in", { body: { email, password } });
  const me = await person.get("/api/v1/me");
  assert.equal(me.id, customer);
  assert.ok(me.wallets.every((wallet) => minorOf(wallet.balance) >= 0n));
  await person.post("/api/v1/me/sign-out");
  await assert.rejects(person.get("/api/v1/me"), { code: "not_signed_in" });
});

test("amounts are exact, and have the decimals that the server gives them", async () => {
  assert.equal(minorOf(usd("12.50")), 1250n);
  assert.equal(minorOf({ amount: "-0.07", currency: "EUR" }), -7n);
  assert.deepEqual(amountOf(-7n, "EUR"), { amount: "-0.07", currency: "EUR" });
  assert.deepEqual(amountOf(1n, "BHD"), { amount: "0.001", currency: "BHD" });
  assert.deepEqual(amountOf(90071992547409931n, "JPY"), { amount: "90071992547409931", currency: "JPY" });
  assert.deepEqual(addAmounts(usd("0.10"), usd("0.20")), usd("0.30"));
  for (const amount of ["12.5", "12.500", "1e3", "", "12,50", "+1.00", " 1.00", ".50", "１.00"]) {
    assert.throws(() => minorOf(usd(amount)), RangeError, amount);
  }
  assert.throws(() => minorOf({ amount: "1.00", currency: "JPY" }), RangeError);
  assert.throws(() => addAmounts(usd("1.00"), { amount: "1.00", currency: "EUR" }), RangeError);
  assert.throws(() => decimalsOf("XXX"), RangeError);
  const staff = new OkpayClient({ baseUrl, wait });
  const { OKPAY_STAFF: email, OKPAY_STAFF_PASSWORD: password, OKPAY_TOTP: totp } = process.env;
  await staff.post("/api/v1/staff/sign-in", { body: { email, password, totp } });
  const currencies = "AUD BHD CAD CHF CNY EUR GBP HKD JPY KRW MOP SGD TWD USD".split(" ");
  const person = { email: `${newKey()}@client.example`, name: "All", language: "en", zone: "UTC", currencies };
  const made = await staff.post("/api/v1/customers", { body: person });
  assert.equal(made.wallets.length, currencies.length);
  for (const { balance } of made.wallets) assert.deepEqual(amountOf(minorOf(balance), balance.currency), balance);
});
