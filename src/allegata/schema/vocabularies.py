"""The enumerations, with the rule by which a coder chooses each value.

The rules are the codebook's: they reach the published tables, the JSON Schema that editors
read, and the site from here and from nowhere else.
"""

from __future__ import annotations

from allegata.schema.vocabulary import Vocabulary


class SourceKind(Vocabulary, open_to_readers=True):
    """What sort of document a source is, by who issued it and what for."""

    NEWS_REPORT = "news_report", "Written by a news outlet for its own audience."
    WIRE_REPORT = "wire_report", "Written by a news agency for other outlets to print."
    OFFICIAL_RELEASE = (
        "official_release",
        "Issued by a state or a body as its own word: a readout, a press note, a statement.",
    )
    TRANSCRIPT = "transcript", "A verbatim record of speech."
    SOCIAL_POST = "social_post", "A post published by an account."
    FACT_CHECK = "fact_check", "Examines a claim and ends in a verdict."
    INVESTIGATION = "investigation", "An inquiry of its own by an outlet or an organisation."
    COURT_DOCUMENT = "court_document", "An indictment, a ruling or another record of a court."
    OTHER = "other", "A document that fits none of the other kinds; say what it is in the note."


class ActorKind(Vocabulary):
    """What sort of speaker or doer an actor is."""

    PERSON = "person", "A named human being."
    STATE = "state", "A country as speaker or doer, also when its capital stands for it."
    ORGANISATION = "organisation", "Any named body: a ministry, a party, a company, an agency."
    OUTLET = "outlet", "A body that publishes news."
    UNNAMED = (
        "unnamed",
        "Persons whom the source leaves unnamed, such as officials or reporters; the record "
        "serves one occasion only.",
    )


class PlaceKind(Vocabulary):
    """How large a place is; it says how precisely an event can be located."""

    SITE = "site", "A building, a compound or a spot within a town."
    CITY = "city", "A populated place."
    REGION = "region", "A first-order or second-order administrative division."
    COUNTRY = "country", "A whole country."
    AREA = "area", "Anything else with a name: a sea, a front line, a border strip."


class EventType(Vocabulary, open_to_readers=True):
    """What sort of happening an event is said to be."""

    ATTACK = "attack", "Force is said to have been used or attempted."
    CALL = "call", "Persons speak at a distance, by telephone or video."
    MEETING = "meeting", "Persons come together in one place."
    PRESS_EXCHANGE = "press_exchange", "Someone speaks to journalists or answers them."
    NEGOTIATION = "negotiation", "Talks that go on over several contacts towards an agreement."
    ARMED_CONFLICT = "armed_conflict", "A war or an armed conflict as a whole."
    ELECTION_CAMPAIGN = "election_campaign", "A campaign for an office."
    TRANSFER = "transfer", "Arms, aid, money or prisoners change hands."
    MOVEMENT = "movement", "Forces or people move or are moved."
    LEGAL_ACT = "legal_act", "A decision, an order, a law, a charge or a judgment."
    OTHER = "other", "A happening that fits none of the other types; say what in the note."


class ParticipantRole(Vocabulary):
    """The part an actor is alleged or reported to have in an event; never a finding."""

    INITIATOR = "initiator", "The one said to have done it or to have begun it."
    TARGET = "target", "The one at whom it is said to have been directed."
    PARTY = "party", "One who takes part on an equal footing with the others."
    HOST = "host", "The one who receives the others."


class Aspect(Vocabulary):
    """Which facet of a happening, or of an actor, a place or a thing, a proposition is about."""

    OCCURRENCE = "occurrence", "That the event took place at all; one for each event, its head."
    AGENT = "agent", "Who did it; the actor field names the one said to have."
    TARGET = "target", "At whom or at what it was directed."
    MEANS = "means", "With what, or how, it was done."
    PLACE = "place", "Where it was; the place field names it."
    TIME = "time", "When, in what order or how often it was."
    QUANTITY = "quantity", "A count or a measure, given in low, high and unit."
    OUTCOME = "outcome", "What it led to, physically or in practice, interception included."
    MOTIVE = "motive", "Why; the aims, wishes and intentions of an actor."
    CONFIRMATION = "confirmation", "That some body has verified, known or investigated it."
    AUTHENTICITY = (
        "authenticity",
        "That a report of it, or a piece of evidence about it, is invented or doctored.",
    )
    CHARACTERIZATION = "characterization", "A label or a value judgement: cruel, good, little."
    REACTION = "reaction", "What an actor felt or did in response."
    FORECAST = "forecast", "What will happen, promises and threats included."
    ATTRIBUTE = "attribute", "A standing property of an actor, a place or a thing."


class Channel(Vocabulary, open_to_readers=True):
    """The way a statement was made."""

    PHONE_CALL = "phone_call", "In a conversation by telephone or video."
    MEETING = "meeting", "In a conversation face to face."
    PRESS_EXCHANGE = "press_exchange", "In remarks to journalists or answers to them."
    INTERVIEW = "interview", "In a conversation with one outlet, for publication."
    SPEECH = "speech", "In an address to an audience."
    OFFICIAL_RELEASE = "official_release", "In a readout, a press note or a body's statement."
    SOCIAL_POST = "social_post", "In a post published by an account."
    MESSAGING_APP = "messaging_app", "In a message or a voice note sent through an app."
    LETTER = "letter", "In a letter or another written message to an addressee."
    BROADCAST = "broadcast", "On radio, on television or in a published recording."
    REQUEST_FOR_COMMENT = "request_for_comment", "An outlet asks an actor for a word on a matter."
    NONE = "none", "Silence: nothing was said; only together with the stance no_response."
    UNSPECIFIED = "unspecified", "The source does not say; never guess."


class Stance(Vocabulary):
    """How the last speaker of a claim's chain is presented as standing to the proposition.

    Presupposing is not asserting; a condition is not asserted; anger or joy at a thing is no
    stance on whether it happened; relaying is not endorsing. An outlet's words of distance
    ("claimed", "alleged") go to the hop's cue and leave the stance alone.
    """

    ASSERTS = "asserts", "Presented as saying that it is so, without a hedge."
    SUGGESTS = "suggests", "Says that it is likely, possible or apparent."
    NONCOMMITTAL = (
        "noncommittal",
        "Speaks to it without taking a side: cannot confirm, or gives an answer that neither "
        "affirms nor denies what was asked.",
    )
    DOUBTS = "doubts", "Says that it may not be so, is unlikely or is unproven."
    DENIES = "denies", "Says that it is not so, or calls an assertion of it false or invented."
    ASKS = "asks", "Puts it as a question, or asks for a comment on it."
    DECLINES = "declines", "Expressly refuses to speak to it."
    NO_RESPONSE = "no_response", "The source says that the actor had not answered by publication."
    RETRACTS = "retracts", "Takes back an earlier stance of their own on it."


class Evidence(Vocabulary):
    """What the source says about evidence for the claim; not whether there is any."""

    NOT_ADDRESSED = "not_addressed", "The source says nothing of evidence."
    OFFERED = "offered", "The source says that the speaker showed or named specific evidence."
    PROMISED = "promised", "The source says that the speaker announced evidence to come."
    WITHHELD = "withheld", "Evidence is said to exist and not to be shown."
    NONE_OFFERED = "none_offered", "The source states that no evidence was given."


class Clarity(Vocabulary):
    """Whether the wording of the source leaves the coding open."""

    CLEAR = "clear", "Trained coders would code it alike."
    AMBIGUOUS = (
        "ambiguous",
        "Two trained coders could fairly differ on its chain, its scope, its target or its "
        "stance; the note says why.",
    )


class Method(Vocabulary):
    """How a claim was coded."""

    HUMAN = "human", "A person coded it."
    ASSISTED = "assisted", "A machine drafted it and a person accepted it."
    AUTOMATIC = "automatic", "A machine coded it; without a reviewer nobody has checked it."


class QuoteRole(Vocabulary):
    """What a span of the source's text is pointed at for."""

    SPEECH = (
        "speech",
        "Words inside the source's quotation marks: the words of the outermost statement of "
        "the chain.",
    )
    CONTENT = "content", "The reporter's own words that carry the claim."
    EVIDENCE = "evidence", "Where the source speaks of evidence."
    CONTEXT = "context", "A date, a place or an identity that the coding rests on."


class Predicate(Vocabulary):
    """How one record stands to another."""

    ENTAILS = "entails", "Proposition to proposition: who asserts the first commits to the second."
    CONTRADICTS = "contradicts", "Proposition to proposition: both cannot hold."
    REPLIES_TO = "replies_to", "Statement to statement: the first answers the second."
    BEFORE = (
        "before",
        "Event to event: the first ended before the second began, and nobody disputes it; a "
        "disputed order is a proposition of aspect time.",
    )
    PART_OF = "part_of", "Event to event: the first belongs to the second."
    ALTERNATIVE_TO = "alternative_to", "Event to event: rival accounts of one happening."
    REPUBLISHES = "republishes", "Source to source: the same text at another outlet."
    REWRITES = "rewrites", "Source to source: copy of an agency or an outlet, reworked."
    TRANSLATES = "translates", "Source to source: the same text in another language."
    CORRECTS = "corrects", "Source to source: the publisher's own correction or retraction."


class Change(Vocabulary):
    """What happened to a record in a release."""

    ADDED = "added", "The record is new in this release."
    CHANGED = "changed", "A value of the record differs from the release before."
    RETRACTED = "retracted", "The publisher of the dataset withdrew the record."
    MERGED = "merged", "The record turned out to be another one, which takes its place."
