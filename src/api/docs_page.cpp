// SPDX-License-Identifier: Apache-2.0
#include "api/docs_page.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include "api/docs_example.hpp"
#include "base/text.hpp"

namespace okpay::api {
namespace {

namespace json = boost::json;

std::string escaped(std::string_view text) {
    std::string html;
    for (const char c : text) {
        switch (c) {
        case '&': html += "&amp;"; break;
        case '<': html += "&lt;"; break;
        case '>': html += "&gt;"; break;
        case '"': html += "&quot;"; break;
        default: html += c;
        }
    }
    return html;
}

// What stands between backticks is code.
std::string prose(std::string_view text) {
    std::string html;
    bool code = false;
    for (const std::string_view part : split(text, '`')) {
        html += code ? fmt::format("<code>{}</code>", escaped(part)) : escaped(part);
        code = !code;
    }
    return html;
}

const json::value* at(const json::value& value, std::string_view name) {
    const auto* object = value.if_object();
    return object != nullptr ? object->if_contains(name) : nullptr;
}

std::string_view text_at(const json::value& value, std::string_view name) {
    const json::value* found = at(value, name);
    const auto* text = found != nullptr ? found->if_string() : nullptr;
    return text != nullptr ? std::string_view{text->data(), text->size()} : std::string_view{};
}

std::string_view key_of(const json::key_value_pair& member) { return {member.key().data(), member.key().size()}; }

std::string type_html(const json::value& schema) {
    if (const auto reference = text_at(schema, "$ref"); !reference.empty()) {
        const auto name = escaped(reference.substr(reference.rfind('/') + 1));
        return fmt::format("<a href=\"#{0}\">{0}</a>", name);
    }
    for (const std::string_view joined : {"oneOf", "allOf"}) {
        const json::value* parts = at(schema, joined);
        if (parts == nullptr || !parts->is_array()) continue;
        std::string html;
        for (const json::value& part : parts->get_array()) {
            html += (html.empty() ? "" : joined == "oneOf" ? " or " : " and ") + type_html(part);
        }
        return html;
    }
    if (const json::value* items = at(schema, "items")) return "list of " + type_html(*items);
    if (const json::value* words = at(schema, "enum"); words != nullptr && words->is_array()) {
        std::string html;
        for (const json::value& word : words->get_array()) {
            html += fmt::format("{}<code>{}</code>", html.empty() ? "" : " ", escaped(json::serialize(word)));
        }
        return html;
    }
    const json::value* type = at(schema, "type");
    if (type == nullptr) return "anything";
    return type->is_string() ? escaped(text_at(schema, "type")) : escaped(json::serialize(*type));
}

bool is_required(const json::value& schema, std::string_view name) {
    const json::value* required = at(schema, "required");
    if (required == nullptr || !required->is_array()) return false;
    return std::ranges::any_of(required->get_array(), [name](const json::value& one) { return one == json::value(name); });
}

std::string members_html(const json::value& schema) {
    std::string html;
    if (const json::value* all = at(schema, "allOf"); all != nullptr && all->is_array()) {
        for (const json::value& part : all->get_array()) html += members_html(part);
        return html;
    }
    const json::value* members = at(schema, "properties");
    if (members == nullptr || !members->is_object()) return html;
    for (const auto& member : members->get_object()) {
        html += fmt::format("<tr><th><code>{}</code>{}</th><td>{}</td><td>{}</td></tr>", escaped(key_of(member)),
                            is_required(schema, key_of(member)) ? "" : " <small>optional</small>", type_html(member.value()),
                            prose(text_at(member.value(), "description")));
    }
    return html;
}

// `status` is 0 for what is no request.
std::string shell_html(std::string_view shell, int status) {
    const std::string answers = status == 0 ? "" : fmt::format("<small>answers {}</small>", status);
    return fmt::format(
        "<figure><figcaption>{}<button type=\"button\" class=\"copy\">Copy</button></figcaption>"
        "<pre data-status=\"{}\">{}</pre></figure>",
        answers, status, escaped(shell));
}

// The paragraphs and shell lines of `info`, which say what the operations have in common.
std::string chapters_html(const json::value& info) {
    std::string html;
    const json::value* chapters = at(info, "x-chapters");
    if (chapters == nullptr || !chapters->is_array()) return html;
    for (const json::value& chapter : chapters->get_array()) {
        html += fmt::format("<h2>{}</h2>", escaped(text_at(chapter, "title")));
        const json::value* parts = at(chapter, "parts");
        if (parts == nullptr || !parts->is_array()) continue;
        for (const json::value& part : parts->get_array()) {
            if (const auto text = text_at(part, "text"); !text.empty()) html += fmt::format("<p>{}</p>", prose(text));
            const json::value* lines = at(part, "shell");
            if (lines == nullptr || !lines->is_array()) continue;
            std::string shell;
            for (const json::value& line : lines->get_array()) shell += json::value_to<std::string>(line) + "\n";
            const json::value* given = at(part, "given");
            html += given != nullptr ? fmt::format("<pre class=\"given\">{}</pre>", escaped(shell)) : shell_html(shell, 0);
        }
    }
    return html;
}

// Out of the description of the enum, where each code stands in backticks before its status and a sentence.
std::string errors_html(const json::value& error_code) {
    std::string html =
        "<table class=\"codes\"><tr><th>Code</th><th>Status</th><th>What it means</th><th>What to do</th></tr>";
    const json::value* advice = at(error_code, "x-advice");
    const auto parts = split(text_at(error_code, "description"), '`');
    const auto is_code = [&parts](std::size_t i) {  // followed by ": 409 "
        return i % 2 == 1 && i + 1 < parts.size() && parts[i + 1].size() > 6 && parts[i + 1].starts_with(": ") &&
               parts[i + 1][5] == ' ' && parts[i + 1][2] >= '4' && parts[i + 1][2] <= '5';
    };
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (!is_code(i)) continue;
        std::string means{parts[i + 1].substr(6)};
        for (std::size_t k = i + 2; k < parts.size() && !is_code(k); ++k) {
            means += (k % 2 == 1 ? "`" : "") + std::string{parts[k]} + (k % 2 == 1 ? "`" : "");
        }
        const std::string_view status = parts[i + 1].substr(2, 3);
        std::string_view does = advice != nullptr ? text_at(*advice, parts[i]) : "";
        if (does.empty() && advice != nullptr) does = text_at(*advice, status);
        html += fmt::format("<tr id=\"{0}\"><td><code>{0}</code></td><td>{1}</td><td>{2}</td><td>{3}</td></tr>",
                            escaped(parts[i]), escaped(status), prose(means), prose(does));
    }
    return html + "</table>";
}

std::string operation_html(std::string_view method, std::string_view path, const json::value& operation,
                           const json::value& document) {
    std::string html = fmt::format("<article><h3><b>{}</b> <code>{}</code></h3><p>{}</p>", escaped(method), escaped(path),
                                   prose(text_at(operation, "summary")));
    if (const auto more = text_at(operation, "description"); !more.empty()) html += fmt::format("<p>{}</p>", prose(more));
    if (const json::value* body = at(operation, "requestBody")) {
        if (const json::value* content = at(*body, "content"); content != nullptr && content->is_object()) {
            for (const auto& kind : content->get_object()) {
                if (const json::value* schema = at(kind.value(), "schema"))
                    html += "<p>Body: " + type_html(*schema) + "</p>";
            }
        }
    }
    const CurlExample example = curl_example(method, path, operation, document);
    html += shell_html(example.shell, example.status);
    html += "<table>";
    if (const json::value* responses = at(operation, "responses"); responses != nullptr && responses->is_object()) {
        for (const auto& response : responses->get_object()) {
            const json::value* answer = referred(document, &response.value());
            if (answer == nullptr) continue;
            std::string types;
            if (const json::value* content = at(*answer, "content"); content != nullptr && content->is_object()) {
                for (const auto& kind : content->get_object()) {
                    if (const json::value* schema = at(kind.value(), "schema")) types += type_html(*schema) + " ";
                }
            }
            html += fmt::format("<tr><th>{}</th><td>{}</td><td>{}</td></tr>", escaped(key_of(response)), types,
                                prose(text_at(*answer, "description")));
        }
    }
    return html + "</table></article>";
}

constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;"
    "border-top:1px solid #8884}th{font-weight:600;white-space:nowrap}h3{margin-top:2.5rem}h3 b{color:#0a7}small{opacity:.7}"
    "code{font-size:.92em}article{overflow-x:auto}figure{margin:1rem 0;border:1px solid #8884;border-radius:.4rem}"
    "figcaption{display:flex;gap:1rem;align-items:center;padding:.2rem .2rem .2rem .8rem;border-bottom:1px solid #8884;"
    "min-height:2rem}.copy{margin-left:auto;font:inherit;font-size:.85em;padding:.2rem .8rem;border:1px solid #8886;"
    "border-radius:.3rem;background:none;color:inherit;cursor:pointer}pre{margin:0;padding:.8rem;overflow-x:auto;"
    "font-size:.85em}pre.given{background:#8881;border-radius:.4rem}td{overflow-wrap:break-word}.codes "
    "code{white-space:nowrap}"
    "@media(max-width:40rem){th{white-space:normal}td,th{padding-right:.4rem;font-size:.92em}"
    ".codes,.codes tbody,.codes tr,.codes td{display:block;border:0}.codes tr{border-top:1px solid #8884;"
    "padding:.4rem 0}.codes tr:first-child{display:none}}";

// Where the browser lets a page write to the clipboard: https and loopback.
constexpr std::string_view script =
    "for(const b of document.querySelectorAll('.copy'))b.addEventListener('click',async()=>{"
    "try{await navigator.clipboard.writeText(b.closest('figure').querySelector('pre').textContent);"
    "b.textContent='Copied'}catch{const r=document.createRange();r.selectNodeContents(b.closest('figure')"
    ".querySelector('pre'));getSelection().removeAllRanges();getSelection().addRange(r);b.textContent='Press Ctrl+C'}"
    "setTimeout(()=>{b.textContent='Copy'},1500)});";

}  // namespace

std::string docs_page_of(std::string_view openapi_json) {
    boost::system::error_code error;
    const json::value document = json::parse(openapi_json, error);
    const json::value* info = at(document, "info");
    std::string html =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>OKPay API</title><style>";
    html += style;
    html += "</style></head><body><h1>OKPay API</h1>";
    if (info != nullptr) html += fmt::format("<p>{}</p>", prose(text_at(*info, "description")));
    html += "<p>The same for machines: <a href=\"/api/openapi.json\">openapi.json</a></p>";
    if (info != nullptr) html += chapters_html(*info);
    const json::value* components = at(document, "components");
    const json::value* schemas = components != nullptr ? at(*components, "schemas") : nullptr;
    if (const json::value* codes = schemas != nullptr ? at(*schemas, "ErrorCode") : nullptr) {
        html += "<h2>Errors</h2><article>" + errors_html(*codes) + "</article>";
    }
    html += "<h2>Operations</h2>";
    if (const json::value* paths = at(document, "paths"); paths != nullptr && paths->is_object()) {
        for (const auto& path : paths->get_object()) {
            for (const std::string_view method : {"get", "post"}) {
                const json::value* operation = at(path.value(), method);
                if (operation != nullptr)
                    html += operation_html(method == "get" ? "GET" : "POST", key_of(path), *operation, document);
            }
        }
    }
    html += "<h2>Words</h2>";
    if (schemas != nullptr && schemas->is_object()) {
        for (const auto& schema : schemas->get_object()) {
            const std::string members = members_html(schema.value());
            html += fmt::format("<article><h3 id=\"{0}\">{0}</h3><p>{1}</p>", escaped(key_of(schema)),
                                prose(text_at(schema.value(), "description")));
            html += members.empty() ? "<p>" + type_html(schema.value()) + "</p>" : "<table>" + members + "</table>";
            html += "</article>";
        }
    }
    return html + "<script src=\"/api/docs.js\"></script></body></html>";
}

std::string_view docs_script() { return script; }

}  // namespace okpay::api
