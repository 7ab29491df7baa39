// SPDX-License-Identifier: Apache-2.0
#include "content/safe_html.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "base/text.hpp"

namespace okpay::content {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string shown(std::string_view html) { return safe_html(html).html; }

// Whatever is read as markup is on the list: seen by the brackets and quotes of the answer itself, not by the parser that
// made it.
testing::AssertionResult is_harmless(std::string_view html) {
    constexpr std::array tags{"a",     "abbr",  "address", "b",        "big",  "blockquote", "br",     "caption", "center",
                              "cite",  "code",  "col",     "colgroup", "dd",   "del",        "div",    "dl",      "dt",
                              "em",    "font",  "h1",      "h2",       "h3",   "h4",         "h5",     "h6",      "hr",
                              "i",     "img",   "ins",     "kbd",      "li",   "mark",       "ol",     "p",       "pre",
                              "q",     "s",     "samp",    "small",    "span", "strike",     "strong", "sub",     "sup",
                              "table", "tbody", "td",      "tfoot",    "th",   "thead",      "tr",     "tt",      "u",
                              "ul",    "var",   "wbr"};
    constexpr std::array names{"align",   "alt",     "bgcolor", "border", "cellpadding", "cellspacing", "color",
                               "colspan", "dir",     "face",    "height", "href",        "hspace",      "lang",
                               "rel",     "rowspan", "size",    "src",    "start",       "style",       "target",
                               "title",   "type",    "valign",  "vspace", "width"};
    const auto no = [&](std::string_view why, std::size_t at) {
        return testing::AssertionFailure() << why << " at " << at << " of " << html;
    };
    for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
        std::size_t i = at + 1;
        const bool closes = html.substr(i).starts_with('/');
        if (closes) ++i;
        std::size_t end = i;
        while (end < html.size() && ((html[end] >= 'a' && html[end] <= 'z') || (html[end] >= '0' && html[end] <= '9')))
            ++end;
        const std::string_view tag = html.substr(i, end - i);
        if (std::ranges::find(tags, tag) == tags.end()) return no("an element", at);
        for (i = end; i < html.size() && html[i] != '>';) {
            if (closes || html[i] != ' ') return no("an end tag or a blank", i);
            const auto equals = html.find("=\"", i);
            const auto quote = equals == std::string_view::npos ? equals : html.find('"', equals + 2);
            if (quote == std::string_view::npos) return no("a quote", i);
            const std::string_view name = html.substr(i + 1, equals - i - 1);
            const std::string_view value = html.substr(equals + 2, quote - equals - 2);
            if (std::ranges::find(names, name) == names.end()) return no("an attribute", i);
            if (value.find_first_of("<>") != std::string_view::npos) return no("a bracket in a value", i);
            if (name == "href" && !value.starts_with("http://") && !value.starts_with("https://") &&
                !value.starts_with("mailto:") && !value.starts_with("tel:"))
                return no("an address", i);
            if (name == "src" && !value.starts_with("cid:") && !value.starts_with("data:image/")) return no("a picture", i);
            const std::string low = ascii_lower(value);
            const bool style = name == "style";
            if (style && (low.contains("url") || low.contains('\\') || low.contains('@') || low.contains("expression") ||
                          low.contains("position") || low.contains("behavior") || low.contains("var(")))
                return no("a style", i);
            i = quote + 1;
        }
        if (i >= html.size()) return no("a bracket that does not close", at);
    }
    return testing::AssertionSuccess();
}

testing::AssertionResult is_fixed(std::string_view html) {
    const SafeHtml first = safe_html(html);
    const SafeHtml again = safe_html(first.html);
    if (again.html != first.html) {
        return testing::AssertionFailure() << "of " << html << "\nfirst " << first.html << "\nagain " << again.html;
    }
    if (!again.remote.empty()) return testing::AssertionFailure() << "would still load " << again.remote.front();
    return is_harmless(first.html);
}

constexpr std::array hostile{
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<body onload=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\" jav&#x09;ascript:alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt&colon;alert(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=\"data:text/html,x\"></object>",
    "<embed src=//evil.example/x.swf>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input onfocus=alert(1) autofocus>",
    "<details ontoggle=alert(1) open>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<math><mi xlink:href=\"javascript:alert(1)\">x</mi></math>",
    "<isindex action=javascript:alert(1)>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<base href=\"javascript:alert(1)//\">",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<div style=\"width:expression(alert(1))\">x</div>",
    "<div style=\"width:exp/**/ression(alert(1))\">x</div>",
    "<div style=\"-moz-binding:url(x)\">x</div>",
    "<div style=\"color:r\\65 d;behavior:url(x.htc)\">x</div>",
    "<table background=\"javascript:alert(1)\"><tr><td>x</table>",
    "<img src=`x`onerror=alert(1)>",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<title><script>alert(1)</script></title>",
    "<template><script>alert(1)</script></template>",
    "<a id=document name=cookie href=https://a.example>x</a>",
    "<img name=getElementById src=cid:a@b>",
};

// Forms that became something else when they were read a second time (mutation XSS).
constexpr std::array mutating{
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id=\"</style><img onerror=alert(1) src>\">",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<p><svg><p><title><style></title><img src onerror=x>",
    "<table><caption><svg><title><table><caption></caption></table></title><a onclick=alert(1)>x",
    "<select><template><style><!--</style><a rel=\"--></style></template></select><img src=x onerror=alert(1)>\">",
    "<svg><foreignObject><div><math><annotation-xml encoding=\"text/html\"><style>&lt;img src onerror=x&gt;",
    "<listing>&lt;img onerror=alert(1) src=x&gt;</listing>",
    "<xmp>&lt;/xmp&gt;&lt;img src onerror=alert(1)&gt;</xmp>",
    "<p><button><p>a</button>b",
    "<a href=https://a.example><table><a href=https://b.example>x</table></a>",
    "<pre>\n\n\n a</pre>",
    "<textarea>&lt;/textarea&gt;&lt;img src onerror=alert(1)&gt;</textarea>",
    "<b><p>a<b>b</p>c</b>d",
    "<table>text<tr>more<td>cell</table>after",
};

TEST(SafeHtml, nothing_hostile_stays_and_the_answer_is_a_fixed_point) {
    for (const std::string_view one : hostile) EXPECT_TRUE(is_fixed(one));
    for (const std::string_view one : mutating) EXPECT_TRUE(is_fixed(one));
    for (const std::string_view a : hostile) {
        for (const std::string_view b : mutating) {
            EXPECT_TRUE(is_fixed(std::string{b} + std::string{a}));
            EXPECT_TRUE(is_fixed("<div>" + std::string{a} + "<td>" + std::string{b}));
        }
    }
}

TEST(SafeHtml, any_soup_of_tags_becomes_a_fixed_point) {
    constexpr std::array pieces{
        "<p>",         "</p>",
        "<div>",       "</div>",
        "<table>",     "</table>",
        "<tr>",        "<td>",
        "</td>",       "<b>",
        "</b>",        "<i>",
        "</i>",        "<a href=https://a.example/x>",
        "</a>",        "<ul>",
        "<li>",        "</ul>",
        "<pre>\n",     "</pre>",
        "<svg>",       "</svg>",
        "<math>",      "<style>",
        "</style>",    "<script>",
        "</script>",   "<!--",
        "-->",         "<title>",
        "</title>",    "<select>",
        "</select>",   "<button>",
        "</button>",   "<form>",
        "</form>",     "<h1>",
        "</h1>",       "<font color=red>",
        "</font>",     "<template>",
        "</template>", "<noscript>",
        "</noscript>", "<center>",
        "<caption>",   "<img src=http://t.example/p.png alt=x>",
        "<br>",        "text ",
        "&lt;img&gt;", "\"",
        "'",           ">",
        "<",           "&amp;",
        "\n",          "退款",
        "<hr>",        "<dl><dt>",
        "</dl>",       "<div style=\"color:#fff;background:url(http://t.example/b)\">",
        "4242 4242 ",  "<td background=x>",
        "\xC2\xA0",    "\xFF",
    };
    std::mt19937_64 random{7};
    int as_text = 0;
    for (int i = 0; i < 3'000; ++i) {
        std::string html;
        for (std::uint64_t n = random() % 24 + 1; n > 0; --n) html += pieces[random() % pieces.size()];
        ASSERT_TRUE(is_fixed(html));
        as_text += safe_html(html).simplified ? 1 : 0;
    }
    EXPECT_LT(as_text, 30) << "the formatting of one in a hundred is given up at most";
}

TEST(SafeHtml, what_a_mail_looks_like_stays) {
    EXPECT_EQ(shown("<p>Dear <b>support</b>,<br>my refund &amp; more</p>"),
              "<p>Dear <b>support</b>,<br>my refund &amp; more</p>");
    EXPECT_EQ(
        shown("<table border=1><tr><td bgcolor=#eeeeee style='padding: 4px; color: rgb(1, 2, 3)'>128.50</td></tr></table>"),
        "<table border=\"1\"><tbody><tr><td bgcolor=\"#eeeeee\" style=\"padding: 4px; color: rgb(1, 2, 3)\">128.50</td>"
        "</tr></tbody></table>");
    EXPECT_EQ(shown(
                  "<html><head><title>t</title></head><body bgcolor=\"#fafafa\"><section>一</section><section>二</section>"),
              "<div style=\"background-color: #fafafa\"><div>一</div><div>二</div></div>");
    EXPECT_EQ(shown("<img src=\"cid:a1@x\" alt=\"shot\" width=20>"), "<img alt=\"shot\" width=\"20\" src=\"cid:a1@x\">");
    EXPECT_THAT(safe_html("<img src=\"CID:a1@x\"><img src=cid:a1@x>").content_ids, ElementsAre("a1@x"));
    EXPECT_EQ(shown("plain < text & 'quotes'"), "plain &lt; text &amp; 'quotes'");
    EXPECT_THAT(shown("<p style=\"font: 12px/1.5 'PingFang SC', sans-serif; margin: 0 -9px\">x"),
                HasSubstr("style=\"font: 12px/1.5 'PingFang SC', sans-serif\""));
}

TEST(SafeHtml, nothing_is_loaded_and_what_would_be_is_listed) {
    const SafeHtml page = safe_html(
        "<style>@import 'http://t.example/1.css'; p { background: url(\"http://t.example/2\") }</style>"
        "<link rel=stylesheet href=http://t.example/3><img src=http://t.example/4 srcset='http://t.example/5 2x, "
        "//t.example/6'>"
        "<table><tr><td background=http://t.example/7>x</td></tr></table><div "
        "style=\"background-image:url(http://t.example/8)\">x</div>"
        "<video poster=http://t.example/9><source src=http://t.example/10></video><svg><image "
        "xlink:href=http://t.example/11>"
        "</svg><img src=cid:own><img src=data:image/png;base64,AAAA><a href=https://link.example>not loaded</a>");
    EXPECT_THAT(page.remote,
                testing::UnorderedElementsAre("http://t.example/1.css", "http://t.example/2", "http://t.example/3",
                                              "http://t.example/4", "http://t.example/5", "//t.example/6",
                                              "http://t.example/7", "http://t.example/8", "http://t.example/9",
                                              "http://t.example/10", "http://t.example/11"));
    EXPECT_THAT(page.html, Not(HasSubstr("t.example")));
    EXPECT_TRUE(is_harmless(page.html));
}

TEST(SafeHtml, light_text_on_a_picture_can_still_be_read) {
    const SafeHtml page = safe_html("<div style=\"background:url(x.png); color:#fff\">Your order</div>");
    EXPECT_EQ(page.html, "<div style=\"color: #fff; background-color: #808080\">Your order</div>");
    EXPECT_FALSE(page.hidden_found);
    EXPECT_THAT(shown("<table bgcolor=navy><tr><td><font color=#ffffff>Hi</font></table>"), HasSubstr("Hi"));
}

TEST(SafeHtml, what_is_hidden_is_left_out_and_said) {
    for (const std::string_view hidden :
         {"<div style=\"display:none\">pay me</div>", "<style>.x{display:none}</style><p class=x>pay me</p>",
          "<span style=\"color:#fff\">pay me</span>", "<p hidden>pay me</p>",
          "<div style=\"font-size:0\"><b>pay me</b></div>"}) {
        const SafeHtml page = safe_html("<p>Hello</p>" + std::string{hidden});
        EXPECT_THAT(page.html, Not(HasSubstr("pay me"))) << hidden;
        EXPECT_TRUE(page.hidden_found) << hidden;
    }
    EXPECT_FALSE(safe_html("<p>Hello</p>").hidden_found);
}

TEST(SafeHtml, secrets_are_masked_also_between_tags) {
    struct Case {
        std::string_view html, gone, left;
    };
    for (const Case& one :
         {Case{"<p>card 4242 4242 4242 4242</p>", "4242 4242", "•••• 4242"},
          Case{"<p>card <b>4242 42</b>42 <i>4242</i> 4242 thanks</p>", "4242 4242", "thanks"},
          Case{"<table><tr><td>4242</td><td>4242</td><td>4242</td><td>4242</td></tr></table>", ">4242<", "•••• 4242"},
          Case{"<p>card 4242&nbsp;4242&nbsp;4242&nbsp;4242</p>", "4242\xC2\xA0", "•••• 4242"},
          Case{"<img src=cid:a alt=\"card 4242424242424242\">", "4242424242424242", "alt="}}) {
        const SafeHtml page = safe_html(one.html);
        EXPECT_THAT(page.html, Not(HasSubstr(std::string{one.gone}))) << one.html;
        EXPECT_THAT(page.html, HasSubstr(std::string{one.left})) << one.html;
        EXPECT_TRUE(is_fixed(one.html));
    }
    EXPECT_THAT(safe_html("<p>card <b>4242 42</b>42 4242 4242</p>").masked, ElementsAre(SecretKind::card_number));
    EXPECT_THAT(safe_html("<p>order 20261129-1</p>").masked, IsEmpty());
}

TEST(SafeHtml, links_say_where_they_lead) {
    const SafeHtml page = safe_html(
        "<a href=\"https://evil.example/login\">https://www.okpay.example</a> <a "
        "href=https://www.okpay.example/x>okpay.example</a>"
        "<a href=https://a:b@evil.example>here</a> <a href=mailto:x@evil.example>support@okpay.example</a> <a "
        "href=/x>gone</a>");
    ASSERT_EQ(page.links.size(), 4U);
    EXPECT_TRUE(page.links[0].deceives);
    EXPECT_FALSE(page.links[1].deceives);
    EXPECT_TRUE(page.links[2].deceives);
    EXPECT_TRUE(page.links[3].deceives);
    EXPECT_THAT(page.html, HasSubstr("<a href=\"https://evil.example/login\" title=\"https://evil.example/login\" "
                                     "target=\"_blank\" rel=\"noopener noreferrer nofollow\">"));
    EXPECT_THAT(page.html, HasSubstr("<a>gone</a>"));
}

TEST(SafeHtml, over_a_limit_the_text_alone_is_shown) {
    std::string deep;
    for (int i = 0; i < 1'000; ++i) deep += "<div>";
    const SafeHtml page = safe_html(deep + "card 4242 4242 4242 4242<script>alert(1)</script>");
    EXPECT_TRUE(page.simplified);
    EXPECT_THAT(page.html, testing::StartsWith("<pre>"));
    EXPECT_THAT(page.html, HasSubstr("•••• 4242"));
    EXPECT_THAT(page.html, Not(HasSubstr("alert")));
    EXPECT_TRUE(is_harmless(page.html));
}

}  // namespace
}  // namespace okpay::content
