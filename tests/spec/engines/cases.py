"""
What a question means, case by case: records, the question, the answer.

These are tests, run on every engine, and they are the reference page on behaviour, which is
generated from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """
    `crimes`, `victims` and `mentions` are drawn tables; `question` is a question's YAML without
    number and words.
    """

    title: str
    text: str
    question: str
    answer: str
    crimes: str
    victims: str = ""
    mentions: tuple[tuple[str, str, bool], ...] = ()
    own: tuple[str, ...] = field(default=())


SECTIONS: dict[str, tuple[Case, ...]] = {
    "What is counted": (
        Case(
            "Crimes",
            "A question without a breakdown is answered by a single figure. Only crimes whose "
            "record stands are counted: cancelled and transferred ones stay in the extract and out "
            "of the count.",
            "unit: crimes",
            "Crimes: 2",
            """
            crime_ref | status
            1         | Recorded
            2         | Cancelled
            3         | Recorded
            4         | Transferred
            """,
        ),
        Case(
            "Crimes of another status",
            "Cancelled or transferred crimes are counted where the question says so.",
            "unit: crimes\nfilters: {status: [Cancelled, Transferred]}",
            "Crimes: 2",
            """
            crime_ref | status
            1         | Recorded
            2         | Cancelled
            4         | Transferred
            """,
        ),
        Case(
            "Victims",
            "A crime may have several victims, or none on record. A question about victims counts "
            "those on record.",
            "unit: victims\nbreakdowns: [sex]",
            """
            Victims by sex
            Sex     | victims
            Total   | 3
            Female  | 2
            Male    | 1
            Unknown | 0
            """,
            """
            crime_ref
            1
            2
            3
            """,
            """
            crime_ref | sex
            1         | Female
            1         | Male
            2         | Female
            """,
        ),
        Case(
            "Crimes restricted by their victims",
            "A crime counts once when at least one of its victims is as asked; one and the same "
            "victim must be all that is asked.",
            "unit: crimes\nfilters: {sex: Female, age: under 18}",
            "Crimes: 1",
            """
            crime_ref
            1
            2
            3
            """,
            """
            crime_ref | sex    | age
            1         | Female | 12
            1         | Female | 15
            2         | Female | 40
            2         | Male   | 12
            3         | Female |
            """,
        ),
        Case(
            "The youngest victim",
            "The least age known, and what else was asked of that victim. Where several victims "
            "are of that age, all that is true of any of them.",
            "unit: victims\nextreme: {of: youngest victim, also: [sex]}",
            "Age and sex of the youngest victim: 12; Sex: Female and Male",
            """
            crime_ref
            1
            """,
            """
            crime_ref | sex    | age
            1         | Female | 12
            1         | Male   | 12
            1         | Female | 13
            1         | Male   |
            """,
        ),
        Case(
            "The oldest victim where no age is known",
            "Nobody is found; that is an answer too.",
            "unit: victims\nextreme: oldest victim",
            "Age of the oldest victim: nobody",
            """
            crime_ref
            1
            """,
            """
            crime_ref | sex
            1         | Female
            """,
        ),
    ),
    "Which records": (
        Case(
            "The period",
            "Both ends are included. The day is that on which the crime was recorded, where the "
            "question names no other. A crime without that day is not counted.",
            "unit: crimes\nfilters: {period: 1 July 2020 to 31 July 2020}",
            "Crimes: 2",
            """
            crime_ref | recorded_on
            1         | 2020-06-30
            2         | 2020-07-01
            3         | 2020-07-31
            4         | 2020-08-01
            5         |
            """,
        ),
        Case(
            "Another day",
            "The same period of another day gives another answer: crimes recorded in July are not "
            "those committed in July.",
            "unit: crimes\nfilters: {date: committed_from, period: July 2020}",
            "Crimes: 1",
            """
            crime_ref | recorded_on | committed_from
            1         | 2020-07-05  | 2020-06-30
            2         | 2020-07-31  | 2020-07-31
            3         | 2020-07-31  |
            """,
        ),
        Case(
            "A code",
            "A code counts by the code stored on the crime, in whichever class the crime is.",
            "unit: crimes\nfilters: {offences: 71/17}",
            "Crimes: 2",
            """
            crime_ref | offence_code | offence_class
            1         | 071/17       | 88A
            2         | 071/17       |
            3         | 071/16       | 71
            4         |              | 88A
            """,
        ),
        Case(
            "A class",
            "A class counts by the class stored on the crime, never by the code: 008/77 is in "
            "class 8N, 8S or 8T. Only where no class is stored does the code decide, and only a "
            "code that is in that one class.",
            "unit: crimes\nfilters: {offences: 8N}",
            "Crimes: 2",
            """
            crime_ref | offence_code | offence_class
            1         | 008/77       | 8N
            2         | 008/77       | 8S
            3         | 008/77       |
            4         |              | 8N
            """,
        ),
        Case(
            "A class where none is stored",
            "088/01 is in class 88A and no other.",
            "unit: crimes\nfilters: {offences: 88A}",
            "Crimes: 1",
            """
            crime_ref | offence_code | offence_class
            1         | 088/01       |
            2         | 088/01       | 88C
            3         | 008/77       |
            """,
        ),
        Case(
            "A code that took another's place",
            "088/15 replaced 008/71 on 31 January 2024. A period that reaches back before that day "
            "needs both.",
            "unit: crimes\nfilters: {offences: 88/15, period: 1 January 2024 to 31 March 2024}",
            "Crimes: 2",
            """
            crime_ref | offence_code | recorded_on
            1         | 008/71       | 2024-01-10
            2         | 088/15       | 2024-03-01
            3         | 008/71       | 2023-12-31
            """,
        ),
        Case(
            "A blank is an answer of its own",
            'A flag that was not filled in is "Not recorded", never "No", and can be asked for.',
            "unit: crimes\nfilters: {online_flag: [No, Not recorded]}",
            "Crimes: 2",
            """
            crime_ref | online_flag
            1         | Yes
            2         | No
            3         |
            """,
        ),
        Case(
            "Ages",
            "Both ends of an age filter are included, and a victim of unknown age is not counted.",
            "unit: victims\nfilters: {age: 12-15}\nbreakdowns: [age: [12-13, 14-15]]",
            """
            Victims by age
            Age   | victims
            Total | 2
            12-13 | 1
            14-15 | 1
            """,
            """
            crime_ref
            1
            """,
            """
            crime_ref | age
            1         | 11
            1         | 12
            1         | 15
            1         | 16
            1         |
            """,
        ),
    ),
    "What they are broken down by": (
        Case(
            "Every margin",
            "A table has the total of each row and column, and every category, be it zero. Unknown "
            "ages and blanks have theirs.",
            "unit: victims\nbreakdowns: [age: [11 and under, 12-15, 16 and over], sex]",
            """
            Victims by age and sex
            Age          | Total | Female | Male | Unknown
            Total        | 4     | 2      | 1    | 1
            11 and under | 0     | 0      | 0    | 0
            12-15        | 2     | 1      | 1    | 0
            16 and over  | 1     | 1      | 0    | 0
            Unknown      | 1     | 0      | 0    | 1
            """,
            """
            crime_ref
            1
            """,
            """
            crime_ref | age | sex
            1         | 12  | Female
            1         | 15  | Male
            1         | 16  | Female
            1         |     |
            """,
        ),
        Case(
            "Bands that leave ages out",
            'They are a mistake, unless "Other ages" says where the rest goes.',
            "unit: victims\nbreakdowns: [age: [13-15, Other ages]]",
            """
            Victims by age
            Age        | victims
            Total      | 4
            13-15      | 1
            Other ages | 2
            Unknown    | 1
            """,
            """
            crime_ref
            1
            """,
            """
            crime_ref | age
            1         | 12
            1         | 13
            1         | 16
            1         |
            """,
        ),
        Case(
            "Months",
            "Every month of the period is there. One that is not counted whole says so.",
            "unit: crimes\nfilters: {period: 15 July 2020 to 30 September 2020}\nbreakdowns: "
            "[month: recorded_on]",
            """
            Crimes by month recorded
            Month recorded                           | crimes
            Total                                    | 2
            July 2020 (15 July 2020 to 31 July 2020) | 1
            August 2020                              | 0
            September 2020                           | 1
            """,
            """
            crime_ref | recorded_on
            1         | 2020-07-14
            2         | 2020-07-15
            3         | 2020-09-30
            """,
        ),
        Case(
            "Months of another day",
            "Without a period of that same day, months run from the first to the last one there "
            "is, and days that are not known have a place.",
            "unit: crimes\nbreakdowns: [month: committed_from]",
            """
            Crimes by month committed (first possible day)
            Month committed (first possible day) | crimes
            Total                                | 3
            December 2019                        | 1
            January 2020                         | 0
            February 2020                        | 1
            Unknown                              | 1
            """,
            """
            crime_ref | committed_from
            1         | 2019-12-31
            2         | 2020-02-01
            3         |
            """,
        ),
        Case(
            "Nested parts of the calendar",
            "Coarser parts are subtotals of the finer ones. Quarters are named by their months: Q1 "
            "of a financial year is not Q1 of a calendar year.",
            "unit: crimes\nfilters: {period: 1 January 2021 to 30 June 2021}\n"
            "breakdowns: [financial_year > quarter: recorded_on]",
            """
            Crimes by financial year and quarter recorded
            Financial year and quarter recorded       | crimes
            Total                                     | 3
            2020/21 (1 January 2021 to 31 March 2021) | 1
            January to March 2021                     | 1
            2021/22 (1 April 2021 to 30 June 2021)    | 2
            April to June 2021                        | 2
            """,
            """
            crime_ref | recorded_on
            1         | 2021-03-31
            2         | 2021-04-01
            3         | 2021-06-30
            """,
        ),
        Case(
            "Offence classes with their codes",
            "A code is printed with its class, for a code may be in several. Codes of the class "
            "that no crime has are zeros.",
            "unit: crimes\nfilters: {offences: 88A}\nbreakdowns: [offence_class > offence_code]",
            """
            Crimes by offence class and offence code
            Offence class and offence code | crimes
            Total                          | 3
            88A                            | 2
            88A: 071/17                    | 1
            88A: 088/01                    | 0
            88A: 088/02                    | 0
            88A: Unknown                   | 1
            Unknown                        | 1
            Unknown: 088/01                | 1
            """,
            """
            crime_ref | offence_class | offence_code
            1         | 88A           | 071/17
            2         | 88A           |
            3         |               | 088/01
            4         | 88C           | 088/05
            """,
        ),
        Case(
            "Areas, and a source's own columns",
            "Every value that any crime of the extract has is a category, so that an area without "
            "such crimes is a zero. They are in the order in which people sort them, the unknown "
            "last.",
            "unit: crimes\nfilters: {online_flag: Yes}\nbreakdowns: [area, premises]",
            """
            Crimes by area and premises
            Area    | Total | Hospital | School | Unknown
            Total   | 2     | 1        | 0      | 1
            Ward 2  | 0     | 0        | 0      | 0
            Ward 10 | 1     | 1        | 0      | 0
            Unknown | 1     | 0        | 0      | 1
            """,
            """
            crime_ref | online_flag | area    | premises
            1         | Yes         | Ward 10 | Hospital
            2         | Yes         |         |
            3         | No          | Ward 2  | School
            """,
            own=("premises",),
        ),
        Case(
            "A column that is also filtered",
            "Only what the filter lets through is a category.",
            "unit: crimes\nfilters: {area: [Ward 2, Ward 10]}\nbreakdowns: [area]",
            """
            Crimes by area
            Area    | crimes
            Total   | 3
            Ward 2  | 1
            Ward 10 | 2
            """,
            """
            crime_ref | area
            1         | Ward 10
            2         | Ward 2
            3         | Ward 10
            4         | Ward 3
            5         |
            """,
        ),
    ),
    "Mentions": (
        Case(
            "Keywords in the free text",
            "A record may name several keywords, so that they add up to nothing; it counts once "
            'among "any of '
            'these". What was found as written and what only in another spelling add up, for each '
            "and for any. Zero "
            "is a nil return.",
            "unit: records\nmentions: [WhatsApp, Facebook, Twitter]",
            """
            Records that mention each keyword
            Keyword      | Written in any form | As written | Only in another spelling
            Any of these | 3                   | 2          | 1
            WhatsApp     | 3                   | 1          | 2
            Facebook     | 1                   | 1          | 0
            Twitter      | 0                   | 0          | 0

            Records searched
            Keywords         | crimes
            Records searched | 4
            Any of these     | 3
            None of these    | 1
            """,
            """
            crime_ref
            1
            2
            3
            4
            """,
            mentions=(
                ("1", "WhatsApp", True),
                ("2", "WhatsApp", False),
                ("2", "Facebook", True),
                ("3", "WhatsApp", False),
                ("4", "Kik", True),
                ("9", "WhatsApp", True),
            ),
        ),
    ),
}
