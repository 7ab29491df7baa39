// SPDX-License-Identifier: Apache-2.0
#include "demo/impl/mail_texts.hpp"

#include <array>
#include <cstdlib>

namespace okpay::demo {
namespace {

using enum Tongue;

constexpr std::array texts{
    // --- Chinese, simplified
    Text{Topic::doubled, zh_hans, "被重复扣款了",
         "{day}{time}左右在{shop}付款，被扣了两次 {amount}。我只买了一次。{order}请帮我查一下并退回多扣的一笔。"},
    Text{Topic::doubled, zh_hans, "同一笔订单扣了两次钱",
         "{day}在{shop}买东西，付款页面转了半天，后来发现账单上有两笔 "
         "{amount}，前后只差一会儿。{order}麻烦核实，多收的请退还。"},
    Text{Topic::doubled, zh_hans, "多扣了 {amount}！！",
         "{shop}{day}扣了我两次{amount}！店员说他们只收到一次。到底怎么回事？请尽快处理。"},
    Text{Topic::looks_doubled, zh_hans, "账单里有两笔一样的",
         "我看到{day}在{shop}有两笔看起来一样的记录，金额 "
         "{amount}，是不是重复扣款？请帮忙看看，如果是我自己弄错了也请告诉我。"},
    Text{Topic::looks_doubled, zh_hans, "疑似重复扣费",
         "{day}{time}，{shop}，{amount}。账单里出现两次，我有点担心。请问是扣了两次吗？"},
    Text{Topic::failed, zh_hans, "付款失败，提示余额不足",
         "{day}{time}在{shop}付 "
         "{amount}，提示“余额不足”，付款失败。{order}第一次有没有扣钱？我后来充值才付成功，担心扣了两次。"},
    Text{Topic::failed, zh_hans, "支付不成功",
         "你好，{day}用OKPay在{shop}支付{amount}，页面显示支付失败（余额不足）。钱会退回来吗，还是根本没有扣？"},
    Text{Topic::refund, zh_hans, "请问怎么退款",
         "{day}{time}我在{shop}付了 {amount}，东西不合适已经退了，商家说退款要找支付平台。{order}请问什么时候能到账？"},
    Text{Topic::refund, zh_hans, "退款没收到",
         "{shop}那边说已经同意退款，金额 {amount}，{day}的那一笔。到现在钱包里没看到，请查一下。"},
    Text{Topic::locked, zh_hans, "账户被锁定了",
         "今天登录时提示账户已锁定，我连续输错了几次密码。里面还有钱要用，请问怎么解锁？"},
    Text{Topic::locked, zh_hans, "无法登录 账号冻结",
         "我的账号显示“已冻结”，什么操作都做不了。我没有做任何奇怪的事，请告诉我原因和解冻的办法。"},
    Text{Topic::info_change, zh_hans, "修改联系地址",
         "我上个月搬家了，想把账户里的地址改成：湖北省武汉市洪山区珞喻路 118 号 3 栋 502。请问需要什么材料？"},
    Text{Topic::info_change, zh_hans, "换手机号", "原来的手机号不用了，想换绑新号码，新号码尾号 0417。请问怎么操作？"},
    Text{Topic::top_up, zh_hans, "充值没到账",
         "昨天下午从银行卡转了 500 元充值，银行已经扣款，但钱包余额没有变。请问要等多久？"},
    Text{Topic::top_up, zh_hans, "提现多久到账", "前天申请提现 300 元到银行卡，到现在还没收到，状态一直是处理中。"},
    Text{Topic::card, zh_hans, "银行卡绑定失败",
         "想绑定一张新的银行卡，尾号 6221，输入验证码以后提示“绑卡失败，请稍后再试”，试了三次都这样。"},
    Text{Topic::fees, zh_hans, "请问手续费和限额", "想了解一下：提现到银行卡收手续费吗？每天最多可以付多少？谢谢。"},
    Text{Topic::fees, zh_hans, "单日限额", "我下周要交一笔比较大的费用，请问单日付款限额是多少，能不能临时提高？"},
    Text{Topic::identity, zh_hans, "实名认证没通过",
         "我提交了身份证照片做认证，结果说“照片不清晰”。我重新拍了两次还是不行，能帮忙看看吗？"},
    Text{Topic::login, zh_hans, "收不到验证码",
         "登录的时候一直收不到验证码，短信和邮件都没有。手机信号正常，垃圾邮件里也找过了。"},
    Text{Topic::login, zh_hans, "换了手机以后登录不了",
         "手机坏了换了新的，身份验证器里的动态码也没了，现在登录第二步过不去。我该怎么证明是我本人？"},
    Text{Topic::suspicious, zh_hans, "可疑邮件，是你们发的吗？",
         "刚收到一封说“您的 OKPay 账户异常，请点击链接重新验证”的邮件，发件地址很奇怪，链接是 "
         "okpay-verify.example。我没有点。请确认是不是你们发的。"},
    Text{Topic::suspicious, zh_hans, "有人登录了我的账户？",
         "凌晨三点收到登录提醒，地点是我从没去过的城市，那时候我在睡觉。请马上帮我看看有没有人动过我的钱！"},
    Text{Topic::how_to, zh_hans, "怎么下载账单", "请问在哪里可以下载上个月的对账单？公司报销要用 PDF 的。"},
    Text{Topic::how_to, zh_hans, "怎么开第二个币种的钱包", "我下个月出国，想开一个美元钱包，请问在哪里设置？"},
    Text{Topic::complaint, zh_hans, "对客服非常不满",
         "上周发的邮件一直没有得到明确答复，每次都说“正在处理”。如果这两天还没有结果，我会向监管部门投诉。"},
    Text{Topic::off_topic, zh_hans, "合作咨询", "我们学校社团想办一个二手书市集，请问你们对学生活动有赞助吗？"},
    Text{Topic::spam, zh_hans, "代开发票 低税点",
         "本公司可代开各类正规发票，税点优惠，量大从优，先开票后付款，详情请回复本邮件。"},
    Text{Topic::unclear, zh_hans, "在吗", "在吗？那个问题怎么样了"},
    // --- Chinese, traditional
    Text{Topic::doubled, zh_hant, "重複扣款",
         "您好，{day}{time}左右在{shop}付款時，被扣了兩次{amount}，我只下了一張訂單。{order}"
         "請協助查詢，並將多扣的款項退回，謝謝。"},
    Text{Topic::doubled, zh_hant, "同一筆消費出現兩次",
         "{day}在{shop}刷了一次，明細卻有兩筆{amount}，時間非常接近。店家說系統當時有點慢。麻煩幫我確認是不是重複請款。"},
    Text{Topic::looks_doubled, zh_hant, "明細有兩筆相同金額",
         "我在明細裡看到{day}{shop}有兩筆看起來一樣的紀錄，金額{amount}。想確認是不是重複扣款，還是其實是兩次消費？"},
    Text{Topic::failed, zh_hant, "付款失敗",
         "{day}{time}在{shop}付{amount}，畫面顯示餘額不足、付款失敗。{order}之後儲值再付就成功了。請問第一次有扣到錢嗎？"},
    Text{Topic::refund, zh_hant, "退款進度",
         "{day}在{shop}的消費{amount}，我已經辦理退貨，店家說會退到錢包。{order}請問大約幾天會入帳？"},
    Text{Topic::locked, zh_hant, "帳戶被鎖住",
         "早上登入時出現「帳戶已鎖定」，可能是我密碼打錯太多次。下午要付學費，請問怎麼最快解鎖？"},
    Text{Topic::info_change, zh_hant, "變更通訊地址",
         "我搬家了，新的地址是台北市大安區和平東路二段 96 巷 12 號 4 樓，想請你們更新資料，需要附什麼文件嗎？"},
    Text{Topic::info_change, zh_hant, "更改電子郵件",
         "我想把帳戶的信箱換成另一個，舊的信箱月底就不能用了，請問流程是什麼？"},
    Text{Topic::top_up, zh_hant, "儲值未入帳",
         "前天用網路銀行轉帳儲值 NT$1,000，銀行顯示成功，但錢包到現在沒有增加，請幫忙查。"},
    Text{Topic::card, zh_hant, "綁定信用卡失敗",
         "想綁定末四碼 3308 的卡片，輸入驗證碼後一直顯示錯誤代碼 C-204，換了瀏覽器也一樣。"},
    Text{Topic::fees, zh_hant, "手續費詢問", "請問用美元錢包付款，換匯和手續費怎麼計算？每個月有免費額度嗎？"},
    Text{Topic::identity, zh_hant, "身分驗證被退件",
         "我上傳的證件被退回，理由寫「資料不符」，可是姓名和生日都正確，請問要怎麼補件？"},
    Text{Topic::login, zh_hant, "收不到驗證碼", "從昨天晚上開始登入都收不到驗證碼，已經試過重新寄送好幾次，請幫忙。"},
    Text{Topic::suspicious, zh_hant, "這封信是你們寄的嗎",
         "收到一封自稱 OKPay 的信，要我「二十四小時內更新付款資料，否則停用帳戶」，還附了連結 "
         "http://okpay-secure.example/login 。我沒有點，請幫忙確認。"},
    Text{Topic::how_to, zh_hant, "如何申請電子對帳單", "請問要怎麼設定每個月自動寄送電子對帳單？"},
    Text{Topic::complaint, zh_hant, "客服回覆太慢",
         "我三天前就反映過問題，到現在只收到系統回覆。請給我一個明確的處理時間，不然我要向消保會申訴。"},
    Text{Topic::off_topic, zh_hant, "想請問徵才", "請問貴公司目前有在招募客服人員嗎？可以寄履歷到哪裡？"},
    Text{Topic::spam, zh_hant, "低利貸款 快速撥款", "免保人、免抵押，當天撥款，限時優惠，意者請直接回信。"},
    Text{Topic::unclear, zh_hant, "請問", "請問一下，上次那個處理好了嗎"},
    // --- English
    Text{Topic::doubled, en, "Charged twice",
         "{day} around {time} I paid {amount} at {shop} and it shows up twice in my history. I bought one thing, once. "
         "{order}Please refund the second charge."},
    Text{Topic::doubled, en, "Duplicate payment to {shop}",
         "I think the payment went through two times {day}. The page hung, I waited, and now there are two lines of "
         "{amount} from {shop}. {order}Could you check and send the extra one back?"},
    Text{Topic::doubled, en, "double charge!!",
         "{shop} took {amount} from me TWICE {day}. The person at the till says they only see one. I want my money back "
         "please."},
    Text{Topic::looks_doubled, en, "Was I charged twice?",
         "I noticed two payments to {shop} {day}, they look the same to me, {amount}. Is one of them a mistake? I might "
         "simply have forgotten, so please have a look."},
    Text{Topic::looks_doubled, en, "Two identical lines",
         "In my history there are two entries for {shop} ({amount}, {day}). Could this be a duplicate?"},
    Text{Topic::failed, en, "Payment failed, was I charged?",
         "My payment of {amount} at {shop} {day} at {time} was declined with \"insufficient funds\". {order}I topped up and "
         "tried again and it worked. Did the first one take any money?"},
    Text{Topic::failed, en, "Declined at checkout",
         "Tried to pay {amount} to {shop} {day} and got \"insufficient funds\" although I was sure there was enough. What "
         "happened?"},
    Text{Topic::refund, en, "Where is my refund?",
         "I returned what I bought at {shop} {day} ({amount}). {order}They tell me the refund was sent. When will I see it "
         "in my wallet?"},
    Text{Topic::refund, en, "Refund request",
         "Hello, I would like a refund of {amount}, paid to {shop} {day} at about {time}. The item arrived broken and the "
         "shop does not answer."},
    Text{Topic::locked, en, "Account locked",
         "I cannot sign in any more, it says my account is locked. I mistyped the password a few times this morning. How do "
         "I get back in? I need to pay my rent tomorrow."},
    Text{Topic::locked, en, "locked out", "App says account suspended. no reason given. please unlock asap"},
    Text{Topic::info_change, en, "Change of address",
         "We moved last week. Please change the address on my account to 14 Larch Road, Flat 2, Bristol BS6 5XX. Let me "
         "know if you need proof."},
    Text{Topic::info_change, en, "New surname",
         "I got married and would like my new surname, Ashdown, on the account. Which documents do you need?"},
    Text{Topic::top_up, en, "Top-up has not arrived",
         "I sent 100.00 by bank transfer two days ago to top up my wallet. My bank says it has left. The balance has not "
         "moved."},
    Text{Topic::card, en, "Cannot add my card",
         "When I try to add my card ending 4417 I get \"verification failed, code V-31\". I tried a second browser and the "
         "app."},
    Text{Topic::fees, en, "Fees for withdrawals",
         "Quick question: what do you charge for a withdrawal to a bank account abroad, and is there a daily limit?"},
    Text{Topic::fees, en, "Monthly limits",
         "Is there a limit on how much I can spend a month? I could not find it on the website."},
    Text{Topic::identity, en, "Verification rejected",
         "My identity check was rejected with \"document not readable\". The scan looks perfectly sharp to me. What should "
         "I do differently?"},
    Text{Topic::login, en, "No sign-in code",
         "The six-digit code never arrives. I have asked for it five times since this morning, and it is not in spam "
         "either."},
    Text{Topic::login, en, "Lost my phone",
         "I lost the phone with my authenticator app, so I cannot pass the second step. How can I set it up again?"},
    Text{Topic::suspicious, en, "Is this mail from you?",
         "I received a message saying my wallet will be closed unless I confirm my details at "
         "http://okpay-support.example/confirm. It greets me as \"Dear costumer\". I have not clicked. Is it yours?"},
    Text{Topic::suspicious, en, "Sign-in I do not recognise",
         "I got an alert about a sign-in from a device I have never owned, at 4 in the morning. It was not me. Please "
         "secure my account."},
    Text{Topic::how_to, en, "How do I get a statement?",
         "My accountant wants a statement for the last quarter as PDF. Where do I find that?"},
    Text{Topic::how_to, en, "Second wallet", "How can I open a second wallet in another currency?"},
    Text{Topic::complaint, en, "Very disappointed",
         "This is my third mail. Each time I get a polite nothing. If I do not hear from someone who can decide by Friday I "
         "will take this to the ombudsman."},
    Text{Topic::off_topic, en, "School project",
         "I am writing a paper on mobile payments and would love to ask two questions about how your company started. Whom "
         "could I write to?"},
    Text{Topic::spam, en, "Rank #1 in search results",
         "We noticed your website is not on the first page. Our experts guarantee top positions in 14 days. Reply YES for a "
         "free audit."},
    Text{Topic::unclear, en, "Question", "Hi, any news about the thing from last time?"},
};

constexpr std::array<std::string_view, 6> openings_hans{"你好：", "您好，", "客服您好：", "尊敬的客服：", "", ""};
constexpr std::array<std::string_view, 5> openings_hant{"您好：", "客服您好，", "你好，", "", ""};
constexpr std::array<std::string_view, 6> openings_en{"Hello,", "Dear OKPay team,",       "Hi,", "Good morning,",
                                                      "",       "To whom it may concern,"};
constexpr std::array<std::string_view, 5> closings_hans{"谢谢！\n{name}", "此致\n敬礼\n{name}", "{name}",
                                                        "麻烦了，谢谢。\n{name}", "望尽快回复。\n{name}"};
constexpr std::array<std::string_view, 4> closings_hant{"謝謝。\n{name}", "{name} 敬上", "{name}",
                                                        "麻煩您了，感謝！\n{name}"};
constexpr std::array<std::string_view, 6> closings_en{
    "Best regards,\n{name}",           "Thanks,\n{name}",   "{name}", "Kind regards\n{name}",
    "Many thanks in advance,\n{name}", "Sent from my phone"};

}  // namespace

std::string_view category_of(Topic topic) {
    switch (topic) {
    case Topic::doubled:
    case Topic::looks_doubled: return "duplicate_charge";
    case Topic::failed: return "payment_failed";
    case Topic::refund: return "refund";
    case Topic::locked: return "account_locked";
    case Topic::info_change: return "account_info_change";
    case Topic::top_up: return "topup_withdrawal";
    case Topic::card: return "card";
    case Topic::fees: return "fees_limits";
    case Topic::identity: return "identity_verification";
    case Topic::login: return "login_security";
    case Topic::suspicious: return "suspicious_activity";
    case Topic::how_to: return "general_howto";
    case Topic::complaint: return "complaint";
    case Topic::off_topic: return "off_topic";
    case Topic::spam: return "spam";
    case Topic::unclear: return "unclear";
    }
    std::abort();  // no other value is ever made
}

std::span<const Text> mail_texts() { return texts; }

std::span<const std::string_view> openings(Tongue tongue) {
    switch (tongue) {
    case zh_hans: return openings_hans;
    case zh_hant: return openings_hant;
    case en: return openings_en;
    }
    std::abort();
}

std::span<const std::string_view> closings(Tongue tongue) {
    switch (tongue) {
    case zh_hans: return closings_hans;
    case zh_hant: return closings_hant;
    case en: return closings_en;
    }
    std::abort();
}

}  // namespace okpay::demo
