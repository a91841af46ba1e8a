"""Words in many scripts, and pools of sentences made of them.

The sentences mean nothing; they have the lengths, the scripts and the punctuation of real ones.
All are in Unicode normal form C and hold none of the words that the rules look for.
"""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import NamedTuple

_WORDS = {
    "en": "officials the harbour convoy border talks signal report evening bridge of two night "
    "after crossing river sector drones the western supply column reached depot during first "
    "light residents described smoke above railway yard while engineers repaired power lines",
    "es": "según testigos la columna llegó al puente antes del amanecer y varias casas quedaron "
    "dañadas en el barrio señaló corazón montaña niños año camión después frontera también",
    "pl": "świadkowie widzieli dym nad mostem późnym wieczorem kolumna ciężarówek wróciła przez "
    "granicę żołnierze łączność źródło gęsty śnieg również później między",
    "tr": "görgü tanıkları köprünün üzerinde duman gördüğünü aktardı gece yarısından sonra sınır "
    "boyunca kamyonlar ilerledi şehir çağrı ışık güçlü öğle",
    "vi": "nhân chứng thấy khói trên cầu vào đêm muộn đoàn xe đã vượt qua biên giới trước khi "
    "trời sáng người dân được sơ tán nhiều ngôi nhà hư hại",
    "ru": "очевидцы видели дым над мостом поздно вечером колонна прошла через границу жители "
    "услышали взрыв ещё до рассвета электричество восстановили утром",
    "uk": "очевидці бачили дим над мостом пізно ввечері колона пройшла через кордон мешканці "
    "почули вибух ще до світанку її об’єкт зв’язок відновили вранці",
    "el": "μάρτυρες είδαν καπνό πάνω από τη γέφυρα αργά το βράδυ η φάλαγγα πέρασε τα σύνορα πριν "
    "από την αυγή κάτοικοι άκουσαν",
    "ar": "شهود عيان رأوا دخانا فوق الجسر في وقت متأخر من المساء عبرت القافلة الحدود قبل الفجر "
    "سكان الحي سمعوا دوي انفجار",
    "he": "עדים ראו עשן מעל הגשר בשעת ערב מאוחרת השיירה חצתה את הגבול לפני עלות השחר תושבים "
    "שמעו קול נפץ",
    "hi": "चश्मदीद लोगों ने देर शाम पुल के ऊपर धुआँ देखा काफिला भोर से पहले सीमा पार कर गया निवासी बोले",
    "ka": "თვითმხილველებმა ხიდის თავზე კვამლი გვიან საღამოს დაინახეს კოლონამ საზღვარი "
    "გადაკვეთა გამთენიისას",
    "ko": "목격자들은 늦은 저녁 다리 위에서 연기를 보았다고 전했다 차량 행렬은 새벽 전에 국경을 "
    "넘었다 주민들은",
    "ja": "目撃者は 夜遅く 橋の上に 煙が見えたと 話した 車列は 夜明け前に 国境を越え 住民は "
    "爆発音を 聞いた",
    "zh": "目击者 深夜 看到 桥上 有烟 车队 黎明前 越过 边境 居民 听到 爆炸声 电力 次日 恢复",
}
_UNSPACED = ("ja", "zh")

_CUES = {
    "en": "said|told|claimed|stated|added|insisted|wrote|announced",
    "es": "dijo|afirmó|aseguró|según|señaló",
    "pl": "powiedział|oświadczyła|dodał|twierdzi",
    "tr": "söyledi|belirtti|öne sürdü|açıkladı",
    "vi": "nói|cho biết|tuyên bố",
    "ru": "сказал|заявила|сообщил|утверждает",
    "uk": "сказав|заявила|повідомив|стверджує",
    "el": "είπε|δήλωσε|υποστήριξε",
    "ar": "قال|أعلنت|زعم",
    "he": "אמר|הודיעה|טען",
    "hi": "कहा|बताया|दावा किया",
    "ka": "თქვა|განაცხადა",
    "ko": "말했다|밝혔다|주장했다",
    "ja": "述べた|語った|主張した",
    "zh": "说|表示|声称|指出",
}

LANGUAGES = tuple(_WORDS)
"""The languages of sources, as BCP 47 tags."""


class Span(NamedTuple):
    """A piece of text that needs no escaping in JSON, and its length in code points."""

    text: str
    length: int


class Pool(NamedTuple):
    """What a source in one language quotes, and the words by which it reports."""

    spans: tuple[Span, ...]
    cues: tuple[str, ...]
    longest: int
    """The most code points that two spans with a blank between them have."""


def _phrase(random: Random, lang: str, fewest: int, most: int) -> str:
    words = _WORDS[lang].split()
    chosen = (random.choice(words) for _ in range(random.randint(fewest, most)))
    return ("" if lang in _UNSPACED else " ").join(chosen)


@cache
def pool(lang: str) -> Pool:
    """The pool of a language; the same in every run.

    Two spans joined by a blank have at most 24 words, and so may be published.
    """
    random = Random(f"pool {lang}")
    phrases = (_phrase(random, lang, 4, 12) for _ in range(1024))
    spans = tuple(Span(phrase, len(phrase)) for phrase in phrases)
    longest = 2 * max(span.length for span in spans) + 1
    return Pool(spans, tuple(_CUES[lang].split("|")), longest)


@cache
def notes() -> tuple[str, ...]:
    """Sentences of coders' notes, escaped for JSON: some with quotation marks, some in ASCII."""
    random = Random("notes")
    return tuple(_note(random, number) for number in range(1024))


def _note(random: Random, number: int) -> str:
    lang = random.choice(LANGUAGES)
    foreign = _phrase(random, lang, 2, 5)
    sentence = (
        f"{_phrase(random, 'en', 5, 11).capitalize()}; the wording “{foreign}” leaves "
        f"{_phrase(random, 'en', 3, 7)}"
    )
    if number % 4 == 0:
        sentence += f' ("{_phrase(random, "en", 2, 4)}")'
    # What other programs write: escapes for all that is not ASCII.
    return json.dumps(sentence, ensure_ascii=number % 16 == 1)[1:-1]


def title(random: Random, lang: str) -> str:
    """A headline in a language."""
    words = _phrase(random, lang, 5, 12)
    return words[0].upper() + words[1:] if words[0].isascii() else words
