"""The invented companies of the sandbox: who they are and which story their figures tell."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Literal

Shape = Literal["improving", "worsening", "seasonal", "flat", "silent"]


@dataclass(frozen=True, slots=True)
class SandboxCompany:
    """One invented customer of the invented reseller."""

    company_id: str
    number: int
    """The platform's other, numeric id."""
    name: str
    industry: str
    people: int
    shape: Shape
    date_format: str = "iso"
    """`iso`, or the company's .NET pattern."""
    time_format: str = "24h"
    time_zone: str = "W. Europe Standard Time"
    tags: tuple[str, ...] = ()
    parent: str | None = None
    privacy: int = 1
    """0 denies the reseller access."""
    expired: bool = False
    unlicensed: tuple[str, ...] = ()
    """Widget types outside its licence."""
    departments: tuple[str, ...] = ("Operations", "Customer Service", "Finance", "Sales", "Office")
    names: tuple[str, ...] = ("Ingrid Solberg", "Tomasz Wrona", "Priya Raman", "Luis Andrade")
    domain: str = "example.com"
    path: tuple[int, ...] = ()
    """Risk scores of the last closed months, oldest first; the rest follows the shape."""


RESELLER = SandboxCompany(
    "Hv4rNcYb3r01", 100, "Halvorn Cyber", "Technology", 62, "flat", domain="halvorn.example"
)
"""The reseller's own company: what an unscoped call is answered with."""

_HARBOURLINE = (44, 41, 39, 36, 33, 31, 29, 28, 26, 24, 17, 11)

COMPANIES = (
    SandboxCompany(
        "xC5kfGz7w2Nz",
        101,
        "Harbourline Logistics",
        "Transportation",
        480,
        "improving",
        date_format="dd/MM/yyyy",
        tags=("gold", "monthly"),
        departments=("Warehouse Operations", "Customer Service", "Finance", "Sales", "Fleet"),
        names=("Ingrid Solberg", "Tomasz Wrona", "Priya Raman", "Luis Andrade", "Keira Boyd"),
        domain="harbourline.example",
        path=_HARBOURLINE,
    ),
    SandboxCompany(
        "Nk8hF2pLq6Ud",
        102,
        "Nordhafen Klinikum GmbH",
        "Healthcare",
        2350,
        "seasonal",
        date_format="dd/MM/yyyy",
        tags=("monthly",),
        departments=(
            "Notaufnahme und Intensivmedizin",
            "Pflegedienstleitung",
            "Verwaltung",
            "Radiologie",
            "Haustechnik",
            "Apotheke",
        ),
        names=("Jürgen Weiß", "Anke Großmann", "Sören Ölschläger", "Käthe Müller"),
        domain="nordhafen.example",
    ),
    SandboxCompany(
        "Pc3wT9vRm4Ja",
        103,
        "Pinecrest Credit Union",
        "Finance",
        620,
        "worsening",
        date_format="MM/dd/yyyy",
        time_format="12h",
        time_zone="Eastern Standard Time",
        tags=("gold", "monthly"),
        departments=("Branch Services", "Lending", "Member Support", "Treasury", "Compliance"),
        names=("Dana Whitfield", "Marcus Okafor", "Elena Ruiz", "Tyler Brandt"),
        domain="pinecrest.example",
    ),
    SandboxCompany(
        "At1nY9pP2eOp", 104, "Atelier Lumen", "Design", 9, "flat", departments=("Studio",)
    ),
    SandboxCompany(
        "Mr2tL7gXe5Kc",
        105,
        "Meridian Retail Group",
        "Retail",
        20000,
        "improving",
        date_format="yyyy/MM/dd",
        tags=("gold",),
        departments=tuple(f"Region {number:02}" for number in range(1, 31)),
    ),
    SandboxCompany("Qt5sD8mWb1Hr", 106, "Quietlake Ventures", "Investment", 45, "silent"),
    SandboxCompany("Vg9jC4nZk7Ts", 107, "Vaultgate Holdings", "Finance", 310, "flat", privacy=0),
    SandboxCompany(
        "Of6yP1xBv3Lm", 108, "Oldfield Print Works", "Printing", 120, "flat", expired=True
    ),
    SandboxCompany(
        "Hx7qR2uEw8Fd",
        109,
        '<script>alert("x")</script> & Söhne\' ../../etc/passwd \u202etxt.exe ' + "W" * 60,
        "Software",
        75,
        "worsening",
        departments=("<b>R&D</b>", "'; DROP TABLE run; --", "{{ 7 * 7 }}", "../" * 20),
        names=('"><img src=x onerror=alert(1)>', "Robert'); DROP TABLE people;--"),
    ),
    SandboxCompany(
        "Tr4bK6aNz9Yv",
        110,
        "Çınar İnşaat ve Ticaret A.Ş.",
        "Construction",
        860,
        "seasonal",
        time_zone="Turkey Standard Time",
        departments=("Şantiye Yönetimi", "İnsan Kaynakları", "Muhasebe", "Satın Alma"),
        names=("Şule Yıldırım", "Çağrı Öztürk", "İpek Güneş", "Oğuz Kılıç"),
        domain="cinar.example",
    ),
    SandboxCompany(
        "Ar3nM8cJx2Gq",
        111,
        "شركة النخيل للتجارة والمقاولات",
        "Trade",
        540,
        "improving",
        time_zone="Arabian Standard Time",
        departments=("خدمة العملاء", "الشؤون المالية", "الموارد البشرية", "المستودعات"),
        names=("محمد العلي", "فاطمة الزهراء", "يوسف الحداد", "ليلى منصور"),
        domain="nakheel.example",
    ),
    SandboxCompany(
        "Jp6fS1kWd5Ro",
        112,
        "株式会社さくら製作所",
        "Manufacturing",
        1320,
        "flat",
        time_zone="Tokyo Standard Time",
        departments=("製造部", "品質保証部", "営業部", "総務部"),
        names=("佐藤 健一", "鈴木 美咲", "高橋 陽斗", "田中 さくら"),
        domain="sakura.example",
    ),
    SandboxCompany(
        "Fj2lN5tVh8Ew", 113, "Fjordline MSP", "Technology", 38, "flat", tags=("partner",)
    ),
    SandboxCompany(
        "Ff7gB3zQc1Xp", 114, "Fjord Fiskeri AS", "Fishing", 95, "improving", parent="Fj2lN5tVh8Ew"
    ),
    SandboxCompany(
        "Ny9dE6rMu4Ks",
        115,
        "Nordlys Energi AS",
        "Energy",
        410,
        "seasonal",
        parent="Fj2lN5tVh8Ew",
        unlicensed=("TrainingCompletionWidget",),
    ),
)
"""The reseller's customers; some belong to a sub-reseller."""

STRANGER = SandboxCompany("Zz0oTh3rR5lr", 900, "Someone Else Ltd", "Retail", 70, "flat")
"""A company of another reseller: calls for it are refused."""


def crowd(count: int) -> tuple[SandboxCompany, ...]:
    """So many companies of one size, each with risk scores of its own."""
    return tuple(
        SandboxCompany(
            f"Cr0wd{place:07}",
            1000 + place,
            f"Crowd Company {place:03}",
            "Retail",
            200,
            "improving",
            domain=f"crowd{place}.example",
            path=_walk(place),
        )
        for place in range(1, count + 1)
    )


def _walk(place: int) -> tuple[int, ...]:
    """Twelve scores, oldest first, that no two of thousands share: two that did would be one."""
    chance = Random(f"crowd:{place}")  # noqa: S311 - a story, not a secret
    steps = accumulate((chance.randint(-6, 6) for _ in range(11)), initial=chance.randint(15, 55))
    return tuple(min(max(score, 4), 90) for score in steps)
