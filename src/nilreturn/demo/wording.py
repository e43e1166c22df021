"""
The free text of a synthetic record: how the crime was reported, how contact was made, what is done
next.

All of it is administrative. No act is described and no person is named.
"""

from __future__ import annotations

from collections.abc import Sequence

from nilreturn.demo.draws import Draws

_REPORTED = (
    "Report received by telephone",
    "Report received on the web form",
    "Report taken at the front counter",
)
_REPORTED_OF_CHILD = (
    *_REPORTED,
    "Referral received from children's services",
    "Referral received from another force",
    "Report made by a parent",
    "Report made by the school's safeguarding lead",
)
_NEXT = (
    "Enquiries ongoing",
    "Statement to be taken",
    "Witness account recorded",
    "CCTV requested",
    "Filed pending new information",
)
_NEXT_OF_CHILD = (
    "Enquiries ongoing",
    "Device booked in for examination",
    "Statement to be taken",
    "Safeguarding referral submitted",
    "Allocated to the investigation team",
    "Digital examination requested",
    "Passed to the offender management unit",
)
_BY_NAME = (
    "Contact made via {}",
    "Messages exchanged on {}",
    "First contact through {}",
    "Messages were received on {}",
    "Contact began on {}",
    "An account on {} was used to send messages",
)
_AND_THEN = ("{}, later on {}", "{} and then {}", "{} and also {}")
_UNNAMED = (
    "Messages received from an unknown account",
    "Contact made by text message",
    "Contact made through an online game",
    "Messages found on a tablet by a family member",
    "Contact made through a website, name not known",
    "Messages received on a mobile phone, application not stated",
    "Contact disclosed during a meeting at school, no details at this stage",
    "Dealt with in line with the force's policy for referrals",
)
_ELSEWHERE = (
    "Attended the address and spoke to the occupant",
    "Entry gained by means unknown",
    "Door had been kicked before officers arrived",
    "Items taken from an unattended bag",
    "Discord between neighbours over parking",
    "No phone signal at the scene, call made from the shop",
    "Snapshot of the footage retained",
    "Victim was waiting in line at the counter",
    "Vehicle left insecure overnight",
    "Suspect known to the victim",
    "Dealt with in line with policy",
    "Property recovered nearby",
)
# As people write them in a hurry. They stand in records of other offences or other dates only: a
# search that finds them and one that does not must give the same figures for the request of the
# demonstration.
_MISSPELT = (
    "Messages received on watsapp",
    "Contact made via snap chatt",
    "Posts seen on instgram",
    "Comments made on facebok",
    "Message sent on whatsap and face book",
)
_SPELT = (
    "Messages received on WhatsApp",
    "Posts seen on Facebook",
    "Comments made on Twitter",
    "Contact made via Kik",
)


def naming(draws: Draws, platforms: Sequence[str]) -> str:
    """Text that names each platform exactly as it is spelt, once or twice."""
    names = draws.shuffled(platforms)
    means = draws.one_of(_AND_THEN).format(*names) if len(names) == 2 else names[0]
    sentences = [draws.one_of(_BY_NAME).format(means)]
    if draws.chance(0.3):
        sentences.append(f"Screenshots of {names[0]} were provided")
    return _of_child(draws, sentences)


def unnamed(draws: Draws) -> str:
    """Text of the same kind of offence that names none of the platforms asked for."""
    return _of_child(draws, [draws.one_of(_UNNAMED)])


def elsewhere(draws: Draws) -> str:
    """
    Text of other offences, with words that look like names of platforms and an occasional misspelt
    name.
    """
    sentences = [draws.one_of(_ELSEWHERE)]
    if draws.chance(0.06):
        sentences.append(draws.one_of(_MISSPELT))
    elif draws.chance(0.06):
        sentences.append(draws.one_of(_SPELT))
    return _typed(draws, (draws.one_of(_REPORTED), *sentences, draws.one_of(_NEXT)))


def misspelt(draws: Draws) -> str:
    """Text of the request's kind of offence with a platform's name misspelt."""
    return _of_child(draws, [draws.one_of(_MISSPELT)])


def _of_child(draws: Draws, sentences: Sequence[str]) -> str:
    return _typed(
        draws, (draws.one_of(_REPORTED_OF_CHILD), *sentences, draws.one_of(_NEXT_OF_CHILD))
    )


def _typed(draws: Draws, sentences: Sequence[str]) -> str:
    text = ". ".join(sentences) + "."
    return text.upper() if draws.chance(0.35) else text
