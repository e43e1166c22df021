"""
Answers to release, their printed tables made directly: what disclosure control would have given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np

from nilreturn.release import (
    Answer,
    AnsweredQuestion,
    Authority,
    ExtractFacts,
    MentionSearch,
    PolicyFacts,
    TableRule,
)
from nilreturn.tables import (
    Category,
    CellStatus,
    Coordinates,
    Dimension,
    Extent,
    Population,
    PrintedTable,
    RawExtreme,
    RawTable,
    SafeCell,
    SafeExtreme,
    make_safe_extreme,
    make_safe_table,
    print_table,
)

PERIOD = Extent.between(date(2020, 7, 1).toordinal(), date(2021, 3, 31).toordinal())
OFFENCE = ("crime.offence", Extent.of("88A 071/17"))
RECORDED = ("crime.recorded_on", PERIOD)

WORDS = (
    (
        "Please tell me the number of recorded offences under s.15A of the Sexual Offences Act "
        "2003, sexual"
        " communication with a child, (Home Office recording code 71/17) recorded from (and "
        "including) July 1st 2020"
        " to (and including) March 31st 2021"
    ),
    (
        "Where possible I would like to know the age and gender of the victim, broken down into "
        "age groups: 11 and"
        " under, 12-15, 16 and over."
    ),
    "Please tell me the age and gender of the youngest victim.",
    (
        "Please tell me all the forms of communication (eg. which social media or messaging "
        "platform such as"
        " Whatsapp, Facebook, Twitter, Instagram, Snapchat, Kik etc.) that have been recorded as "
        "having been used in"
        " connection with recorded offences under s.15A of the Sexual Offences Act 2003, from (and "
        "including) April"
        " 1st 2020, until (and including) March 31st 2021."
    ),
)

SEX = Dimension.flat("victim.sex", "Sex", ("Female", "Male", "Unknown"))
AGE = Dimension.flat(
    "victim.age",
    "Age",
    ("11 and under", "12-15", "16 and over", "Unknown"),
    covers={
        "11 and under": Extent.between(0, 11),
        "12-15": Extent.between(12, 15),
        "16 and over": Extent.between(16, 150),
    },
)
KEYWORDS = ("WhatsApp", "Facebook", "Twitter", "Instagram", "Snapchat", "Kik")
ANY = "Any of these"
WORD = Dimension(
    "crime.mentions",
    "Keyword",
    (Category(ANY), *(Category(word, ANY, Extent.of(word)) for word in KEYWORDS)),
    additive=False,
)
FORM = Dimension.flat(
    "crime.mention_form",
    "Form",
    ("As written", "Only in another spelling"),
    total="Written in any form",
)
SEARCHED = Dimension.flat(
    "crime.mentions", "Keywords", (ANY, "None of these"), total="Records searched"
)


def safe_table(
    dimensions: tuple[Dimension, ...],
    leaves: Mapping[Coordinates, int],
    *,
    name: str = "table",
    title: str = "Crimes",
    unit: str = "crimes",
    below: int = 0,
    hidden: tuple[Coordinates, ...] = (),
    question: str = "1",
    extents: tuple[tuple[str, Extent], ...] = (OFFENCE, RECORDED),
    method: str = "",
) -> PrintedTable:
    """
    A printed table with its margins summed from `leaves`. Counts from 1 to `below` - 1 are hidden
    as primary, the cells of `hidden` as secondary.
    """
    counts = _summed(dimensions, leaves)
    raw = RawTable(name, title, Population(unit, extents), dimensions, counts, question)
    cells = {}
    for labels, count in raw.cells():
        if 0 < count < below:
            cells[labels] = SafeCell(None, CellStatus.PRIMARY, "threshold")
        elif labels in hidden:
            cells[labels] = SafeCell(None, CellStatus.SECONDARY)
        else:
            cells[labels] = SafeCell(count, CellStatus.SAFE)
    return printed(raw, cells, method=method)


def printed(
    raw: RawTable, cells: Mapping[Coordinates, SafeCell], *, method: str = ""
) -> PrintedTable:
    """The table as readers have it, restricted as it says itself."""
    safe = make_safe_table(raw, cells, method=method)
    return print_table(safe, restricted_to=raw.population.extents, dimensions=raw.dimensions)


def _summed(dimensions: tuple[Dimension, ...], leaves: Mapping[Coordinates, int]) -> np.ndarray:
    counts = np.zeros(tuple(len(dimension.categories) for dimension in dimensions), dtype=np.int64)
    for labels, count in leaves.items():
        upward = [
            _with_parents(dimension, label)
            for dimension, label in zip(dimensions, labels, strict=True)
        ]
        for place in product(*upward):
            counts[place] += count
    return counts


def _with_parents(dimension: Dimension, label: str | None) -> list[int]:
    by_label = {category.label: category for category in dimension.categories}
    places = []
    while label is not None:
        places.append(dimension.labels.index(label))
        label = by_label[label].parent
    return places


def mentions_tables() -> tuple[PrintedTable, PrintedTable]:
    """
    The figures of a real published reply: WhatsApp 2, Twitter nil return, …; and how many records
    were searched.
    """
    counts = np.array(
        [[25, 22, 3], [2, 2, 0], [7, 6, 1], [0, 0, 0], [10, 8, 2], [7, 7, 0], [1, 1, 0]],
        dtype=np.int64,
    )
    year = Extent.between(date(2020, 4, 1).toordinal(), date(2021, 3, 31).toordinal())
    population = Population("records", (OFFENCE, ("crime.recorded_on", year)))
    named = RawTable(
        "q4", "Records that mention each keyword", population, (WORD, FORM), counts, "4"
    )
    cells = {labels: SafeCell(count, CellStatus.SAFE) for labels, count in named.cells()}
    extents = (OFFENCE, ("crime.recorded_on", year))
    searched = safe_table(
        (SEARCHED,),
        {(ANY,): 25, ("None of these",): 387},
        name="q4_searched",
        title="Records searched",
        unit="records",
        question="4",
        extents=extents,
    )
    return printed(named, cells, method="No figure of this table is hidden."), searched


def refused_extreme(*, name: str = "q3") -> SafeExtreme:
    raw = RawExtreme(
        name,
        "Age and sex of the youngest victim",
        Population("victims"),
        "victim.age",
        "minimum",
        9,
        (("Sex", "Female"),),
        "3",
    )
    return make_safe_extreme(
        raw,
        refusal="The age and sex of one victim describe one person, whom those who know of the "
        "case could recognise.",
    )


def given_extreme(value: int | None, *, name: str = "oldest") -> SafeExtreme:
    raw = RawExtreme(
        name,
        "Age of the oldest victim",
        Population("victims"),
        "victim.age",
        "maximum",
        value,
        (("Sex", "Male"),) if value else (),
        "3",
    )
    return make_safe_extreme(raw, refusal="")


def model_answer() -> Answer:
    """An answer with the four questions of a real request, its tables and its refusal."""
    online = Dimension(
        "crime.online_flag",
        "Online flag",
        (
            Category("Total"),
            *(
                Category(label, "Total", Extent.of(label))
                for label in ("Yes", "No", "Not recorded")
            ),
        ),
    )
    crimes = safe_table(
        (online,),
        {("Yes",): 171, ("No",): 96, ("Not recorded",): 45},
        name="q1",
        title="Crimes by online flag",
    )
    ages = safe_table(
        (AGE, SEX),
        {
            ("11 and under", "Female"): 41, ("11 and under", "Male"): 12,
            ("11 and under", "Unknown"): 0, ("12-15", "Female"): 158, ("12-15", "Male"): 36,
            ("12-15", "Unknown"): 2, ("16 and over", "Female"): 9, ("16 and over", "Male"): 6,
            ("16 and over", "Unknown"): 3, ("Unknown", "Female"): 8, ("Unknown", "Male"): 5,
            ("Unknown", "Unknown"): 7,
        },
        name="q2",
        title="Victims by age and sex",
        unit="victims",
        below=5,
        question="2",
        hidden=(("Unknown", "Unknown"), ("16 and over", "Male"), ("Unknown", "Male"),
                ("12-15", "Male")),
        method="Small figures are hidden, and further figures so that none of them can be worked "
               "out.",
    )  # fmt: skip
    criteria = (
        ("Counted", "Crimes"),
        ("Offences", "071/17 Engage in sexual communication with a child"),
        ("Dates", "Recorded from 1 July 2020 to 31 March 2021, both days included"),
        ("Status of the record", "Recorded"),
    )
    victims = ("Counted", "Victims of crimes; a crime may have several victims, or none on record")
    records = (
        "Counted",
        "Crime records that mention a keyword; a record may mention more than one",
    )
    year = tuple(
        (
            h,
            "Recorded from 1 April 2020 to 31 March 2021, both days included"
            if h == "Dates"
            else t,
        )
        for h, t in criteria
    )
    search = MentionSearch(
        fields=("Initial MO",),
        character_limit=None,
        keywords=("WhatsApp", "Facebook", "Twitter", "Instagram", "Snapchat", "Kik"),
        rule="The whole word, in capitals or not, as written in the request or under another name "
        "of the platform",
        ambiguous=(("Kik", "counted only where it stands as a word of its own"),),
        spellings=(
            ("WhatsApp", ("whatsapp", "whats app")),
            ("Facebook", ("facebook", "fb messenger")),
        ),
    )
    return Answer(
        reference="20210999",
        received_on=date(2021, 6, 1),
        answered_on=date(2021, 6, 29),
        authority=Authority(
            "Example Constabulary",
            "Freedom of Information Unit",
            ("Police Headquarters, 1 Example Street", "Exampleton EX1 1EX"),
            "foi@constabulary.example",
        ),
        questions=(
            AnsweredQuestion("1", WORDS[0], criteria, (crimes,)),
            AnsweredQuestion(
                "2", WORDS[1], (victims, *criteria[1:]), (ages,), caveats=("ages-referred",)
            ),
            AnsweredQuestion("3", WORDS[2], (victims, *criteria[1:]), (), (refused_extreme(),)),
            AnsweredQuestion("4", WORDS[3], (records, *year[1:]), mentions_tables(), (), search),
        ),
        extract=ExtractFacts("Connect", date(2021, 6, 14)),
        policy=PolicyFacts(
            "Example Constabulary, offences against children",
            "2021-06",
            (
                TableRule("q1", 5, "Local knowledge could point at one crime."),
                TableRule(
                    "q2",
                    5,
                    "Victims are children: with local knowledge a count under 5 may point at one.",
                ),
                TableRule("q4", 1, "How many records name a platform identifies nobody."),
            ),
        ),
        software="nilreturn 0.1.0",
        release_reference="ab" * 32,
        earlier_releases=("cd" * 32,),
    )


def answer_with(*tables: PrintedTable, caveats: tuple[str, ...] = (), **changes: object) -> Answer:
    """The model answer with one question that has just these tables."""
    question = AnsweredQuestion("1", "How many?", (("Counted", "Crimes"),), tables, caveats=caveats)
    rules = tuple(TableRule(table.name, 5, "A reason.") for table in tables)
    usual = {"policy": PolicyFacts("Policy", "1", rules)}
    return replace(model_answer(), questions=(question,), **{**usual, **changes})
